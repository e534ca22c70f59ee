import type { ChildStatus } from "./child-kind.ts";
import type { Dependents } from "./dependents.ts";
import type { StepOutcome } from "./outcome.ts";

/** What a pass came to. */
export interface ChildResult<S> {
  readonly outcomes: readonly StepOutcome<string>[];
  /** Undefined where the pass did not come so far: the kind's own fields stay as they are. */
  readonly status: Omit<S, keyof ChildStatus> | undefined;
  readonly remarks: readonly string[];
  /** While it is being deleted: what still uses it. */
  readonly deletion: { readonly dependents: readonly Dependents[] } | undefined;
}
