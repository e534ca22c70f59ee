import type { Ceph } from "../../ceph/ceph.ts";
import { isCephError } from "../../ceph/ceph-error.ts";
import { configKeyExists } from "../../ceph/commands/config-key.ts";
import { disableMgrModule, enableMgrModule, mgrModules as listMgrModules } from "../../ceph/commands/mgr.ts";
import { Secret } from "../../kube/kinds.ts";
import { passwordSecret } from "../build/secrets.ts";
import { names } from "../names.ts";
import { blocked, done, notYet, type Outcome, waiting } from "../outcome.ts";
import type { Pass } from "../pass.ts";

const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/** The mgr's modules: Prometheus, the dashboard with its certificate and its admin, and those that the spec names. */
export async function mgrModules(pass: Pass): Promise<Outcome> {
  if (pass.ceph?.status.mgrmap.available !== true) return notYet;
  const { connection } = pass.ceph;
  const { spec } = pass.context;
  const modules = await listMgrModules(connection);
  const enabled = new Set([...modules.enabled_modules, ...modules.always_on_modules]);
  const known = new Set([...enabled, ...modules.disabled_modules.map((module) => module.name)]);
  const wanted = new Map<string, boolean>(spec.mgr.modules.map(({ name, enabled }) => [name, enabled]));
  wanted.set("prometheus", !spec.monitoring.metricsDisabled);
  wanted.set("dashboard", spec.dashboard.enabled);

  const absent: string[] = [];
  for (const [name, on] of wanted) {
    if (on && !known.has(name)) absent.push(name);
    else if (on && !enabled.has(name)) await enableMgrModule(connection, name);
    else if (!on && modules.enabled_modules.includes(name)) await disableMgrModule(connection, name);
  }
  const missing =
    absent.length === 0
      ? undefined
      : blocked(
          "ConfiguringCeph",
          `the image ${spec.image} has no mgr module ${absent.join(", ")}; use an image that has it, or switch it off in the spec`,
        );
  if (!spec.dashboard.enabled || absent.includes("dashboard")) return missing ?? done;
  return missing ?? (await dashboard(pass, connection, enabled.has("dashboard")));
}

async function dashboard(pass: Pass, connection: Ceph, enabled: boolean): Promise<Outcome> {
  const { dashboard: wanted } = pass.context.spec;
  const loading = waiting("StartingMgrs", "Starting mgrs: the dashboard module is loading", 1000);
  if (!enabled) return loading;
  try {
    const { namespace } = pass.context;
    if (wanted.ssl && !(await configKeyExists(connection, "mgr/dashboard/crt")))
      await connection.command({ prefix: "dashboard create-self-signed-cert" }, { target: "mgr", signal: pass.signal });
    const secret = await pass.deps.kube.get(Secret, { namespace, name: names.dashboardPassword });
    const user = await userExists(connection);
    if (secret === undefined || !user) {
      const password = Buffer.from(secret?.data?.["password"] ?? "", "base64").toString() || makePassword(pass.deps.random);
      // Ceph first: a Secret that is there always tells the truth
      if (user)
        await connection.command(
          { prefix: "dashboard ac-user-set-password", username: "admin", force_password: true },
          { target: "mgr", input: password, signal: pass.signal },
        );
      else
        await connection.command(
          { prefix: "dashboard ac-user-create", username: "admin", rolename: "administrator", force_password: true },
          { target: "mgr", input: password, signal: pass.signal },
        );
      await pass.apply(Secret, passwordSecret(pass.context, password));
    }
    const url = pass.ceph?.status.mgrmap.services["dashboard"];
    if (url !== undefined && !new RegExp(`^${wanted.ssl ? "https" : "http"}://[^/]*:${wanted.port}/`).test(url)) {
      // port and TLS are read when the module starts
      await disableMgrModule(connection, "dashboard");
      return loading;
    }
    // it serves by itself from here, having looked for its certificate again, which it does every 5 s
    return done;
  } catch (error) {
    // the mgr knows a module's commands only once it has loaded it
    if (isCephError(error, "EINVAL", "ENOTSUP", "EOPNOTSUPP", "EAGAIN", "EACCES", "EIO", "ENOENT", "timedOut"))
      return waiting("StartingMgrs", `Starting mgrs: the dashboard does not answer yet: ${error.message}`, 1000);
    throw error;
  }
}

async function userExists(connection: Ceph): Promise<boolean> {
  try {
    await connection.command({ prefix: "dashboard ac-user-show", username: "admin" }, { target: "mgr" });
    return true;
  } catch (error) {
    if (isCephError(error, "ENOENT")) return false;
    throw error;
  }
}

/** 20 characters that nobody mistakes for each other. */
function makePassword(random: (bytes: number) => Uint8Array): string {
  return [...random(20)].map((byte) => letters[byte % letters.length]).join("");
}
