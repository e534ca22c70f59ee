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

/**
 * The schema of a zod type, in the form that the API server calls structural. It knows what the schemas here are made of; a type
 * that zod writes with `anyOf` or `oneOf` (a union, a tuple) is refused by the API server, and by the test of the CRD before.
 */
export function structuralSchema(type: z.ZodType): Structural {
  const { $schema: _schema, ...schema } = z.toJSONSchema(type, {
    target: "openapi-3.0",
    io: "input",
    unrepresentable: "any",
  }) as Structural;
  return tidy(schema);
}

/** The bounds that `z.int()` brings along; they say no more than the format does. */
const safe = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;

function tidy(schema: Structural): Structural {
  const {
    type,
    description,
    nullable,
    pattern,
    minimum,
    maximum,
    properties,
    items,
    additionalProperties,
    propertyNames: _names,
    ...rest
  } = schema;
  return {
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
    ...(nullable === undefined ? {} : { nullable }),
    ...rest,
    // a slash needs an escape in JavaScript only
    ...(typeof pattern === "string" ? { pattern: pattern.replaceAll("\\/", "/") } : {}),
    ...(minimum === undefined || minimum === safe[0] ? {} : { minimum }),
    ...(maximum === undefined || maximum === safe[1] ? {} : { maximum }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, tidy(value)])) }),
    ...(items === undefined ? {} : { items: tidy(items) }),
    // zod says `additionalProperties: false` of closed objects; the API server prunes instead
    ...(typeof additionalProperties === "object" ? { additionalProperties: tidy(additionalProperties) } : {}),
  };
}
