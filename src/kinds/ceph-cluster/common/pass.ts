import type { Ceph } from "../../../ceph/ceph.ts";
import type { CephStatus, CephVersions } from "../../../ceph/commands/cluster.ts";
import type { Warnings } from "../../../daemons/diagnosis/warnings.ts";
import { type ClusterIdentity } from "../../../daemons/identity.ts";
import type { CephImage } from "../../../daemons/image/daemon-images.ts";
import type { VersionPlan } from "../../../daemons/image/plan-versions.ts";
import type { BuildContext, DaemonContext } from "../../../daemons/pod/context.ts";
import type { Deployment, Job, Node, Pod } from "../../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../../kube/object.ts";
import type { CephCluster } from "../../../schema/ceph-cluster.ts";
import type { Deletion } from "./deletion.ts";
import type { ClusterDependencies } from "./dependencies.ts";
import type { PlacedMon } from "./placed-mon.ts";
import type { ClusterEvent } from "./reasons.ts";

/**
 * One pass over one CephCluster: what was seen at its start, and what its steps have found so far. It is made anew for each
 * pass and thrown away after it.
 */
export interface Pass {
  readonly deps: ClusterDependencies;
  readonly signal: AbortSignal;
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
  /** Daemons (`mon.a`, `osd.3`), and Deployments that are no daemon's, that somebody has asked to be left alone. */
  readonly leftAlone: ReadonlySet<string>;

  /** Set by the step version: the image that all daemons are to run in the end, or, where the wanted one cannot be, the one they run. */
  version?: FoundVersion;
  /** Set by the step version: which Ceph each daemon is to run. */
  versions?: VersionPlan;
  /** Set by the step identity. */
  identity?: ClusterIdentity;
  /** Set by the step mons: every mon with its place. */
  mons?: readonly PlacedMon[];
  /** Set while Ceph answers: the connection, and what `ceph status` and `ceph versions` said; the second may have got no answer. */
  ceph?: { readonly connection: Ceph; readonly status: CephStatus; readonly versions?: CephVersions };
  /** OSDs as the step osds saw them, for the status. */
  osds?: { readonly wanted: number; readonly up: number };
  /** Where it is being deleted: how far that is. */
  deletion?: Deletion;
  /** Milliseconds after which to look again, for what got no answer and holds up no step. */
  readonly rechecks: number[];
  /** Events to be told with this pass's status. */
  readonly notes: ClusterEvent[];
  /** Said behind the sentence when all is done. */
  readonly remarks: string[];
  /** Makes `object` so, where it is not; and says whether anything had to be written. */
  readonly apply: <T extends KubeObject>(kind: Kind<T>, object: T) => Promise<T>;
}

export interface FoundVersion extends CephImage {
  /** Whether the image has `ceph-crash`; undefined where only the version is known. */
  readonly hasCrash: boolean | undefined;
}

/** The context for daemons; undefined until version and identity are known. */
export function daemonContext(pass: Pass): DaemonContext | undefined {
  if (pass.version === undefined || pass.identity === undefined) return undefined;
  return { ...pass.context, fsid: pass.identity.fsid };
}
