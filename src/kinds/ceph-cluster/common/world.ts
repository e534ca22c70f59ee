import type { CephStatus, CephVersions } from "../../../ceph/commands/cluster.ts";
import type { Warnings } from "../../../daemons/diagnosis/warnings.ts";
import type { BuildContext } from "../../../daemons/pod/context.ts";
import type { Deployment, Job, Node, Pod } from "../../../kube/kinds.ts";
import type { CephCluster } from "../../../schema/ceph-cluster.ts";

/** What a pass over one CephCluster sees: the state of its objects and of Ceph at one moment. No step changes it. */
export interface World {
  /** Milliseconds since 1970, read once. */
  readonly now: number;
  readonly cluster: CephCluster;
  readonly context: BuildContext;
  /** Objects of this cluster, by the label `rook_cluster`; and every node. */
  readonly pods: readonly Pod[];
  readonly deployments: readonly Deployment[];
  readonly jobs: readonly Job[];
  readonly nodes: readonly Node[];
  /** What Kubernetes told about objects that do not come along and whose status does not say why. */
  readonly warnings: Warnings;
  /** Daemons (`mon.a`, `osd.3`), and Deployments that are no daemon's, that a user wants to be left alone. */
  readonly leftAlone: ReadonlySet<string>;
  /** A setting of the operator: milliseconds after which a node's devices are looked at again; 0: never for their age. */
  readonly deviceIntervalMs: number;
  /** While Ceph answers: what `ceph status` and `ceph versions` said; the second may have got no answer. */
  readonly ceph?: CephSeen;
}

/** What Ceph said of itself. */
export interface CephSeen {
  readonly status: CephStatus;
  readonly versions?: CephVersions;
}
