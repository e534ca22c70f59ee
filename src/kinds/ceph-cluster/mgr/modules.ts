import type { Ceph } from "../../../ceph/ceph.ts";
import { isCephError } from "../../../ceph/ceph-error.ts";
import { configKeyExists } from "../../../ceph/commands/config-key.ts";
import {
  createDashboardAdmin,
  createDashboardCertificate,
  hasDashboardUser,
  setDashboardPassword,
} from "../../../ceph/commands/dashboard.ts";
import { disableMgrModule, enableMgrModule, mgrModules as listMgrModules } from "../../../ceph/commands/mgr.ts";
import { names } from "../../../daemons/names.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { Secret } from "../../../kube/kinds.ts";
import type { Act } from "../common/act.ts";
import { blocked, done, notYet, type Outcome, waiting } from "../common/outcome.ts";
import type { Versions } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { passwordSecret } from "./build.ts";

const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/** The dashboard's user that the Secret has the password of, as in Rook. */
const adminName = "admin";

/** The mgr's modules: Prometheus, the dashboard with its certificate and its admin, and those that the spec names. */
export async function ensureModules(world: World, act: Act, { versions }: { versions: Versions | undefined }): Promise<Outcome> {
  if (world.ceph?.status.mgrmap.available !== true) return notYet;
  const connection = act.ceph;
  const { spec } = world.context;
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
          `the image ${versions?.image?.image ?? spec.image} has no mgr module ${absent.join(", ")}; use an image that has it, or switch it off in the spec`,
        );
  if (!spec.dashboard.enabled || absent.includes("dashboard")) return missing ?? done;
  return missing ?? (await dashboard(world, act, connection, enabled.has("dashboard")));
}

async function dashboard(world: World, act: Act, connection: Ceph, enabled: boolean): Promise<Outcome> {
  const { dashboard: wanted } = world.context.spec;
  const loading = waiting("StartingMgrs", "Starting mgrs: the dashboard module is loading", 1000);
  if (!enabled) return loading;
  try {
    if (wanted.ssl && !(await configKeyExists(connection, "mgr/dashboard/crt")))
      await createDashboardCertificate(connection, { signal: act.signal });
    if (!(await admin(world, act, connection)))
      return waiting("StartingMgrs", `Starting mgrs: Secret ${names.dashboardPassword} was just made by somebody else`, 500);
    const url = world.ceph?.status.mgrmap.services["dashboard"];
    if (url !== undefined && !new RegExp(`^${wanted.ssl ? "https" : "http"}://[^/]*:${wanted.port}/`).test(url)) {
      // port and TLS are read when the module starts
      await disableMgrModule(connection, "dashboard");
      return loading;
    }
    // it serves by itself from here, having looked for its certificate again, which it does every 5 s
    return done;
  } catch (error) {
    // the mgr knows a module's commands only once it has loaded it
    if (isCephError(error, "EINVAL", "ENOTSUP", "EOPNOTSUPP", "EAGAIN", "EACCES", "EIO", "EEXIST", "ENOENT", "timedOut"))
      return waiting("StartingMgrs", `Starting mgrs: the dashboard does not answer yet: ${error.message}`, 1000);
    throw error;
  }
}

/** The dashboard's admin, and the Secret that says its password; false where somebody else is at it. */
async function admin(world: World, act: Act, connection: Ceph): Promise<boolean> {
  const key = { namespace: world.context.namespace, name: names.dashboardPassword };
  const exists = await hasDashboardUser(connection, adminName);
  if (exists && (await act.kube.get(Secret, key)) !== undefined) return true;
  // a password is given anew only where the Secret is truly gone
  const secret = await act.live.get(Secret, key);
  const kept = Buffer.from(secret?.data?.["password"] ?? "", "base64").toString();
  if (exists && kept !== "") return true;
  const password = kept || makePassword(act.random);
  const { signal } = act;
  const wanted = passwordSecret(world.context, password);
  const save = async () =>
    secret === undefined ? createOnce(() => act.kube.create(Secret, wanted)) : (await act.apply(Secret, wanted)) !== undefined;
  if (exists) {
    // whoever has it now keeps it until the new one holds: a Secret that is there always tells the truth
    await setDashboardPassword(connection, adminName, password, { signal });
    if (await save()) return true;
    const theirs = await act.live.get(Secret, key);
    await setDashboardPassword(connection, adminName, Buffer.from(theirs?.data?.["password"] ?? "", "base64").toString(), { signal });
    return true;
  }
  // written down before anybody has it, so that one who is stopped in between goes on with the same
  if (kept === "" && !(await save())) return false;
  await createDashboardAdmin(connection, adminName, password, { signal });
  return true;
}

/** 20 characters that nobody mistakes for each other. */
function makePassword(random: (bytes: number) => Uint8Array): string {
  return [...random(20)].map((byte) => letters[byte % letters.length]).join("");
}
