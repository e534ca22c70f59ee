import type { Outcome } from "./outcome.ts";
import type { ClusterEvent } from "./reasons.ts";

/** How far a step is, what it found for the steps after it, and what there is to tell besides. */
export interface Step<T> {
  readonly outcome: Outcome;
  readonly found?: T | undefined;
  /** Events that the operator writes when it has written the status of this pass. */
  readonly notes?: readonly ClusterEvent[];
  /** Said behind the sentence when all is done. */
  readonly remarks?: readonly string[];
}
