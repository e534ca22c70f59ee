import type { KubeObject } from "./object.ts";

/**
 * Which spec of which object it is: equal for two views of an object exactly when no client made it again or gave it another spec between them. A
 * change of its status or labels changes nothing of it.
 *
 * @example const isSame = specVersionOf(before) === specVersionOf(after);
 */
export function specVersionOf({ metadata: { uid, generation } }: KubeObject): string {
  return `${uid ?? ""} ${generation ?? 0}`;
}
