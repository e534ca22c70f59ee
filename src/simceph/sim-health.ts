import type { HealthCheck, HealthReport, HealthStatus } from "../ceph/commands/health.ts";
import { isDegraded, standbysFor } from "./mds.ts";
import { pgStates } from "./placement-groups.ts";
import { globalSetting, type SimHealthCheck, type SimState } from "./sim-state.ts";

/** `ceph health` of a simulated cluster; with `detail`, each check's details too. */
export function healthOf(state: SimState, detail: boolean): HealthReport {
  const checks: Record<string, HealthCheck> = {};
  for (const [code, check] of [...ownChecks(state), ...state.extraChecks]) {
    checks[code] = {
      severity: check.severity,
      summary: { message: check.message, count: check.count ?? 1 },
      ...(detail ? { detail: (check.detail ?? [check.message]).map((message) => ({ message })) } : {}),
      muted: state.mutes.has(code),
    };
  }
  const severities = Object.values(checks).flatMap(({ severity, muted }) => (muted ? [] : [severity]));
  const status: HealthStatus = severities.includes("HEALTH_ERR") ? "HEALTH_ERR" : severities.length > 0 ? "HEALTH_WARN" : "HEALTH_OK";
  const mutes = [...state.mutes].map(([code, { sticky, ttl }]) => ({
    code,
    ...(ttl === undefined ? {} : { ttl }),
    sticky,
    summary: checks[code]?.summary.message ?? "",
    count: checks[code]?.summary.count ?? 0,
  }));
  return { status, checks, mutes };
}

function ownChecks(state: SimState): [string, SimHealthCheck][] {
  const found: [string, SimHealthCheck][] = [];
  const warn = (code: string, message: string, count = 1) => found.push([code, { severity: "HEALTH_WARN", message, count }]);
  const osds = [...state.osds.values()];
  if (globalSetting(state, "auth_allow_insecure_global_id_reclaim", ["mon"]) !== "false")
    warn("AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED", "mons are allowing insecure global_id reclaim");
  const downMons = state.mons.length - state.quorum.length;
  if (downMons > 0) warn("MON_DOWN", `${downMons}/${state.mons.length} mons down, quorum ${state.quorum.join(",")}`, downMons);
  if (state.mgrs.length === 0) warn("MGR_DOWN", "no active mgr");
  const downOsds = osds.filter((osd) => osd.in && !osd.up).length;
  if (downOsds > 0) warn("OSD_DOWN", `${downOsds} osds down`, downOsds);
  const size = Number(globalSetting(state, "osd_pool_default_size", ["mon"]) ?? 3);
  if (osds.length < size) warn("TOO_FEW_OSDS", `OSD count ${osds.length} < osd_pool_default_size ${size}`, size - osds.length);
  if (state.osdFlags.size > 0) warn("OSDMAP_FLAGS", `${[...state.osdFlags].join(",")} flag(s) set`, state.osdFlags.size);
  if (state.crushNodeFlags.size > 0)
    warn(
      "OSD_FLAGS",
      `${state.crushNodeFlags.size} OSDs or CRUSH {nodes, device-classes} have {NOUP,NODOWN,NOIN,NOOUT} flags set`,
      state.crushNodeFlags.size,
    );
  for (const { state_name, count } of pgStates(state)) {
    if (!state_name.includes("active")) warn("PG_AVAILABILITY", `Reduced data availability: ${count} pg inactive`, count);
    else if (state_name !== "active+clean") warn("PG_DEGRADED", `Degraded data redundancy: ${count} pg undersized`, count);
  }
  for (const filesystem of state.fsMap.filesystems.values()) {
    const { name, ranks, maxMds, standbyCountWanted } = filesystem;
    const serving = state.fsMap.mdss.filter((mds) => mds.filesystem === name && mds.rank >= 0 && mds.state !== "standby-replay").length;
    const standbys = standbysFor(state, filesystem).length;
    if (serving === 0) found.push(["MDS_ALL_DOWN", { severity: "HEALTH_ERR", message: "1 filesystem is offline" }]);
    else if (serving < maxMds) warn("MDS_UP_LESS_THAN_MAX", "1 filesystem is online with fewer MDS than max_mds");
    if (ranks.size > 0 && isDegraded(state, filesystem)) warn("FS_DEGRADED", "1 filesystem is degraded");
    if (standbys < (standbyCountWanted ?? 0)) warn("MDS_INSUFFICIENT_STANDBY", "insufficient standby MDS daemons available");
  }
  return found;
}
