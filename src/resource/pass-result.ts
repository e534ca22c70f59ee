import type { EventNote } from "../runtime/event-recorder.ts";
import type { StepOutcome } from "./outcome.ts";

/** How far the deletion of an object is. */
export type DeletionState =
  /** Something still needs the object, or the operator cannot say whether something does. */
  | { readonly state: "blocked"; readonly reason: string; readonly message: string }
  /** The operator removes what was made for it. */
  | { readonly state: "going" }
  /** Not even known whether its end has begun: nothing is done. */
  | { readonly state: "unknown" };

/** What a pass over an object found. */
export interface PassResult {
  /** Every step's, in the order of telling: the first that is open gives the reason. */
  readonly outcomes: readonly StepOutcome<string>[];
  /** The kind's own fields of the status; undefined where the pass did not come so far: they stay as they are. */
  readonly status?: object | undefined;
  /** Events that the operator writes when it has written the status. */
  readonly notes?: readonly EventNote[] | undefined;
  /** Said behind the sentence when all is done. */
  readonly remarks?: readonly string[] | undefined;
  /** Said behind the sentence in any case. */
  readonly asides?: readonly string[] | undefined;
  /** While the object is being deleted. */
  readonly deletion?: DeletionState | undefined;
  /** Milliseconds after which to look again at what no watch tells, beside what the outcomes ask for. */
  readonly rechecks?: readonly number[] | undefined;
}
