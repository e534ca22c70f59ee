import type { PoolDetail } from "../../ceph/commands/pool.ts";
import { globalSetting, type SimState } from "./sim-state.ts";

/** The pool that the first active mgr makes for itself once an OSD is up; undefined where it is not due, or there already. */
export function mgrPool(state: SimState): PoolDetail | undefined {
  const isDue = state.mgrs.length > 0 && [...state.osds.values()].some((osd) => osd.up && osd.in);
  if (!isDue || state.pools.some(({ pool_name }) => pool_name === ".mgr")) return undefined;
  const size = Number(globalSetting(state, "osd_pool_default_size", ["mon"]) ?? 3);
  return {
    pool: 1,
    pool_name: ".mgr",
    type: 1,
    size,
    min_size: Math.max(1, size - Math.floor(size / 2)),
    crush_rule: 0,
    pg_num: 1,
    pg_num_target: 1,
    pg_autoscale_mode: "on",
    erasure_code_profile: "",
    application_metadata: { mgr: {} },
  };
}
