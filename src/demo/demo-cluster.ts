import type { CephCluster } from "../schema/ceph-cluster.ts";

export const demoKey = { namespace: "rook-ceph", name: "rook-ceph" } as const;

/** What the demo's cluster is upgraded from, and to. */
export const demoImages = { old: "quay.io/ceph/ceph:v18.2.7", new: "quay.io/ceph/ceph:v20.2.4" } as const;

/** The CephCluster that the demo makes: as large as its nodes allow. */
export function demoCluster(nodes: number, image: string): CephCluster {
  return {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephCluster",
    metadata: demoKey,
    spec: {
      cephVersion: { image },
      dataDirHostPath: "/var/lib/rook",
      mon: { count: nodes >= 5 ? 5 : nodes >= 3 ? 3 : 1 },
      mgr: { count: nodes >= 2 ? 2 : 1 },
      dashboard: { enabled: true, ssl: true },
      disruptionManagement: { managePodBudgets: true },
      storage: { useAllNodes: true, useAllDevices: true },
    },
  };
}
