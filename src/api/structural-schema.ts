import { z } from "zod";

/** A node of an OpenAPI v3 schema as CustomResourceDefinitions have it. */
export interface Structural {
  type?: string;
  properties?: Record<string, Structural>;
  items?: Structural;
  additionalProperties?: Structural;
  required?: string[];
  [keyword: string]: unknown;
}

/** The schema of a zod type, in the form that the API server calls structural. */
export function structuralSchema(type: z.ZodType): Structural {
  const { $schema: _schema, ...schema } = z.toJSONSchema(type, {
    target: "openapi-3.0",
    io: "input",
    unrepresentable: "any",
  }) as Structural;
  return tidy(schema);
}

/** The bounds that `z.int()` brings along; they say no more than the format does. */
const safe = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

function tidy(schema: Structural): Structural {
  const { additionalProperties, properties, items, ...rest } = schema;
  const out: Structural = { ...rest };
  if (out["minimum"] === safe[0]) delete out["minimum"];
  if (out["maximum"] === safe[1]) delete out["maximum"];
  delete out["propertyNames"];
  if (properties !== undefined) out.properties = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, tidy(value)]));
  if (items !== undefined) out.items = tidy(items);
  // zod says `additionalProperties: false` of closed objects; the API server prunes instead
  if (typeof additionalProperties === "object") out.additionalProperties = tidy(additionalProperties);
  return out;
}
