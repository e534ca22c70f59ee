import winston from "winston";
import { type Clock, systemClock } from "../kube/clock.ts";
import type { LogFields, Logger } from "../kube/logger.ts";
import { logValue, redactText } from "./log-value.ts";

export type LogLevel = "error" | "warn" | "info" | "debug";

export interface WinstonLoggerOptions {
  /** What is less important is not said. */
  level: LogLevel;
  /** `json`: an object a line, with `time`, `level`, `message` and the fields; `text`: for people. */
  format: "json" | "text";
  /** Standard output where absent. */
  stream?: NodeJS.WritableStream;
  /** The machine's where absent. */
  clock?: Pick<Clock, "now">;
}

/**
 * A `Logger` over winston, one entry a line. What looks like a secret is struck out; errors are told with their causes.
 *
 * @example
 * const log = createWinstonLogger({ level: "info", format: "json" }).child({ controller: "widgets" });
 * log.info("ConfigMap written", { name: "web" });
 */
export function createWinstonLogger(options: WinstonLoggerOptions): Logger {
  const { level, format, stream, clock = systemClock } = options;
  const toLine = format === "json" ? jsonLine : textLine;
  const logger = winston.createLogger({
    level,
    format: winston.format.printf((info) =>
      toLine(new Date(clock.now()).toISOString(), info.level, String(info.message), info["fields"] as LogFields),
    ),
    transports: [stream === undefined ? new winston.transports.Console() : new winston.transports.Stream({ stream })],
  });
  const make = (bound: LogFields): Logger => {
    // Fields travel under one key of their own: winston joins a field named `message` to the message.
    const write = (entryLevel: LogLevel, message: string, fields: LogFields = {}): void => {
      if (!logger.isLevelEnabled(entryLevel)) return;
      logger.log({ level: entryLevel, message: redactText(message), fields: logValue({ ...bound, ...fields }) });
    };
    return {
      debug: (message, fields) => write("debug", message, fields),
      info: (message, fields) => write("info", message, fields),
      warn: (message, fields) => write("warn", message, fields),
      error: (message, fields) => write("error", message, fields),
      child: (fields) => make({ ...bound, ...fields }),
    };
  };
  return make({});
}

function jsonLine(time: string, level: string, message: string, fields: LogFields): string {
  const entry: Record<string, unknown> = { time, level, message };
  for (const [name, value] of Object.entries(fields)) entry[name in entry ? `${name}_` : name] = value;
  return JSON.stringify(entry);
}

/** `2026-01-01T00:00:00.000Z info  Message name=value`, and the stacks of errors on lines of their own. */
function textLine(time: string, level: string, message: string, fields: LogFields): string {
  let line = `${time} ${level.padEnd(5)} ${message}`;
  const stacks: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    line += ` ${name}=${isToldError(value) ? quoted(errorText(value, stacks)) : textOf(value)}`;
  }
  return [line, ...stacks].join("\n");
}

interface ToldError {
  name: string;
  message: string;
  code?: unknown;
  stack?: string;
  cause?: unknown;
}

function isToldError(value: unknown): value is ToldError {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}

function errorText(error: ToldError, stacks: string[]): string {
  if (error.stack !== undefined) stacks.push(error.stack.replaceAll(/^\s*/gm, "    "));
  const own = `${error.name}${error.code === undefined ? "" : ` ${textOf(error.code)}`}: ${error.message}`;
  if (error.cause === undefined) return own;
  return `${own}; caused by ${isToldError(error.cause) ? errorText(error.cause, stacks) : textOf(error.cause)}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

function quoted(text: string): string {
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
