import { smallestSize } from "./sim-pools.ts";
import { globalSetting, type SimPool, type SimState, stamp } from "./sim-state.ts";

/** The pool that the first active mgr makes for itself once an OSD is up; undefined where it is not due, or there already. */
export function mgrPool(state: SimState, now: number): SimPool | undefined {
  const isDue = state.mgrs.length > 0 && [...state.osds.values()].some((osd) => osd.up && osd.in);
  if (!isDue || state.pools.some(({ pool_name }) => pool_name === ".mgr")) return undefined;
  const size = Number(globalSetting(state, "osd_pool_default_size", ["mon"]) ?? 3);
  return {
    pool: state.poolMax + 1,
    pool_name: ".mgr",
    create_time: stamp(now),
    flags_names: "hashpspool",
    type: 1,
    size,
    min_size: smallestSize(size),
    crush_rule: 0,
    pg_num: 1,
    pg_num_target: 1,
    pg_placement_num_target: 1,
    pg_autoscale_mode: "on",
    quota_max_bytes: 0,
    quota_max_objects: 0,
    erasure_code_profile: "",
    options: { pg_num_max: 32, pg_num_min: 1 },
    application_metadata: { mgr: {} },
  };
}
