import { monVersion, refuse, type SimHandlers, text } from "./sim-command.ts";
import { releaseName, type SimState, stamp } from "./sim-state.ts";

const alwaysOn: readonly string[] = [
  "balancer",
  "crash",
  "devicehealth",
  "orchestrator",
  "pg_autoscaler",
  "progress",
  "rbd_support",
  "status",
  "telemetry",
  "volumes",
];
const others: readonly string[] = [
  "alerts",
  "dashboard",
  "diskprediction_local",
  "influx",
  "insights",
  "iostat",
  "k8sevents",
  "localpool",
  "mds_autoscaler",
  "mirroring",
  "nfs",
  "osd_perf_query",
  "osd_support",
  "prometheus",
  "rgw",
  "rook",
  "selftest",
  "snap_schedule",
  "stats",
  "telegraf",
  "test_orchestrator",
  "zabbix",
];

/** The mgr map and its modules. */
export const mgrHandlers: Readonly<SimHandlers> = {
  "mgr stat": ({ state }) => ({
    epoch: state.mgrEpoch,
    available: state.mgrs.length > 0,
    active_name: state.mgrs[0]?.name ?? "",
    num_standby: Math.max(0, state.mgrs.length - 1),
  }),
  "mgr dump": ({ state }) => ({
    epoch: state.mgrEpoch,
    available: state.mgrs.length > 0,
    active_name: state.mgrs[0]?.name ?? "",
    active_addrs: { addrvec: [] },
    active_change: stamp(state.mgrActiveSince),
    standbys: state.mgrs.slice(1).map(({ name }, index) => ({ gid: 4100 + index, name })),
    modules: [...state.mgrModules].sort(),
    services: services(state),
  }),
  "mgr module ls": ({ state, version }) => ({
    always_on_modules: alwaysOn,
    ...(releaseName(version) === "reef" ? {} : { force_disabled_modules: [] }),
    enabled_modules: [...state.mgrModules].sort(),
    disabled_modules: others
      .filter((name) => !state.mgrModules.has(name))
      .map((name) => ({ name, can_run: true, error_string: "", module_options: {} })),
  }),
  "mgr services": ({ state }) => services(state),
  "mgr module enable": (call) => {
    const { state } = call;
    const module = text(call, "module");
    if (alwaysOn.includes(module) || state.mgrModules.has(module)) return "";
    if (!others.includes(module) && call.command["force"] !== true)
      throw refuse(call, "ENOENT", `all mgr daemons do not support module '${module}', pass --force to force enablement`);
    state.mgrModules.add(module);
    state.mgrEpoch++;
    return "";
  },
  "mgr module disable": (call) => {
    const { state } = call;
    const module = text(call, "module");
    if (alwaysOn.includes(module))
      throw refuse(
        call,
        Number.parseInt(monVersion(call), 10) < 19 ? "EINVAL" : "EPERM",
        `module '${module}' cannot be disabled (always-on)`,
      );
    if (state.mgrModules.delete(module)) state.mgrEpoch++;
    return "";
  },
};

function services(state: SimState): Record<string, string> {
  const active = state.mgrs[0]?.name;
  if (active === undefined) return {};
  return {
    ...(state.mgrModules.has("dashboard") ? { dashboard: `https://mgr-${active}:8443/` } : {}),
    ...(state.mgrModules.has("prometheus") ? { prometheus: `http://mgr-${active}:9283/` } : {}),
  };
}
