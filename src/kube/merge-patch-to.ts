import { isDeepStrictEqual } from "node:util";
import type { MergePatch } from "./kube.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch (RFC 7386) that makes `wanted` of `old`: only what differs, and null for what is to go. Undefined where they are the
 * same already. Fields of `wanted` that are undefined count as absent.
 *
 * @example mergePatchTo({ a: 1, b: 2 }, { a: 1, c: 3 }) // { b: null, c: 3 }
 */
export function mergePatchTo(old: Fields | undefined, wanted: Fields): MergePatch | undefined {
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(old ?? {}), ...Object.keys(wanted)])) {
    const before = old?.[name];
    const after = wanted[name];
    if (isDeepStrictEqual(before, after)) continue;
    if (after === undefined) patch[name] = null;
    else if (isFields(before) && isFields(after)) {
      const inner = mergePatchTo(before, after);
      if (inner !== undefined) patch[name] = inner;
    } else patch[name] = after;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
