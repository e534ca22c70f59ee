import type { Ceph } from "../../ceph/ceph.ts";
import { type PoolDetail, poolDetails } from "../../ceph/commands/pool.ts";
import { otherService } from "../../pools/plan-settings.ts";
import { removePool } from "../../pools/remove-pool.ts";
import type { Dependents } from "../../resource/child-kind.ts";
import type { ChildPass } from "../../resource/child-pass.ts";
import { isForced } from "../../resource/is-forced.ts";
import type { StepOutcome } from "../../resource/outcome.ts";
import { applicationOf, CephBlockPool, poolNameOf } from "./ceph-block-pool.ts";
import { poolContents } from "./pool-contents.ts";
import { rbdStats } from "./rbd-stats.ts";

type Pass = ChildPass<CephBlockPool>;

/** The pool that a mgr keeps its own data in: it would be made again at once. */
const mgrPool = ".mgr";

/** What is in the pool that somebody could miss. */
export async function blockPoolDependents(pass: Pass): Promise<readonly Dependents[]> {
  const { ceph, object } = pass;
  if (isForced(object)) return [];
  const pool = await poolIn(ceph, object);
  return pool === undefined || (await isKept(pass, pool)) ? [] : poolContents(pass, pool);
}

/** Removes the pool with its rule and its profile, unless it outlives the object. */
export async function removeBlockPool(pass: Pass): Promise<StepOutcome<string>> {
  const { ceph, object } = pass;
  const stats = await rbdStats(pass);
  if (stats.state !== "done" || (await isKept(pass, await poolIn(ceph, object)))) return stats;
  return removePool(ceph, poolNameOf(object));
}

/** Whether the pool outlives the object: the mgr's own, a file system's or object store's, or one that another CephBlockPool is about. */
async function isKept({ deps, object, namespace }: Pass, pool: PoolDetail | undefined): Promise<boolean> {
  const name = poolNameOf(object);
  if (name === mgrPool || (pool !== undefined && otherService(pool, applicationOf(object)) !== undefined)) return true;
  return (await deps.live.list(CephBlockPool, { namespace })).some(
    (other) => other.metadata.uid !== object.metadata.uid && poolNameOf(other) === name && other.metadata.deletionTimestamp === undefined,
  );
}

async function poolIn(ceph: Ceph, object: CephBlockPool): Promise<PoolDetail | undefined> {
  return (await poolDetails(ceph)).find(({ pool_name }) => pool_name === poolNameOf(object));
}
