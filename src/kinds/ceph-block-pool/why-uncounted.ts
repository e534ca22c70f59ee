import type { Ceph } from "../../ceph/ceph.ts";
import type { CephStatus } from "../../ceph/commands/cluster.ts";
import { inactivePgs } from "../../ceph/commands/pg.ts";
import type { PoolDetail, PoolUsage } from "../../ceph/commands/pool.ts";
import { hasFlag } from "../../pools/plan-settings.ts";

/**
 * Why the mgr's numbers of a pool may lack objects; undefined where they lack none but those of the last seconds. A mgr that has just begun
 * knows nothing of a PG that no OSD tells of.
 */
export async function whyUncounted(
  { ceph, status }: { readonly ceph: Ceph; readonly status: CephStatus },
  pool: PoolDetail,
  usage: PoolUsage | undefined,
): Promise<string | undefined> {
  if (!status.mgrmap.available) return "no mgr is active";
  if (usage === undefined) return "the mgr has no numbers of the pool";
  // a PG that is still to be made has nothing in it
  if (hasFlag(pool, "creating") || status.pgmap.pgs_by_state.every(({ state_name }) => state_name.includes("active"))) return undefined;
  // of one that has peered, its primary knows all, and tells it
  const dark = (await inactivePgs(ceph, 0)).filter(({ pgid, state }) => pgid.startsWith(`${usage.id}.`) && !state.includes("peered"));
  const [first] = dark;
  return first === undefined
    ? undefined
    : `${dark.length} of ${pool.pg_num} placement groups are inactive, such as ${first.pgid} (${first.state})`;
}
