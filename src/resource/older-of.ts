import type { KubeObject } from "../kube/object.ts";

/**
 * Of several objects that name one thing in Ceph, the oldest is about it, and the others are told so; one that is being deleted counts until
 * it is gone. Undefined where `object` itself is. `thingOf` answers the thing's name.
 */
export function olderOf<T extends KubeObject>(object: T, all: readonly T[], thingOf: (each: T) => string): T | undefined {
  const age = ({ metadata }: T) => `${metadata.creationTimestamp ?? ""} ${metadata.uid ?? ""}`;
  const others = all.filter((other) => other.metadata.uid !== object.metadata.uid && thingOf(other) === thingOf(object));
  return others.filter((other) => age(other) < age(object)).sort((a, b) => (age(a) < age(b) ? -1 : 1))[0];
}
