import type { CephConnector } from "../ceph/ceph.ts";
import type { DaemonType } from "../daemons/daemon-type.ts";
import type { Clock } from "../kube/clock.ts";
import type { Kube, KubeReader } from "../kube/kube.ts";
import type { Logger } from "../kube/logger.ts";
import type { Kind } from "../kube/object.ts";
import type { EventRecorder } from "../runtime/event-recorder.ts";

/** All that a reconciler of any kind needs; every part has a fake. */
export interface OperatorDependencies {
  /** What it says may be a moment old, and older for one kind than for another. */
  readonly kube: Kube;
  /** The API server itself: asked before anything is taken away or made anew because it seems to be gone. */
  readonly live: KubeReader;
  readonly connector: CephConnector;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  /** Cryptographically strong random bytes, for keys. */
  readonly random: (bytes: number) => Uint8Array;
  /** Every type of daemon, in the order of an update. */
  readonly daemonTypes: readonly DaemonType[];
  /** The kinds whose objects keep the CephCluster of their namespace from being deleted. */
  readonly dependentKinds: readonly Kind[];
  /** Where the operator itself runs. */
  readonly operatorNamespace: string;
  /** Milliseconds a pass gives Ceph to answer its first question; what takes longer answers a later pass. */
  readonly cephPatienceMs: number;
  /** Milliseconds after which a node's devices are looked at again; 0: never for their age. */
  readonly deviceIntervalMs: number;
}
