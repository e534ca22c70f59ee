import { actingFields, deadFields, usualValues, wholeSettings } from "./acting-fields.ts";
import type { CephClusterSpec } from "./ceph-cluster.ts";
import { parseDuration } from "./duration.ts";

const known = new Set([...actingFields, ...deadFields]);
const whole = new Set(wholeSettings);

/**
 * Paths of the fields that this spec sets and that have no effect yet, sorted; `[]` stands for every element of a list. A field
 * that is set to nothing (null, false, 0, empty) or to what is usual asks for nothing, and is not among them.
 */
export function unsupportedFields(spec: CephClusterSpec): string[] {
  return [...new Set(walk("", "", spec))].sort();
}

/** `parent` is the path of what holds the value. */
function walk(path: string, parent: string, value: unknown): string[] {
  if (known.has(path) || !asksForSomething(path, value)) return [];
  // a list of words is named as one
  if (typeof value !== "object" || value === null) return [path.replace(/\[\]$/, "")];
  const below = Array.isArray(value)
    ? value.flatMap((item) => walk(`${path}[]`, path, item))
    : Object.entries(value).flatMap(([name, item]) => walk(path === "" ? name : `${path}.${name}`, path, item));
  return below.length > 0 && (whole.has(path) || whole.has(`${parent}.*`)) ? [path] : below;
}

function asksForSomething(path: string, value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "" || value === 0) return false;
  const usual = usualValues.get(path);
  if (typeof value !== "string" || typeof usual !== "string") return value !== usual;
  const duration = parseDuration(value);
  return value !== usual && (duration === undefined || duration !== parseDuration(usual));
}
