/** A node of a structural OpenAPI v3 schema, as far as it is judged by. */
export interface Structural {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Structural>>;
  readonly items?: Structural;
  readonly additionalProperties?: Structural | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
}

type Fields = Record<string, unknown>;

/** What a schema finds wrong with a value. */
export interface SchemaProblem {
  /** `spec.mon.count` */
  readonly field: string;
  /** In the API server's words. */
  readonly message: string;
  readonly reason: "FieldValueInvalid" | "FieldValueRequired" | "FieldValueNotSupported" | "FieldValueTypeInvalid";
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** The value without what the schema does not know; `unknown` hears of each such field. The root's own metadata is not touched. */
export function prune(schema: Structural, value: unknown, unknown: (field: string) => void = () => {}, path = ""): unknown {
  if (Array.isArray(value))
    return schema.items === undefined
      ? value
      : value.map((item, index) => prune(schema.items ?? {}, item, unknown, `${path}[${String(index)}]`));
  if (!isFields(value)) return value;
  const keepAll = schema["x-kubernetes-preserve-unknown-fields"] === true || schema["x-kubernetes-embedded-resource"] === true;
  const out: Fields = {};
  for (const [name, field] of Object.entries(value)) {
    const where = path === "" ? name : `${path}.${name}`;
    const known = schema.properties?.[name];
    const open = schema.additionalProperties;
    if (path === "" && (name === "metadata" || name === "apiVersion" || name === "kind")) out[name] = field;
    else if (known !== undefined) out[name] = prune(known, field, unknown, where);
    else if (typeof open === "object") out[name] = prune(open, field, unknown, where);
    else if (keepAll || open === true) out[name] = field;
    else unknown(where);
  }
  return out;
}

/** The value without nulls that the schema neither allows nor has a default for, but for those in lists. */
export function withoutNulls(schema: Structural | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(schema?.items, item));
  if (!isFields(value)) return value;
  const out: Fields = {};
  for (const [name, field] of Object.entries(value)) {
    const open = schema?.additionalProperties;
    const known = schema?.properties?.[name] ?? (typeof open === "object" ? open : undefined);
    if (field === null && known !== undefined && known.nullable !== true && known.default === undefined) continue;
    out[name] = withoutNulls(known, field);
  }
  return out;
}

/** The value with the schema's defaults where a field is absent. */
export function withSchemaDefaults(schema: Structural, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => withSchemaDefaults(items, item));
  }
  if (!isFields(value)) return value;
  const out: Fields = { ...value };
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (out[name] === undefined && property.default !== undefined) out[name] = property.default;
    if (out[name] === null && property.nullable !== true) {
      // the API server drops a null that is not allowed where there is a default
      if (property.default !== undefined) out[name] = property.default;
    }
    if (out[name] !== undefined) out[name] = withSchemaDefaults(property, out[name]);
  }
  const open = schema.additionalProperties;
  if (typeof open === "object")
    for (const [name, field] of Object.entries(out))
      if (schema.properties?.[name] === undefined) out[name] = withSchemaDefaults(open, field);
  return out;
}

/** Everything that is wrong with the value. CEL rules are not judged. */
export function problemsOf(schema: Structural, value: unknown, path = ""): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const say = (message: string, reason: SchemaProblem["reason"] = "FieldValueInvalid") => problems.push({ field: path, message, reason });
  if (value === null) {
    if (schema.nullable !== true && path !== "")
      say(`Invalid value: "null": ${path} in body must be of type ${schema.type ?? "object"}: "null"`, "FieldValueTypeInvalid");
    return problems;
  }
  if (schema["x-kubernetes-int-or-string"] === true) {
    if (typeof value !== "string" && !Number.isInteger(value)) say(typeProblem(path, "integer,string", value), "FieldValueTypeInvalid");
  } else if (schema.type !== undefined && !hasType(schema.type, value)) {
    say(typeProblem(path, schema.type, value), "FieldValueTypeInvalid");
    return problems;
  }
  if (schema.enum !== undefined && !schema.enum.includes(value))
    say(
      `Unsupported value: ${JSON.stringify(value)}: supported values: ${schema.enum.map((v) => JSON.stringify(v)).join(", ")}`,
      "FieldValueNotSupported",
    );
  if (typeof value === "string") {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value))
      say(`Invalid value: ${JSON.stringify(value)}: ${path} in body should match '${schema.pattern}'`);
    if (schema.minLength !== undefined && value.length < schema.minLength)
      say(`Invalid value: ${JSON.stringify(value)}: ${path} in body should be at least ${schema.minLength} chars long`);
    if (schema.maxLength !== undefined && value.length > schema.maxLength) say(`Too long: may not be more than ${schema.maxLength} bytes`);
  }
  if (typeof value === "number") {
    if (schema.minimum !== undefined && value < schema.minimum)
      say(`Invalid value: ${value}: ${path} in body should be greater than or equal to ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum)
      say(`Invalid value: ${value}: ${path} in body should be less than or equal to ${schema.maximum}`);
  }
  if (Array.isArray(value)) {
    if (schema.minItems !== undefined && value.length < schema.minItems)
      say(`Invalid value: ${value.length}: ${path} in body should have at least ${schema.minItems} items`);
    if (schema.maxItems !== undefined && value.length > schema.maxItems)
      say(`Too many: ${value.length}: must have at most ${schema.maxItems} items`);
    const { items } = schema;
    if (items !== undefined) value.forEach((item, index) => problems.push(...problemsOf(items, item, `${path}[${index}]`)));
  } else if (isFields(value)) {
    for (const name of schema.required ?? [])
      if (value[name] === undefined) problems.push({ field: join(path, name), message: "Required value", reason: "FieldValueRequired" });
    for (const [name, field] of Object.entries(value)) {
      const open = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
      const known = schema.properties?.[name] ?? open;
      if (known !== undefined && field !== undefined && !(path === "" && name === "metadata"))
        problems.push(...problemsOf(known, field, join(path, name)));
    }
  }
  return problems;
}

const join = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);

function hasType(type: string, value: unknown): boolean {
  switch (type) {
    case "object":
      return isFields(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    default:
      return typeof value === type;
  }
}

function typeProblem(path: string, wanted: string, value: unknown): string {
  const is = Array.isArray(value) ? "array" : isFields(value) ? "object" : Number.isInteger(value) ? "integer" : typeof value;
  const shown = typeof value === "object" ? `"${is}"` : JSON.stringify(value);
  return `Invalid value: ${shown}: ${path} in body must be of type ${wanted}: "${is}"`;
}
