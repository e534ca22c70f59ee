import { CephBlockPool, poolNameOf } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { sizeOf } from "../../src/pools/pool-spec.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";

/** Watches that no pool goes with images in it unless that is forced, and that no pool is called Ready that is not as asked. */
export function watchPools(sim: SimCluster, say: (violation: string) => void): void {
  sim.ceph.intercept(({ prefix, pool: name }, when) => {
    if (prefix !== "osd pool delete" || when !== "before") return;
    const state = sim.ceph.state();
    const pool = state?.pools.find(({ pool_name }) => pool_name === name);
    if (pool === undefined) return;
    if ((state?.objects.get(pool.pool)?.get("rbd_directory") ?? []).length > 0) say(`pool ${pool.pool_name} is deleted with images in it`);
    if (Object.keys(pool.application_metadata).some((app) => app === "mgr")) say(`pool ${pool.pool_name} is deleted, which is a mgr's`);
  });
  sim.store.subscribe((resource, { type, object, before }) => {
    if (resource.kind !== CephBlockPool.kind || type === "deleted") return;
    const [now, was] = [object, before].map((each) => each as unknown as CephBlockPool | undefined);
    if (now === undefined || readyOf(now) !== "True" || readyOf(was) === "True") return;
    // a spec that has just changed has not been seen yet
    if (now.status?.observedGeneration !== now.metadata.generation) return;
    const pool = sim.ceph.state()?.pools.find(({ pool_name }) => pool_name === poolNameOf(now));
    if (pool === undefined) say(`CephBlockPool ${now.metadata.name ?? ""} is Ready without a pool`);
    else if (pool.size !== sizeOf(now.spec)) say(`CephBlockPool ${now.metadata.name ?? ""} is Ready with ${pool.size} copies`);
    else if (pool.flags_names.includes("creating")) say(`CephBlockPool ${now.metadata.name ?? ""} is Ready while its pool is being made`);
  });
}

function readyOf(pool: CephBlockPool | undefined): string | undefined {
  return pool?.status?.conditions?.find(({ type }) => type === "Ready")?.status;
}
