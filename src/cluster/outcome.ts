import type { ConditionReason } from "./reasons.ts";

/** How far a step is after it did what could be done now. */
export type Outcome =
  /** All that the spec asks of this step is so. */
  | { state: "done" }
  /** What this step builds on is not there yet; the step before it says what. */
  | { state: "notYet" }
  /** Something is not there yet, and will come without anybody's doing. */
  | { state: "waiting"; reason: ConditionReason; message: string; recheckAfterMs?: number }
  /** Somebody has to do something: the message says what. */
  | { state: "blocked"; reason: ConditionReason; message: string; recheckAfterMs?: number };

export const done: Outcome = { state: "done" };
export const notYet: Outcome = { state: "notYet" };

/** A wait; `recheckAfterMs` only where no watch tells of the end. */
export function waiting(reason: ConditionReason, message: string, recheckAfterMs?: number): Outcome {
  return { state: "waiting", reason, message, ...(recheckAfterMs === undefined ? {} : { recheckAfterMs }) };
}

export function blocked(reason: ConditionReason, message: string, recheckAfterMs?: number): Outcome {
  return { state: "blocked", reason, message, ...(recheckAfterMs === undefined ? {} : { recheckAfterMs }) };
}

/**
 * When to look again at something that began at `since` and that no watch tells of: soon at first, then ever less often, at most
 * every ten seconds. Both in milliseconds since 1970, both from the world, so a restart changes nothing.
 */
export function recheckDelay(since: number | undefined, now: number): number {
  if (since === undefined) return 500;
  return Math.min(10_000, Math.max(300, (now - since) / 8));
}
