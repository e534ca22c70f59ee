const redacted = "[redacted]";
/** Deeper is not told. */
const deepest = 6;
const mostItems = 100;

/** Names whose strings and objects are secrets: `token`, `adminKey`, `client_secret`; not `secretName`. */
const secretName = /(?:^|[_.-])(?:key|keyring|secret|token|password|passphrase|authorization)$/;

const secrets: readonly (readonly [pattern: RegExp, instead: string])[] = [
  // Keys in base64 that begin with their type, 1 or 2, as a little-endian number.
  [/(?<![A-Za-z0-9+/])A[Qg][A-D][A-Za-z0-9+/]{35,}={0,2}/g, redacted],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, redacted],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
];

/**
 * The text with everything struck out that looks like a key, a token or a password of HTTP.
 *
 * @example redactText("authorization: Bearer abc.def") // "authorization: Bearer [redacted]"
 */
export function redactText(text: string): string {
  let told = text;
  for (const [pattern, instead] of secrets) told = told.replaceAll(pattern, instead);
  return told;
}

/**
 * A value as plain JSON that can go into a log: errors with name, message, code and causes, and with a stack where they have no code,
 * since such an error is a surprise; nothing secret, nothing endless.
 *
 * @example logValue({ name: "web", password: "1234" }) // { name: "web", password: "[redacted]" }
 */
export function logValue(value: unknown): unknown {
  return tellable(value, 0, []);
}

function tellable(value: unknown, depth: number, above: readonly object[]): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return undefined;
  return typeof value === "object" && value !== null ? tellableObject(value, depth, above) : value;
}

function tellableObject(value: object, depth: number, above: readonly object[]): unknown {
  if (above.includes(value)) return "[circular]";
  if (depth > deepest) return "…";
  const inside = [...above, value];
  const tell = (each: unknown): unknown => tellable(each, depth + 1, inside);
  if (value instanceof Error) return tellableError(value, tell);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map)
    return tellableFields(
      [...value].map(([name, each]) => [String(name), each]),
      tell,
    );
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...(value as Iterable<unknown>)];
    return [...items.slice(0, mostItems).map(tell), ...(items.length > mostItems ? [`… ${items.length - mostItems} more`] : [])];
  }
  return tellableFields(Object.entries(value), tell);
}

function tellableError(error: Error, tell: (value: unknown) => unknown): object {
  const code = "code" in error ? error.code : undefined;
  return {
    name: error.name,
    message: redactText(error.message),
    ...(code === undefined ? { stack: redactText(framesOf(error)) } : { code: tell(code) }),
    ...(error.cause === undefined ? {} : { cause: tell(error.cause) }),
    ...(error instanceof AggregateError ? { errors: tell(error.errors) } : {}),
  };
}

/** The stack without the message, which is told already. */
function framesOf({ stack = "" }: Error): string {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");
}

function tellableFields(entries: readonly (readonly [string, unknown])[], tell: (value: unknown) => unknown): object {
  return Object.fromEntries(entries.map(([name, value]) => [name, isSecret(name, value) ? redacted : tell(value)]));
}

function isSecret(name: string, value: unknown): boolean {
  if (typeof value !== "string" && (typeof value !== "object" || value === null)) return false;
  return secretName.test(name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
}
