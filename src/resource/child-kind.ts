import type { ChildPass } from "./child-pass.ts";
import type { CommonReason } from "./common-reasons.ts";
import type { Dependents } from "./dependents.ts";
import type { ManagedObject, ManagedStatus } from "./managed-kind.ts";
import type { OperatorKind } from "./operator-kind.ts";
import type { StepOutcome } from "./outcome.ts";

export type { Dependents } from "./dependents.ts";

/** An object that lives in the Ceph cluster of its namespace: a pool, a file system, a client. */
export type ChildObject = ManagedObject;

/** A field that cannot be so. */
export interface SpecProblem {
  /** Its path below `spec`. */
  readonly field: string;
  readonly value: unknown;
  /** What would be right. */
  readonly message: string;
}

/** A condition that says whether an object's deletion is blocked. */
export interface DeletionCondition {
  readonly type: string;
  /** Its reason while something uses the object. */
  readonly blocked: string;
  /** Its reason once nothing does. */
  readonly free: string;
}

/** What a pass found beside the outcomes of its steps. */
export interface ChildFindings<S> {
  /** Every step's, in order. */
  readonly outcomes: readonly StepOutcome<string>[];
  /** The fields of the status that are the kind's own; those that are absent or undefined go, but for `keptFields`. */
  readonly status: Omit<S, keyof ManagedStatus>;
  /** Said behind the sentence when all is done. */
  readonly remarks?: readonly string[];
}

/**
 * One kind of object that lives in a Ceph cluster. All of it is idempotent: what is so already is left alone, and costs no write.
 * `workOnChild` does what is the same for all of these: finding the cluster, asking Ceph, the finalizer.
 */
export interface ChildKind<T extends ChildObject> extends Omit<OperatorKind<T>, "createReconciler" | "wakeUps" | "intervalFor"> {
  /** A condition of Rook's beside `DeletionIsBlocked` that says the same, with its two reasons. */
  readonly deletionCondition?: DeletionCondition;
  /** What the schema cannot tell; empty for a spec that can be. */
  problems(object: T): readonly SpecProblem[];
  /** Paths of the fields that are set and have no effect. */
  withoutEffect(object: T): readonly string[];
  /** Makes Ceph and Kubernetes as the spec asks, as far as can be done now. Throws what Ceph and Kubernetes throw. */
  reconcile(pass: ChildPass<T>): Promise<ChildFindings<NonNullable<T["status"]>>>;
  /** What still uses it; it is not removed before that is empty. */
  dependents(pass: ChildPass<T>): Promise<readonly Dependents[]>;
  /** Takes from Ceph what was made there; done when nothing is left. Objects with an owner reference go by themselves. */
  remove(pass: ChildPass<T>): Promise<StepOutcome<string>>;
}

/** The reasons a child's conditions may have. */
export type ChildReason<Own extends string> = Own | CommonReason;
