import { createHash } from "node:crypto";

/** `<prefix>-<node>`, or with the first 32 hex digits of the node's SHA-256 where that is too long, as Rook names them. */
export function nodeObjectName(prefix: string, node: string, limit = 63): string {
  const whole = `${prefix}-${node}`;
  return whole.length <= limit ? whole : `${prefix}-${createHash("sha256").update(node).digest("hex").slice(0, 32)}`;
}
