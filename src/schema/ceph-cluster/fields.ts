import { z } from "zod";

// Each makes an optional field with its description, so that a schema reads as a list of what there is.

export const flag = (description: string) => z.boolean().describe(description).optional();

export const text = (description: string) => z.string().describe(description).optional();

export const texts = (description: string) => z.array(z.string()).describe(description).optional();

/** A text that the API server holds to a pattern. */
export const textLike = (pattern: string, description: string) => z.string().regex(new RegExp(pattern)).describe(description).optional();

/** One of these words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T, description: string) =>
  z.enum(words).describe(description).optional();

/** A whole number; `format` is the wire's integer size where Rook states one. */
export const whole = (description: string, limits: { minimum?: number; maximum?: number; format?: "int32" | "int64" } = {}) =>
  z
    .int()
    .meta({ ...limits, description })
    .optional();

/** A TCP port; `from` 0 lets 0 stand for the default. */
export const port = (description: string, from: 0 | 1 = 0) => whole(description, { minimum: from, maximum: 65_535 });

/** A share of a whole, 0 to 1. */
export const ratio = (description: string) => z.number().min(0).max(1).describe(description).nullable().optional();

/** Text by name. */
export const textMap = (description: string) => z.record(z.string(), z.string()).describe(description).nullable().optional();

/** Rules in CEL that the API server checks; a rule with `oldSelf` compares with what was there before. */
export const rules = (...validations: readonly { readonly rule: string; readonly message: string }[]) => ({
  "x-kubernetes-validations": validations,
});
