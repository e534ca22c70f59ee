import type { KubeObject } from "../../kube/object.ts";

/** Objects by something that several of them may have in common, such as their owner or their node. */
export interface ObjectIndex<T extends KubeObject> {
  /** Puts the object in, or where it is not there any more, takes it out. Without a name it is in no index. */
  keep(name: string | undefined, object: T, isThere: boolean): void;
  of(name: string): T[];
}

/** An empty index. */
export function createObjectIndex<T extends KubeObject>(): ObjectIndex<T> {
  const index = new Map<string, Map<string, T>>();
  return {
    keep: (name, object, isThere) => {
      if (name === undefined) return;
      const found = index.get(name) ?? new Map<string, T>();
      if (isThere) index.set(name, found.set(object.metadata.uid ?? "", object));
      else if (found.delete(object.metadata.uid ?? "") && found.size === 0) index.delete(name);
    },
    of: (name) => [...(index.get(name)?.values() ?? [])],
  };
}
