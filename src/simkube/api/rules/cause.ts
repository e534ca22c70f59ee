import type { RefusedField } from "../refused.ts";

/** What is wrong with an object, one field after another. */
export type Causes = Generator<RefusedField, void>;

export function required(field: string, why = ""): RefusedField {
  return { field, reason: "FieldValueRequired", message: `Required value${why === "" ? "" : `: ${why}`}` };
}

export function invalid(field: string, value: unknown, why: string): RefusedField {
  return { field, reason: "FieldValueInvalid", message: `Invalid value: ${shown(value)}: ${why}` };
}

export function immutable(field: string, value: unknown): RefusedField {
  return invalid(field, value, "field is immutable");
}

export function duplicate(field: string, value: unknown): RefusedField {
  return { field, reason: "FieldValueDuplicate", message: `Duplicate value: ${shown(value)}` };
}

export function forbidden(field: string, why: string): RefusedField {
  return { field, reason: "FieldValueForbidden", message: `Forbidden: ${why}` };
}

export function notFoundThere(field: string, value: unknown): RefusedField {
  return { field, reason: "FieldValueNotFound", message: `Not found: ${shown(value)}` };
}

export function notSupported(field: string, value: unknown, known: readonly string[]): RefusedField {
  const list = known.map((word) => JSON.stringify(word)).join(", ");
  return { field, reason: "FieldValueNotSupported", message: `Unsupported value: ${shown(value)}: supported values: ${list}` };
}

export function tooLong(field: string, bytes: number): RefusedField {
  return { field, reason: "FieldValueTooLong", message: `Too long: may not be more than ${bytes} bytes` };
}

/** A word that has to be one of these, where it is set. */
export function* oneOf(field: string, value: string | undefined, known: readonly string[]): Causes {
  if (value !== undefined && value !== "" && !known.includes(value)) yield notSupported(field, value, known);
}

/** A number that must not be below `least`, where it is set. */
export function* atLeast(field: string, value: number | undefined, least: number): Causes {
  if (value !== undefined && value < least) yield invalid(field, value, `must be greater than or equal to ${least}`);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}
