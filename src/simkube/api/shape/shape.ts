/** What a value of a built-in kind may look like, as the API server's OpenAPI has it: names and types, without words. */
export type Shape =
  | { readonly type: "object"; readonly fields: Readonly<Record<string, Shape>> }
  /** An object with any names, all of one shape. */
  | { readonly type: "map"; readonly values: Shape }
  /** `keys`: a list that appliers merge by these fields; `set`: by the words themselves. */
  | { readonly type: "list"; readonly items: Shape; readonly keys?: readonly string[]; readonly set?: true }
  /** A shape with a name, `core.v1.EnvVar`. */
  | { readonly type: "ref"; readonly name: string }
  | { readonly type: "scalar"; readonly of: ScalarType }
  | { readonly type: "any" };

/** How a scalar is written. `bytes` is base64, `microTime` has six decimals. */
export type ScalarType = "string" | "boolean" | "int32" | "int64" | "number" | "bytes" | "quantity" | "intOrString" | "time" | "microTime";

/** The recorded shapes, and which of them each kind has, by `apps/v1/Deployment`. */
export interface Shapes {
  readonly kinds: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}
