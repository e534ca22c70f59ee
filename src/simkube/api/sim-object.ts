import type { KubeObject } from "../../kube/object.ts";

/** A stored object: plain JSON that is never changed, only replaced. */
export type SimObject = KubeObject & { readonly [field: string]: unknown };

/** The value of a field, as an object; empty where it is none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A copy, as it would come over the wire. */
export function wireCopy<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** RFC 3339 of milliseconds since 1970, in whole seconds. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
