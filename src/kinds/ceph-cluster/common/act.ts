import type { Ceph } from "../../../ceph/ceph.ts";
import type { Kube, KubeReader } from "../../../kube/kube.ts";
import type { Logger } from "../../../kube/logger.ts";
import type { Kind, KubeObject } from "../../../kube/object.ts";
import type { CephCluster } from "../../../schema/ceph-cluster.ts";
import type { ClusterEvent } from "./reasons.ts";

/** All with which a pass over one CephCluster reaches out. */
export interface Act {
  readonly signal: AbortSignal;
  /** Reads from the cache; changes nothing for a CephCluster that is gone, see `guarded`. */
  readonly kube: Kube;
  /** Reads past the cache. */
  readonly live: KubeReader;
  /** Changes nothing for a CephCluster that is gone. Whoever asks has seen in the world that Ceph answers. */
  readonly ceph: Ceph;
  readonly log: Logger;
  /** Writes an event about the CephCluster at once: for a CephCluster that this pass lets go. Other events go with the status of the pass. */
  readonly tell: (note: ClusterEvent) => void;
  /** So many random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  /** Lets the CephCluster go, last of all; `latest` is it as it was read last. */
  readonly release: (latest: CephCluster) => Promise<void>;
  /** Makes `object` so, where it is not, and logs it; a Deployment that a user wants to be left alone stays as it is. */
  readonly apply: <T extends KubeObject>(kind: Kind<T>, object: T) => Promise<T>;
}
