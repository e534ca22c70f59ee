import type { DaemonType } from "../daemons/daemon-type.ts";
import type { KubeReader } from "../kube/kube.ts";
import type { Kind, KubeObject } from "../kube/object.ts";
import type { Reconciler, Request } from "../runtime/reconciler.ts";
import type { WakeUp } from "../runtime/wake-ups.ts";
import type { CrdDefinition } from "../schema/crd.ts";
import type { OperatorDependencies } from "./dependencies.ts";
import type { EventMeanings, Meanings } from "./meanings.ts";

/** Kinds that are read of, and which of their labels selections name often. */
export interface ReadKind {
  readonly kind: Kind;
  readonly labelKeys?: readonly string[];
  /** Held for every namespace, even where the operator works in one only: nodes. */
  readonly everywhere?: boolean;
}

/** What wake-ups may use. */
export interface Waking {
  /** The operator's cache. */
  readonly reader: KubeReader;
  /** Wakes one object of the kind. */
  readonly enqueue: (request: Request) => void;
  /** Wakes every object of the kind in a namespace; without one, every object. */
  readonly wakeNamespace: (namespace?: string) => void;
}

/** One kind that the operator reconciles: all that is to be known to put it to work. src/kinds/index.ts lists them. */
export interface OperatorKind<T extends KubeObject = KubeObject> {
  readonly kind: Kind<T>;
  /** What it is, in a sentence, for docs/kinds.md. */
  readonly about: string;
  /** Every reason of its conditions; of a kind that lives in a Ceph cluster, those beside `commonReasons`. */
  readonly reasons: Meanings;
  /** Reasons of its events; where absent, `commonEvents`. */
  readonly events?: EventMeanings;
  /** Loaded when asked for only: schemas cost memory, which the operator at work does not need. */
  readonly crd: () => Promise<CrdDefinition>;
  /** Whether a CephCluster is not removed before the last object of this kind in its namespace. */
  readonly isDependent: boolean;
  /** Types of the daemons that it runs. */
  readonly daemonTypes?: readonly DaemonType[];
  /** What its reconciler reads, beside its own kind. */
  readonly reads: readonly ReadKind[];
  wakeUps(waking: Waking): readonly WakeUp[];
  createReconciler(dependencies: OperatorDependencies): Reconciler;
  /** After how many milliseconds to look again at what no watch tells. */
  intervalFor(object: T): number;
}
