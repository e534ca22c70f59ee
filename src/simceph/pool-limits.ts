import { refuse, type SimCall } from "./sim-command.ts";
import { globalSetting, type SimState } from "./sim-state.ts";

/** Ceph's defaults of `mon_max_pool_pg_num` and `mon_max_pg_per_osd`. */
const mostOfPool = 65_536;
const mostOfOsd = 250;

/** Refuses a number of PGs that is none, or that the OSDs are too few for. `instead`: the pool that gets it, where it is there already. */
export function checkPgNum(call: SimCall, pgNum: number, size: number, instead?: { readonly pool: number }): void {
  const { state } = call;
  if (pgNum < 1 || pgNum > mostOfPool)
    throw refuse(call, "ERANGE", `'pg_num' must be greater than 0 and less than or equal to ${mostOfPool}`);
  const most = Number(globalSetting(state, "mon_max_pg_per_osd", ["mon"]) ?? mostOfOsd);
  const others = state.pools.filter(({ pool }) => pool !== instead?.pool).reduce((sum, pool) => sum + pool.pg_num_target * pool.size, 0);
  const each = (others + pgNum * size) / osdsCounted(state);
  if (each > most)
    throw refuse(
      call,
      "ERANGE",
      `pg_num ${pgNum} size ${size} for this pool would result in ${Math.floor(each)} cumulative PGs per OSD which exceeds the mon_max_pg_per_osd value of ${most}`,
    );
}

/** As if there were three at least. */
function osdsCounted(state: SimState): number {
  return Math.max(3, [...state.osds.values()].filter((osd) => osd.in).length);
}
