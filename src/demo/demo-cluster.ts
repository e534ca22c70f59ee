import type { CephCluster } from "../api/ceph-cluster.ts";

/** The CephCluster that the demo makes: as large as its nodes allow. */
export function demoCluster(nodes: number): CephCluster {
  return {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephCluster",
    metadata: { name: "rook-ceph", namespace: "rook-ceph" },
    spec: {
      cephVersion: { image: "quay.io/ceph/ceph:v20.2.4" },
      dataDirHostPath: "/var/lib/rook",
      mon: { count: nodes >= 5 ? 5 : nodes >= 3 ? 3 : 1 },
      mgr: { count: nodes >= 2 ? 2 : 1 },
      dashboard: { enabled: true, ssl: true },
      disruptionManagement: { managePodBudgets: true },
      storage: { useAllNodes: true, useAllDevices: true },
    },
  };
}
