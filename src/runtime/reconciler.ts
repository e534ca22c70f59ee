/** Which object to reconcile; never what happened to it. */
export interface Request {
  readonly namespace: string;
  readonly name: string;
}

/** What a pass wants of the queue. Empty: nothing; the watches and the kind's own timer wake the next pass. */
export interface Result {
  /** Run again after this many milliseconds, for a thing that no watch tells. */
  readonly requeueAfterMs?: number;
}

/**
 * Makes the world as the object asks, as far as can be done now.
 *
 * A pass runs every step from the top, waits for nothing and remembers nothing. Throwing means that the pass could not be done:
 * the queue tries again with growing delays. An object that cannot be satisfied is no error: it is said in the object's status.
 */
export interface Reconciler {
  reconcile(request: Request, signal: AbortSignal): Promise<Result>;
}
