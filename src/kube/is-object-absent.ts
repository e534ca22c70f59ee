import { isKubeError } from "./kube-error.ts";

/**
 * Whether the server said that it has no such object. Where the kind itself is unknown, such as a CRD that is not installed, the server
 * names no object, and that is an error to tell.
 *
 * @example if (isObjectAbsent(error)) return undefined;
 */
export function isObjectAbsent(error: unknown): boolean {
  return isKubeError(error, "notFound") && error.status?.details?.name !== undefined;
}
