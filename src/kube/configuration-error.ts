/** The user's own set-up is at fault: the message is one sentence that says what to do. Trying again does not help. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}
