import type { ScalarType, Shape, Shapes } from "./shape.ts";
import recorded from "./shapes.json" with { type: "json" };

const { kinds, shapes } = recorded as unknown as Shapes;

/** What a value has that its kind has not. Fields as in `spec.containers[0].name`. */
export interface Misfits {
  /** A field that the kind does not know. */
  readonly unknown: (field: string) => void;
  /** A value that cannot be read as what the field is: `wanted` in a word or two. */
  readonly wrong: (field: string, wanted: string, value: unknown) => void;
  /** An element of a keyed list that is there twice. */
  readonly twice?: (field: string, key: string) => void;
}

/** The shape of a kind of Kubernetes itself; undefined for every other. */
export function shapeOfKind({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): Shape | undefined {
  return shapes[kinds[`${apiVersion}/${kind}`] ?? ""];
}

/**
 * The value as a server reads it: without fields that are unknown or null. The value itself where that is all of it. `known` has been read
 * before: what is the very same there is not read again.
 */
export function fit(shape: Shape, value: unknown, hear: Misfits, { path = "", known }: { path?: string; known?: unknown } = {}): unknown {
  if (value === known && value !== undefined) return value;
  switch (shape.type) {
    case "any":
      return value;
    case "ref": {
      const named = shapes[shape.name];
      return named === undefined ? value : fit(named, value, hear, { path, known });
    }
    case "scalar": {
      const wanted = misreading(shape.of, value);
      if (wanted !== undefined) hear.wrong(path, wanted, value);
      return value;
    }
    case "list":
      return fitList(shape, value, hear, path);
    case "map":
    case "object":
      return fitFields(shape, value, hear, { path, known });
  }
}

function fitFields(
  shape: Shape & { type: "map" | "object" },
  value: unknown,
  hear: Misfits,
  { path, known: before }: { readonly path: string; readonly known: unknown },
): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    hear.wrong(path, "object", value);
    return value;
  }
  let changed: Record<string, unknown> | undefined;
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const known = shape.type === "map" ? shape.values : Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    const where = path === "" ? name : `${path}.${name}`;
    if (known === undefined) hear.unknown(where);
    const read =
      known === undefined || field === null
        ? undefined
        : fit(known, field, hear, { path: where, known: (before as Record<string, unknown> | undefined)?.[name] });
    // a null in a map is an empty value, which is as good as none
    if (read === field) continue;
    changed ??= { ...value };
    if (read === undefined) delete changed[name];
    else changed[name] = read;
  }
  return changed ?? value;
}

function fitList(shape: Shape & { type: "list" }, value: unknown, hear: Misfits, path: string): unknown {
  if (!Array.isArray(value)) {
    hear.wrong(path, "array", value);
    return value;
  }
  const items: readonly unknown[] = value;
  const read = items.map((item, index) => fit(shape.items, item, hear, { path: `${path}[${index}]` }));
  if (hear.twice !== undefined && items.length > 1) tellTwice(shape, items, path, hear.twice);
  return read.every((item, index) => item === items[index]) ? value : read;
}

function tellTwice(
  { keys, set }: Shape & { type: "list" },
  items: readonly unknown[],
  path: string,
  twice: NonNullable<Misfits["twice"]>,
): void {
  if (keys === undefined && set !== true) return;
  const seen = new Set<string>();
  for (const item of items) {
    // of the keys in use only that of a port has a default
    const key = keys === undefined ? JSON.stringify(item) : keys.map((k) => JSON.stringify(keyOf(item, k))).join(",");
    if (seen.has(key)) twice(path, key);
    seen.add(key);
  }
}

function keyOf(item: unknown, key: string): unknown {
  const value = (item as Readonly<Record<string, unknown>> | null)?.[key];
  return value === undefined && key === "protocol" ? "TCP" : value;
}

/** What a scalar should have been; undefined where it is that. */
function misreading(of: ScalarType, value: unknown): string | undefined {
  switch (of) {
    case "string":
    case "boolean":
    case "number":
      return typeof value === of ? undefined : of;
    case "int32":
      return Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31 ? undefined : "int32";
    case "int64":
      return Number.isInteger(value) ? undefined : "int64";
    case "intOrString":
      return typeof value === "string" || Number.isInteger(value) ? undefined : "int or string";
    case "quantity":
      return isQuantity(value) ? undefined : "quantity";
    case "bytes":
      return typeof value === "string" && isBase64(value) ? undefined : "base64";
    case "time":
      return typeof value === "string" && timePattern.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : "time";
    case "microTime":
      return typeof value === "string" && microTimePattern.test(value) ? undefined : "time of six decimals";
  }
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const microTimePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;
const quantityPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

function isQuantity(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && quantityPattern.test(value));
}

function isBase64(text: string): boolean {
  // as Go reads it: line breaks aside, whole groups of four
  const clean = /[\r\n]/.test(text) ? text.replaceAll(/[\r\n]/g, "") : text;
  return clean.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(clean);
}
