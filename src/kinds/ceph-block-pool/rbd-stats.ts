import { configDump, configRemove, configSet } from "../../ceph/commands/config.ts";
import type { ChildPass } from "../../resource/child-pass.ts";
import { done, type StepOutcome, waiting } from "../../resource/outcome.ts";
import { CephBlockPool, poolNameOf } from "./ceph-block-pool.ts";

/** The mgr's option: pools, with commas between, of whose images Prometheus hears. */
const option = "mgr/prometheus/rbd_stats_pools";

/**
 * Brings the one option that all pools share to what the CephBlockPools of the namespace ask for. What others wrote there of other pools
 * stays, and so does an option that the CephCluster's cephConfig sets.
 */
export async function rbdStats({
  ceph,
  cluster,
  deps,
  namespace,
  status,
}: ChildPass<CephBlockPool>): Promise<StepOutcome<"ConfiguringStats">> {
  if (cluster.spec.cephConfig?.["mgr"]?.[option] !== undefined) return done;
  const current = (await configDump(ceph)).find(({ section, name, mask }) => section === "mgr" && name === option && mask === "")?.value;
  const said = current?.split(",").map((name) => name.trim()) ?? [];
  if (sameNames(said, wantedNames(said, await deps.kube.list(CephBlockPool, { namespace })))) return done;
  // it is about other objects too, which the cache may not know yet
  const wanted = wantedNames(said, await deps.live.list(CephBlockPool, { namespace }));
  if (sameNames(said, wanted)) return done;
  if (wanted.length === 0) await configRemove(ceph, "mgr", option);
  else if (status.mgrmap.available) await configSet(ceph, "mgr", option, wanted.join(","));
  // the mons learn from the active mgr which options its modules have
  else return waiting("ConfiguringStats", "No mgr is active: enableRBDStats takes effect when one is", 5000);
  return done;
}

/** Pools whose images are to be heard of: those that the objects ask for, and those that no object is about. */
export function wantedNames(said: readonly string[], pools: readonly CephBlockPool[]): string[] {
  const known = new Set(pools.map(poolNameOf));
  const asked = pools
    .filter(({ spec, metadata }) => spec.enableRBDStats === true && metadata.deletionTimestamp === undefined)
    .map(poolNameOf);
  return [...new Set([...said.filter((name) => name !== "" && !known.has(name)), ...asked])].sort();
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join() === right.join();
}
