import { ConfigMap, Deployment, Job, Node, Pod, PodDisruptionBudget, Secret, Service } from "../../kube/kinds.ts";
import { createReconciler } from "../../resource/create-reconciler.ts";
import type { ManagedKind } from "../../resource/managed-kind.ts";
import type { OperatorKind } from "../../resource/operator-kind.ts";
import { wakeMapped, wakeOwner, wakeSelf, wakeViewed } from "../../runtime/wake-ups.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import { withDefaults } from "../../schema/defaults.ts";
import { unsupportedFields } from "../../schema/unsupported.ts";
import { updatedTypes } from "./common/daemon-types.ts";
import { clusterEvents, clusterReasons, deletionReasons } from "./common/reasons.ts";
import { nodeView } from "./node-view.ts";
import { clusterTraits } from "./traits.ts";
import { workOnCluster } from "./work.ts";

const ofCluster = ["rook_cluster"] as const;

/** CephCluster, as the frame of all kinds works on it. */
const managedCluster: Readonly<ManagedKind<CephCluster>> = {
  kind: CephCluster,
  traits: clusterTraits,
  withoutEffect: ({ spec }) => unsupportedFields(spec),
  work: workOnCluster,
  gone: async ({ kube, connector }, { namespace }) => {
    // not awaited: a call into a cluster that is gone returns late
    if ((await kube.list(CephCluster, { namespace })).length === 0) void connector.release(namespace);
  },
};

/** CephCluster, as the operator puts it to work. */
export const clusterKind: Readonly<OperatorKind<CephCluster>> = {
  kind: CephCluster,
  about:
    "A Ceph cluster: mons, mgrs, OSDs and what they need. While it is being deleted it has the conditions `Deleting` and `DeletionIsBlocked` too; blocked, it is kept alive, and `Ready` and `Progressing` say how it is.",
  reasons: { ...clusterReasons, ...deletionReasons },
  events: clusterEvents,
  crd: async () => (await import("../../schema/ceph-cluster/crd.ts")).clusterCrd,
  isDependent: false,
  daemonTypes: updatedTypes,
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
  createReconciler: (deps) => createReconciler(managedCluster, deps),
  intervalFor: ({ spec, status }) => {
    const { statusIntervalMs: often } = withDefaults(spec).healthCheck;
    return status?.phase === "Ready" ? often : Math.min(often, 10_000);
  },
};
