import { isFields, listKeyOf } from "./server-side-apply.ts";

type Fields = Record<string, unknown>;

/**
 * A strategic merge patch, as `kubectl apply` and `kubectl edit` send it for Kubernetes' own kinds: like RFC 7386, but lists with a
 * key merge by it, and directives take elements away.
 */
export function strategicMerge(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  const out: Fields = isFields(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith("$setElementOrder/") || name === "$patch") continue;
    if (name === "$retainKeys") {
      const kept = value as readonly string[];
      for (const key of Object.keys(out)) if (!kept.includes(key)) delete out[key];
      continue;
    }
    if (name.startsWith("$deleteFromPrimitiveList/")) {
      const list = name.slice("$deleteFromPrimitiveList/".length);
      const gone = value as readonly unknown[];
      if (Array.isArray(out[list])) out[list] = out[list].filter((item) => !gone.includes(item));
      continue;
    }
    if (value === null || (isFields(value) && value["$patch"] === "delete")) delete out[name];
    else if (Array.isArray(value)) out[name] = mergedList(name, Array.isArray(out[name]) ? out[name] : [], value);
    else out[name] = strategicMerge(out[name], value);
  }
  return out;
}

function mergedList(name: string, old: readonly unknown[], patch: readonly unknown[]): unknown[] {
  if (name === "finalizers") return [...new Set([...old, ...patch])];
  const items = patch.filter(isFields);
  if (items.length === 0 || items.length !== patch.length || items.some((item) => listKeyOf(name, item) === undefined)) return [...patch];
  const replaced = items.some((item) => item["$patch"] === "replace");
  const out = replaced ? [] : old.filter(isFields);
  for (const item of items) {
    if (item["$patch"] === "replace") continue;
    const index = out.findIndex((each) => listKeyOf(name, each) === listKeyOf(name, item));
    if (item["$patch"] === "delete") {
      if (index >= 0) out.splice(index, 1);
    } else if (index < 0) out.push(strategicMerge({}, item) as Fields);
    else out[index] = strategicMerge(out[index], item) as Fields;
  }
  return out;
}

function withoutDirectives(patch: Fields): Fields {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith("$")));
}
