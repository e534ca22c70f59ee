type Fields = Record<string, unknown>;

/** Lists that the API server merges, and the key of their elements; every other list is one value. */
function keyOf(list: string, item: Fields): string | undefined {
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

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isKeyed = (name: string, list: readonly unknown[]): list is Fields[] =>
  list.length > 0 && list.every((item) => isFields(item) && keyOf(name, item) !== undefined);

/**
 * What an object becomes when one manager applies `config`, having applied `before` earlier: everything in `config` is so, and what
 * only this manager had said and no longer says is gone. `others` is what other managers have applied.
 */
export function applyConfig(current: Fields, before: Fields | undefined, config: Fields, others: readonly Fields[]): Fields {
  const kept = before === undefined ? current : without(current, before, config, others);
  return merged(kept, config);
}

function merged(current: Fields, config: Fields): Fields {
  const out: Fields = { ...current };
  for (const [name, value] of Object.entries(config)) {
    const old = out[name];
    if (value === null || value === undefined) continue;
    if (isFields(value) && isFields(old)) out[name] = merged(old, value);
    else if (Array.isArray(value) && isKeyed(name, value) && Array.isArray(old) && isKeyed(name, old))
      out[name] = mergedList(name, old, value);
    else out[name] = value;
  }
  return out;
}

function mergedList(name: string, old: readonly Fields[], wanted: readonly Fields[]): Fields[] {
  const rest = new Map(old.map((item) => [keyOf(name, item), item]));
  const out = wanted.map((item) => {
    const key = keyOf(name, item);
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
        const key = keyOf(name, item);
        return wanted.has(key) || foreign.has(key) || !keysIn(name, value).includes(key);
      });
      out[name] = left.map((item) => {
        const find = (list: unknown) =>
          Array.isArray(list) ? list.filter(isFields).find((i) => keyOf(name, i) === keyOf(name, item)) : undefined;
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
    } else if (isFields(value) && isFields(there)) {
      const left = without(there, value, isFields(mine) ? mine : {}, theirs.filter(isFields));
      if (Object.keys(left).length === 0 && mine === undefined) delete out[name];
      else out[name] = left;
    } else if (mine === undefined && theirs.length === 0) delete out[name];
  }
  return out;
}

function keysIn(name: string, list: unknown): (string | undefined)[] {
  return Array.isArray(list) ? list.filter(isFields).map((item) => keyOf(name, item)) : [];
}
