import { isDeepStrictEqual } from "node:util";
import { sameQuantity } from "./quantity.ts";

/** Lists that the API server merges by a key, and what the key is. */
const listKeys: Readonly<Record<string, (item: Record<string, unknown>) => unknown>> = {
  containers: (item) => item["name"],
  initContainers: (item) => item["name"],
  env: (item) => item["name"],
  volumes: (item) => item["name"],
  volumeMounts: (item) => item["mountPath"],
  ports: (item) => `${JSON.stringify(item["containerPort"] ?? item["port"])}/${JSON.stringify(item["protocol"] ?? "TCP")}`,
  ownerReferences: (item) => item["uid"],
  conditions: (item) => item["type"],
};

/** Lists of words that several add to. */
const setKeys: ReadonlySet<string> = new Set(["finalizers"]);

/** What only the owner adds to: more in the actual object than wanted is drift too. */
const wholeKeys: ReadonlySet<string> = new Set([
  ...["containers", "initContainers", "env", "envFrom", "volumes", "volumeMounts", "args", "command", "ports", "tolerations"],
  ...["data", "nodeSelector", "limits", "requests", "matchLabels", "selector", "topologySpreadConstraints"],
  ...["livenessProbe", "startupProbe", "readinessProbe", "priorityClassName", "hostNetwork", "hostPID", "resources"],
]);

/** Fields that are compared word for word, since the server fills nothing in. */
const literalKeys: ReadonlySet<string> = new Set(["affinity", "data", "args", "command"]);

/** Where false is not what the server takes for granted. */
const defaultTrue: ReadonlySet<string> = new Set(["automountServiceAccountToken", "enableServiceLinks"]);

/**
 * Whether everything that `desired` says stands so in `actual`.
 *
 * Fields that `desired` does not say are the server's or other people's, and do not count; except in what an owner says as a whole
 * (containers, their variables, mounts and ports, volumes, data, selectors, resources, probes), where more than wanted is
 * a difference too. Lists are compared by the keys that the server merges them by, quantities by what they mean; an empty string,
 * list or object means as much as none.
 *
 * Caveat: a label or annotation that was once applied and no longer is goes unnoticed until something else differs.
 *
 * @example
 * isCovered({ spec: { replicas: 2 } }, { spec: { replicas: 2, paused: false } }) // true: what is not said does not count
 * isCovered({ data: { a: "1" } }, { data: { a: "1", b: "2" } }) // false: data is said as a whole
 */
export function isCovered(desired: unknown, actual: unknown): boolean {
  return covers(desired, actual, "");
}

function covers(desired: unknown, actual: unknown, key: string): boolean {
  // most of what is compared is words, and most of it is alike
  if (typeof desired === "string" && desired !== "") return desired === actual;
  if (isNothing(desired)) return isNothing(actual) || !(wholeKeys.has(key) || literalKeys.has(key));
  if (desired === false && actual === undefined) return !defaultTrue.has(key);
  if (literalKeys.has(key)) return isSame(desired, actual) || isDeepStrictEqual(withoutNothing(desired), withoutNothing(actual));
  if (Array.isArray(desired)) return Array.isArray(actual) && coversList(desired, actual, key);
  if (isRecord(desired)) return isRecord(actual) && coversRecord(desired, actual, key);
  return desired === actual;
}

function coversRecord(desired: Record<string, unknown>, actual: Record<string, unknown>, key: string): boolean {
  if (key === "limits" || key === "requests") {
    const names = new Set([...Object.keys(desired), ...Object.keys(actual)]);
    return [...names].every((name) => sameQuantity(desired[name], actual[name]));
  }
  // a map given as a whole, such as a selector: no key more
  if (wholeKeys.has(key) && hasOnlyWords(desired) && hasMore(actual, desired)) return false;
  for (const name in desired) if (!covers(desired[name], actual[name], name)) return false;
  for (const name in actual)
    if (!(name in desired) && (wholeKeys.has(name) || name === "affinity") && isSaidWhole(desired, name))
      if (!covers(undefined, actual[name], name)) return false;
  return true;
}

const podFields: ReadonlySet<string> = new Set([
  ...["initContainers", "volumes", "tolerations", "nodeSelector", "affinity", "topologySpreadConstraints"],
  ...["priorityClassName", "hostNetwork", "hostPID"],
]);
const containerFields: ReadonlySet<string> = new Set([
  ...["env", "envFrom", "volumeMounts", "args", "command", "ports", "livenessProbe", "startupProbe", "readinessProbe", "resources"],
]);

/** Whole fields count as said only in objects that hold such fields at all: a Pod's spec, a container, resources. */
function isSaidWhole(desired: Record<string, unknown>, name: string): boolean {
  if (podFields.has(name)) return "containers" in desired;
  if (containerFields.has(name)) return "image" in desired;
  return (name === "limits" || name === "requests") && ("limits" in desired || "requests" in desired);
}

function coversList(desired: readonly unknown[], actual: readonly unknown[], key: string): boolean {
  if (setKeys.has(key)) return desired.every((word) => actual.includes(word));
  const keyOf = listKeys[key];
  if (keyOf === undefined) return desired.length === actual.length && desired.every((item, index) => covers(item, actual[index], ""));
  // mostly they have the same items in the same order
  if (desired.length === actual.length && desired.every((item, index) => hasSameKey(item, actual[index], keyOf)))
    return desired.every((item, index) => covers(item, actual[index], ""));
  const found = new Map(actual.filter(isRecord).map((item) => [keyOf(item), item]));
  if (wholeKeys.has(key) && found.size !== desired.length) return false;
  return desired.filter(isRecord).every((item) => found.has(keyOf(item)) && covers(item, found.get(keyOf(item)), ""));
}

function hasSameKey(one: unknown, other: unknown, keyOf: (item: Record<string, unknown>) => unknown): boolean {
  return isRecord(one) && isRecord(other) && keyOf(one) === keyOf(other);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0) ||
    (isRecord(value) && hasNoFields(value))
  );
}

function hasNoFields(record: Record<string, unknown>): boolean {
  for (const name in record) if (record[name] !== undefined) return false;
  return true;
}

function hasOnlyWords(record: Record<string, unknown>): boolean {
  for (const name in record) if (typeof record[name] !== "string") return false;
  return true;
}

function hasMore(record: Record<string, unknown>, than: Record<string, unknown>): boolean {
  for (const name in record) if (!(name in than)) return true;
  return false;
}

/** Whether two values are alike word for word, which is asked more cheaply than what differs in name only. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  if (!isRecord(one) || !isRecord(other) || hasMore(one, other) || hasMore(other, one)) return false;
  for (const name in one) if (!isSame(one[name], other[name])) return false;
  return true;
}

function withoutNothing(value: unknown): unknown {
  // a copy by hand: those of structuredClone may be of another realm, which isDeepStrictEqual tells apart
  if (Array.isArray(value)) return Array.from(value, withoutNothing);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => !isNothing(v))
      .map(([k, v]) => [k, withoutNothing(v)]),
  );
}
