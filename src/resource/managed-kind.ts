import type { KubeObject } from "../kube/object.ts";
import type { Condition } from "../runtime/conditions.ts";
import type { Request } from "../runtime/reconciler.ts";
import type { OperatorDependencies } from "./dependencies.ts";
import type { OperatorKind } from "./operator-kind.ts";
import type { DeletionState, PassResult } from "./pass-result.ts";
import type { Verdict } from "./verdict.ts";

/** What every kind's status has. */
export interface ManagedStatus {
  phase?: string | undefined;
  observedGeneration?: number | undefined;
  conditions?: Condition[] | undefined;
}

/** An object that the operator reconciles. */
export interface ManagedObject extends KubeObject {
  spec: object;
  status?: ManagedStatus;
}

/** One pass over one object, and how it holds and lets go the object. */
export interface Holding<T extends ManagedObject> {
  readonly deps: OperatorDependencies;
  readonly object: T;
  readonly signal: AbortSignal;
  /** Gives the object the kind's finalizer, where it has none: nothing is made for an object that may go unseen. Answers the object. */
  readonly hold: () => Promise<T>;
  /**
   * The object that is being deleted, as the API server says: what is taken away is decided by that. Undefined where it is not ours any more:
   * what it owned goes with it, by its owner references.
   */
  readonly asItIsNow: () => Promise<T | undefined>;
  /** Lets the object go: the API server removes it when no other finalizer is left. `latest` is the object as it was read last. */
  readonly release: (latest: T) => Promise<void>;
}

/** Result of a pass: `released` where the object was let go, undefined where it is not ours any more. */
export type Worked<T extends ManagedObject> =
  /** `latest`: the object as the pass has read it, where that is newer than what it began with; its status is what the result is compared with. */
  (PassResult & { readonly latest?: T | undefined }) | "released" | undefined;

/** How a kind tells what all kinds tell. */
export interface StatusTraits<T extends ManagedObject> {
  /** Where all is done. */
  readonly done: { readonly reason: string; readonly message: string };
  /** While no step has anything to say. `who` is such as `CephClient "rook-ceph/a"`. */
  readonly unsaid: (who: string, isDeleting: boolean) => { readonly reason: string; readonly message: string };
  /** The phase while a step is blocked. */
  readonly blockedPhase: "Failure" | "Progressing";
  /** Its conditions while it is being deleted. */
  readonly deletionConditions: (
    who: string,
    deletion: DeletionState,
  ) => readonly Pick<Condition, "type" | "status" | "reason" | "message">[];
  /** Fields of the status that follow from the verdict, as Rook has them; none where absent. */
  readonly fieldsOf?: (verdict: Verdict, deletion: DeletionState | undefined) => Partial<NonNullable<T["status"]>>;
  /** Fields of the status that hold the message of the conditions too. */
  readonly messageFields?: readonly (keyof NonNullable<T["status"]> & string)[];
  /** Whether two statuses tell a reader the same, but for the conditions' times; where absent, if they are the same. */
  readonly isSame?: (left: NonNullable<T["status"]>, right: NonNullable<T["status"]>) => boolean;
  /** The reason of the event while a step is blocked. */
  readonly failureEvent?: (reason: string) => string;
  /** Whether an event says when the removal begins. */
  readonly tellsRemoval?: boolean;
}

/** One kind, as `createReconciler` works on it: what is the same for all kinds is done there. */
export interface ManagedKind<T extends ManagedObject> extends Pick<OperatorKind<T>, "kind"> {
  readonly traits: StatusTraits<T>;
  /** Paths of the fields that are set and have no effect. */
  readonly withoutEffect: (object: T) => readonly string[];
  /** What is to be done in one pass; all of it is idempotent. Throws what Ceph and Kubernetes throw. */
  readonly work: (holding: Holding<T>) => Promise<Worked<T>>;
  /** Called where there is no object of this name any more. */
  readonly gone?: (deps: OperatorDependencies, request: Request) => Promise<void>;
}
