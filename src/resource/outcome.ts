/** How far a step is after it did what could be done now; `R` are the reasons that its kind knows. */
export type StepOutcome<R extends string> =
  /** All that the spec asks of this step is so. */
  | { state: "done"; recheckAfterMs?: number }
  /** What this step builds on is not there yet; the step before it says what. */
  | { state: "notYet" }
  /** Something is not there yet, and will come without anybody's doing. */
  | { state: "waiting"; reason: R; message: string; recheckAfterMs?: number }
  /** Somebody has to do something: the message says what. */
  | { state: "blocked"; reason: R; message: string; recheckAfterMs?: number };

export const done = { state: "done" } as const;
/** Done for now: something is under way that no watch tells of, and that this step has to answer. */
export function doneFor<R extends string>(recheckAfterMs: number): StepOutcome<R> {
  return { state: "done", recheckAfterMs };
}
export const notYet = { state: "notYet" } as const;

/** A wait; `recheckAfterMs` only where no watch tells of the end. */
export function waiting<R extends string>(reason: R, message: string, recheckAfterMs?: number): StepOutcome<R> {
  return { state: "waiting", reason, message, ...(recheckAfterMs === undefined ? {} : { recheckAfterMs }) };
}

/** Something that a user has to mend; `recheckAfterMs` only where no watch tells of the end. */
export function blocked<R extends string>(reason: R, message: string, recheckAfterMs?: number): StepOutcome<R> {
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
