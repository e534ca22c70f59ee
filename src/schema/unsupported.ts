import { actingFields, deadFields, usualValues, wholeSettings } from "./acting-fields.ts";
import type { CephClusterSpec } from "./ceph-cluster.ts";
import { parseDuration } from "./duration.ts";
import { isUnusableModule } from "./is-unusable-module.ts";

/** Which fields of a spec act. Paths: `[]` stands for every element of a list, `*` for every name in a map; a path covers all below it. */
export interface FieldTable {
  readonly acting: readonly string[];
  /** Those that act in no operator. */
  readonly dead?: readonly string[];
  /** Settings that are told by one name, whatever is set within them. */
  readonly whole?: readonly string[];
  /** Values that ask for nothing but what is so anyway. */
  readonly usual?: ReadonlyMap<string, unknown>;
}

/** CephCluster's. */
const clusterFields: Readonly<FieldTable> = { acting: actingFields, dead: deadFields, whole: wholeSettings, usual: usualValues };

/** The paths of a CephCluster's fields without effect; see `fieldsWithoutEffect`. */
export function unsupportedFields(spec: CephClusterSpec): string[] {
  const modules = (spec.mgr?.modules ?? []).filter(({ name, enabled }) => enabled === true && isUnusableModule(name));
  return [...fieldsWithoutEffect(spec, clusterFields), ...modules.map(({ name }) => `mgr.modules[${name ?? ""}]`)].sort();
}

/**
 * Paths of the fields that this spec sets and that have no effect yet, sorted; `[]` stands for every element of a list. A field
 * that is set to nothing (null, false, 0, empty) or to what is usual asks for nothing, and is not among them.
 */
export function fieldsWithoutEffect(spec: object, { acting, dead = [], whole = [], usual = new Map() }: FieldTable): string[] {
  const known = new Set([...acting, ...dead]);
  const asWhole = new Set(whole);
  /** `parent` is the path of what holds the value. */
  const walk = (path: string, parent: string, value: unknown): string[] => {
    if (known.has(path) || !asksForSomething(usual.get(path), value)) return [];
    // a list of words is named as one
    if (typeof value !== "object" || value === null) return [path.replace(/\[\]$/, "")];
    const below = Array.isArray(value)
      ? value.flatMap((item) => walk(`${path}[]`, path, item))
      : Object.entries(value).flatMap(([name, item]) => walk(path === "" ? name : `${path}.${name}`, path, item));
    return below.length > 0 && (asWhole.has(path) || asWhole.has(`${parent}.*`)) ? [path] : below;
  };
  return [...new Set(walk("", "", spec))].sort();
}

function asksForSomething(usual: unknown, value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "" || value === 0) return false;
  if (typeof value !== "string" || typeof usual !== "string") return value !== usual;
  const duration = parseDuration(value);
  return value !== usual && (duration === undefined || duration !== parseDuration(usual));
}
