import { ConfigMap, Deployment, Job, Node, Pod, PodDisruptionBudget, Secret, Service } from "../../kube/kinds.ts";
import type { OperatorKind } from "../../resource/operator-kind.ts";
import { wakeMapped, wakeOwner, wakeSelf, wakeViewed } from "../../runtime/wake-ups.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import { createClusterReconciler } from "./cluster-reconciler.ts";
import { nodeView } from "./node-view.ts";

const ofCluster = ["rook_cluster"] as const;

/** CephCluster, as the operator puts it to work. */
export const clusterKind: Readonly<OperatorKind<CephCluster>> = {
  kind: CephCluster,
  crd: async () => (await import("../../schema/ceph-cluster/crd.ts")).clusterCrd,
  isDependent: false,
  reads: [
    { kind: Pod, labelKeys: ofCluster },
    { kind: Node, everywhere: true },
    { kind: Secret },
    { kind: ConfigMap },
    { kind: Service, labelKeys: ofCluster },
    { kind: Deployment, labelKeys: ofCluster },
    { kind: Job, labelKeys: ofCluster },
    { kind: PodDisruptionBudget },
  ],
  wakeUps: ({ wakeNamespace }) => [
    wakeSelf(CephCluster),
    ...[Secret, ConfigMap, Service, Deployment, Job, PodDisruptionBudget].map((kind) => wakeOwner(kind as typeof Deployment, CephCluster)),
    wakeMapped(Pod, (pod) => {
      const namespace = pod.metadata.labels?.["rook_cluster"];
      if (namespace !== undefined) wakeNamespace(namespace);
      return [];
    }),
    // any node may be of any cluster
    wakeViewed(Node, nodeView, () => {
      wakeNamespace();
      return [];
    }),
  ],
  createReconciler: createClusterReconciler,
  intervalFor: (cluster) => (cluster.status?.phase === "Ready" ? 30_000 : 10_000),
};
