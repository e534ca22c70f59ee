import type { CephCluster } from "../api/ceph-cluster.ts";
import type { Ceph } from "../ceph/ceph.ts";
import type { CephVersion } from "../ceph/ceph-version.ts";
import type { CephStatus } from "../ceph/commands/cluster.ts";
import type { Deployment, Job, Node, Pod } from "../kube/kinds.ts";
import type { Kind, KubeObject } from "../kube/object.ts";
import type { EventNote } from "../runtime/event-recorder.ts";
import type { BuildContext, DaemonContext } from "./build/context.ts";
import type { PlacedMon } from "./build/mons.ts";
import type { ClusterIdentity } from "./build/secrets.ts";
import type { ClusterDependencies } from "./dependencies.ts";

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
  /** Daemons (`mon.a`, `osd.3`) that somebody has asked to be left alone. */
  readonly leftAlone: ReadonlySet<string>;

  /** Set by the step version. */
  version?: FoundVersion;
  /** Set by the step identity. */
  identity?: ClusterIdentity;
  /** Set by the step mons: every mon with its place. */
  mons?: readonly PlacedMon[];
  /** Set while Ceph answers: the connection, and what `ceph status` said. */
  ceph?: { readonly connection: Ceph; readonly status: CephStatus };
  /** OSDs as the step osds saw them, for the status. */
  osds?: { readonly wanted: number; readonly up: number };
  /** Events to be told with this pass's status. */
  readonly notes: EventNote[];
  /** Makes `object` so, where it is not; and says whether anything had to be written. */
  readonly apply: <T extends KubeObject>(kind: Kind<T>, object: T) => Promise<T>;
}

export interface FoundVersion {
  readonly version: CephVersion;
  /** As in labels: 20.2.4-0. */
  readonly label: string;
  /** Whether the image has `ceph-crash`; undefined where only the version is known. */
  readonly hasCrash: boolean | undefined;
}

/** The context for daemons; undefined until version and identity are known. */
export function daemonContext(pass: Pass): DaemonContext | undefined {
  if (pass.version === undefined || pass.identity === undefined) return undefined;
  return { ...pass.context, fsid: pass.identity.fsid, cephVersion: pass.version.label };
}
