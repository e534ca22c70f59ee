import type { StepOutcome } from "../../../resource/outcome.ts";
import type { ConditionReason } from "./reasons.ts";

export { blocked, done, doneFor, notYet, recheckDelay, waiting } from "../../../resource/outcome.ts";

/** How far a step of a CephCluster is. */
export type Outcome = StepOutcome<ConditionReason>;
