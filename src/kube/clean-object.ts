import type { Kind, KubeObject } from "./object.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Makes an object from the server fit to be kept: stamps kind and apiVersion, which items of lists lack, and drops what is large
 * and never looked at (`managedFields`, kubectl's copy of the whole object). Changes it in place.
 *
 * @example const pods = body.items.map((item) => cleanObject(Pod, item));
 */
export function cleanObject<T extends KubeObject>(kind: Kind<T>, object: T): T {
  object.kind ??= kind.kind;
  object.apiVersion ??= kind.apiVersion;
  object.metadata ??= {};
  delete object.metadata.managedFields;
  const annotations = object.metadata.annotations;
  if (annotations?.[lastApplied] !== undefined) {
    delete annotations[lastApplied];
    if (Object.keys(annotations).length === 0) delete object.metadata.annotations;
  }
  return object;
}
