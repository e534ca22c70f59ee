import type { CephConnector } from "../ceph/ceph.ts";
import type { Clock } from "../kube/clock.ts";
import type { Kube } from "../kube/kube.ts";
import type { Logger } from "../kube/logger.ts";
import type { EventRecorder } from "../runtime/event-recorder.ts";

/** All that the reconciler of CephClusters needs; every part has a fake. */
export interface ClusterDependencies {
  readonly kube: Kube;
  readonly connector: CephConnector;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  /** Cryptographically strong random bytes, for keys. */
  readonly random: (bytes: number) => Uint8Array;
  /** Where the operator itself runs. */
  readonly operatorNamespace: string;
  /** Milliseconds a pass gives Ceph to answer its first question; what takes longer answers a later pass. */
  readonly cephPatienceMs: number;
}
