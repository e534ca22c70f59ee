import { isDeepStrictEqual } from "node:util";

type Fields = Record<string, unknown>;

/** Lists that the API server merges, and the key of their elements; every other list is one value. */
export function listKeyOf(list: string, item: Fields): string | undefined {
  switch (list) {
    case "containers":
    case "initContainers":
    case "env":
    case "volumes":
      return String(item["name"]);
    case "volumeMounts":
      return String(item["mountPath"]);
    case "ports":
      return `${JSON.stringify(item["containerPort"] ?? item["port"])}/${JSON.stringify(item["protocol"] ?? "TCP")}`;
    case "ownerReferences":
      return String(item["uid"]);
    case "conditions":
      return String(item["type"]);
    default:
      return undefined;
  }
}

export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
export const isKeyed = (name: string, list: readonly unknown[]): list is Fields[] =>
  list.length > 0 && list.every((item) => isFields(item) && listKeyOf(name, item) !== undefined);

/** Lists of words that the API server merges as sets. */
const isSet = (name: string, list: unknown): list is string[] => name === "finalizers" && Array.isArray(list);

/**
 * What an object becomes when one manager applies `config`, having applied `before` earlier: everything in `config` is so, and what
 * only this manager had said and no longer says is gone. `others` is what other managers have applied.
 */
export function applyConfig(current: Fields, before: Fields | undefined, config: Fields, others: readonly Fields[]): Fields {
  const kept = before === undefined ? current : without(current, before, config, others);
  return merged(kept, config);
}

/** A field that somebody else has applied with another value. */
export interface OwnershipConflict {
  readonly manager: string;
  /** `.spec.replicas` */
  readonly field: string;
}

/** The fields of `config` that would change what another manager has applied. `others` by manager and door. */
export function ownershipConflicts(
  current: Fields,
  config: Fields,
  others: readonly (readonly [who: string, said: Readonly<Fields>])[],
): OwnershipConflict[] {
  return others.flatMap(([who, said]) =>
    disputed(current, config, said, "").map((field) => ({ manager: who.slice(0, who.lastIndexOf("/")), field })),
  );
}

function disputed(current: unknown, mine: unknown, theirs: unknown, path: string): string[] {
  if (mine === undefined || theirs === undefined) return [];
  if (isFields(mine) && isFields(theirs)) {
    const there = isFields(current) ? current : {};
    return Object.keys(mine).flatMap((name) => {
      const [one, other, now] = [mine[name], theirs[name], there[name]];
      if (Array.isArray(one) && isKeyed(name, one) && Array.isArray(other))
        return one.flatMap((item) => {
          const same = (list: unknown) =>
            Array.isArray(list) ? list.filter(isFields).find((i) => listKeyOf(name, i) === listKeyOf(name, item)) : undefined;
          return disputed(same(now), item, same(other), `${path}.${name}[${listKeyOf(name, item) ?? ""}]`);
        });
      return disputed(now, one, other, `${path}.${name}`);
    });
  }
  return isDeepStrictEqual(current, mine) ? [] : [path];
}

function merged(current: Fields, config: Fields): Fields {
  const out: Fields = { ...current };
  for (const [name, value] of Object.entries(config)) {
    const old = out[name];
    if (value === undefined) continue;
    if (isFields(value) && isFields(old)) out[name] = merged(old, value);
    else if (Array.isArray(value) && isKeyed(name, value) && Array.isArray(old) && isKeyed(name, old))
      out[name] = mergedList(name, old, value);
    else if (isSet(name, value)) out[name] = [...new Set([...(isSet(name, old) ? old : []), ...value])];
    else out[name] = value;
  }
  return out;
}

function mergedList(name: string, old: readonly Fields[], wanted: readonly Fields[]): Fields[] {
  const rest = new Map(old.map((item) => [listKeyOf(name, item), item]));
  const out = wanted.map((item) => {
    const key = listKeyOf(name, item);
    const known = rest.get(key);
    rest.delete(key);
    return known === undefined ? item : merged(known, item);
  });
  return [...out, ...rest.values()];
}

function without(current: Fields, before: Fields, now: Fields, others: readonly Fields[]): Fields {
  const out: Fields = { ...current };
  for (const [name, value] of Object.entries(before)) {
    const theirs = others.flatMap((other) => (name in other ? [other[name]] : []));
    const mine = now[name];
    const there = out[name];
    if (Array.isArray(value) && isKeyed(name, value) && Array.isArray(there) && isKeyed(name, there)) {
      const wanted = new Set(keysIn(name, mine));
      const foreign = new Set(theirs.flatMap((list) => keysIn(name, list)));
      const left = there.filter((item) => {
        const key = listKeyOf(name, item);
        return wanted.has(key) || foreign.has(key) || !keysIn(name, value).includes(key);
      });
      out[name] = left.map((item) => {
        const find = (list: unknown) =>
          Array.isArray(list) ? list.filter(isFields).find((i) => listKeyOf(name, i) === listKeyOf(name, item)) : undefined;
        const was = find(value);
        return was === undefined
          ? item
          : without(
              item,
              was,
              find(mine) ?? {},
              theirs.flatMap((list) => {
                const theirItem = find(list);
                return theirItem === undefined ? [] : [theirItem];
              }),
            );
      });
      if (left.length === 0) delete out[name];
    } else if (isSet(name, value) && isSet(name, there)) {
      const left = there.filter(
        (word) => !value.includes(word) || [mine, ...theirs].some((list) => isSet(name, list) && list.includes(word)),
      );
      if (left.length === 0) delete out[name];
      else out[name] = left;
    } else if (isFields(value) && isFields(there)) {
      const left = without(there, value, isFields(mine) ? mine : {}, theirs.filter(isFields));
      if (Object.keys(left).length === 0 && mine === undefined) delete out[name];
      else out[name] = left;
    } else if (mine === undefined && theirs.length === 0) delete out[name];
  }
  return out;
}

function keysIn(name: string, list: unknown): (string | undefined)[] {
  return Array.isArray(list) ? list.filter(isFields).map((item) => listKeyOf(name, item)) : [];
}
