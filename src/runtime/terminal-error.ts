/**
 * Thrown by a reconciler for what trying again cannot mend: it is counted and logged, and nothing more happens to the object until
 * something wakes it.
 */
export class TerminalError extends Error {
  override readonly name = "TerminalError";

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}
