import { createHash } from "node:crypto";
import { isDnsSubdomain } from "../../kube/dns-names.ts";

/**
 * `<prefix>-<node>`, or with the first 32 hex digits of the SHA-256 of `node` where that is too long, as Rook names them, or is no name of an object,
 * as a label's value may be: `EU_West.0`.
 *
 * @example nodeObjectName("rook-ceph-osd-zone", "eu-west") // "rook-ceph-osd-zone-eu-west"
 */
export function nodeObjectName(prefix: string, node: string, limit = 63): string {
  const whole = `${prefix}-${node}`;
  return whole.length <= limit && isDnsSubdomain(whole)
    ? whole
    : `${prefix}-${createHash("sha256").update(node).digest("hex").slice(0, 32)}`;
}
