import type { DeleteOptions, Kube } from "./kube.ts";
import type { Kind, KubeObject, ObjectKey } from "./object.ts";

/** What the server answered to a delete. */
export type DeleteOutcome<T extends KubeObject> =
  | { type: "absent" }
  /** It is no more; `uid` is whose end it was, where the server says so. */
  | { type: "gone"; uid?: string }
  /** It waits for its finalizers, its dependents or its grace period. */
  | { type: "terminating"; object: T };

/** A `Kube` that also tells what became of a deleted object, for a cache that shows one's own writes at once. */
export interface DeleteTeller {
  deleteAndTell<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<DeleteOutcome<T>>;
}

/**
 * Whether `kube` tells.
 *
 * @example
 * const key = { namespace: "default", name: "web" };
 * if (tellsDeletes(kube)) console.log((await kube.deleteAndTell(Pod, key)).type);
 */
export function tellsDeletes(kube: Kube): kube is Kube & DeleteTeller {
  return "deleteAndTell" in kube && typeof kube.deleteAndTell === "function";
}
