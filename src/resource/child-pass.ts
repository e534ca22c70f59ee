import type { Ceph } from "../ceph/ceph.ts";
import type { CephStatus } from "../ceph/commands/cluster.ts";
import type { Kind, KubeObject, OwnerReference } from "../kube/object.ts";
import type { EventNote } from "../runtime/event-recorder.ts";
import type { CephCluster } from "../schema/ceph-cluster.ts";
import type { OperatorDependencies } from "./dependencies.ts";
import type { ManagedObject } from "./managed-kind.ts";

/** One pass over one object in a Ceph cluster. Made anew for each pass and thrown away after it. */
export interface ChildPass<T extends ManagedObject> {
  /** Its `kube` writes nothing for an object that is no more; see `guarded`. */
  readonly deps: OperatorDependencies;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970, read once. */
  readonly now: number;
  readonly object: T;
  readonly namespace: string;
  readonly name: string;
  /** Refers to the object, for what goes with it. */
  readonly owner: OwnerReference;
  /** The CephCluster of the namespace. */
  readonly cluster: CephCluster;
  /** Changes nothing for an object that is no more; see `guarded`. */
  readonly ceph: Ceph;
  /** What `ceph status` said at the start of the pass. */
  readonly status: CephStatus;
  /** Events to be told with the pass's status. */
  readonly notes: EventNote[];
  /** Makes a Kubernetes object so, where it is not. */
  readonly apply: <O extends KubeObject>(kind: Kind<O>, object: O) => Promise<O>;
}
