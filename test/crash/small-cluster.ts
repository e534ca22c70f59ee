import type { CephCluster, CephClusterSpec } from "../../src/schema/ceph-cluster.ts";
import { clusterOf } from "./crash-world.ts";

/** A cluster of one mon, one mgr, and whatever OSDs its nodes have, so that plans are few and cheap. */
export function smallCluster(spec: CephClusterSpec = {}): CephCluster {
  return clusterOf({
    mon: { count: 1 },
    mgr: { count: 1 },
    dashboard: { enabled: false },
    crashCollector: { disable: true },
    disruptionManagement: { managePodBudgets: false },
    ...spec,
  });
}
