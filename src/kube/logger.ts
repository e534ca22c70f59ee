/** Constant message, values as fields; info for changes, debug for no-ops; never a secret. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Says nothing; for tests. */
export const silentLogger: Readonly<Logger> = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLogger };
