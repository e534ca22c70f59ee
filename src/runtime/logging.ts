import winston from "winston";
import type { LogFields, Logger } from "../kube/logger.ts";

/** A `Logger` over winston, to standard output: one line an entry, JSON for machines or text for people. Secrets are struck out. */
export function createWinstonLogger(options: { level: "error" | "warn" | "info" | "debug"; format: "json" | "text"; stream?: NodeJS.WritableStream }): Logger {
  const { timestamp, printf } = winston.format;
  const line =
    options.format === "json"
      ? printf(({ timestamp: time, level, message, fields }) => JSON.stringify({ time, level, message, ...(fields as object) }))
      : printf(({ timestamp: time, level, message, fields }) => `${String(time)} ${level.padEnd(5)} ${String(message)}${textOf(fields as object)}`);
  const logger = winston.createLogger({
    level: options.level,
    format: winston.format.combine(timestamp(), line),
    transports: [options.stream === undefined ? new winston.transports.Console() : new winston.transports.Stream({ stream: options.stream })],
  });
  const make = (bound: LogFields): Logger => {
    // fields travel under one key of their own: winston joins a field named `message` to the message
    const write = (level: "error" | "warn" | "info" | "debug", message: string, fields: LogFields = {}) => {
      if (logger.isLevelEnabled(level)) logger.log({ level, message: redactText(message), fields: clean({ ...bound, ...fields }, 0) });
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

const secretNames = /^(key|keyring|secret|token|password|authorization|cephx_secret)$/i;

/** Strikes out what looks like a cephx key (base64 that begins with its type) or a bearer token. */
export function redactText(text: string): string {
  return text.replaceAll(/\bA[gQ][A-Za-z0-9+/]{36,}={0,2}/g, "[redacted]").replaceAll(/Bearer\s+\S+/g, "Bearer [redacted]");
}

/** Plain JSON of a field: errors with their causes, nothing secret, nothing endless. */
function clean(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 5) return "…";
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    const code = "code" in value ? value.code : undefined;
    return { name, message: redactText(message), ...(code === undefined ? {} : { code }), ...(depth === 0 || stack === undefined ? {} : { stack: redactText(stack) }), ...(cause === undefined ? {} : { cause: clean(cause, depth + 1) }) };
  }
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, secretNames.test(name) ? "[redacted]" : clean(item, depth + 1)]));
}

function textOf(fields: object): string {
  return Object.entries(fields)
    .map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("");
}
