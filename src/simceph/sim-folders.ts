import { createHash } from "node:crypto";

/** What Ceph's Pods have written into folders of their nodes: by path, what it is known by. It outlives the Pods. */
export interface SimFolders {
  /** Of a node, in order of their paths. A mon's folder (`…/mon-a`) has the key of its cluster's mons, every other one an empty text. */
  on(node: string): ReadonlyMap<string, string>;
  write(node: string, path: string, known: string): void;
  remove(node: string, path: string): void;
  /** What is in all folders, to begin others with. */
  save(): SimFoldersState;
}

/** Folders by node and path. */
export type SimFoldersState = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Nodes without any, or with those of `from`. */
export function createSimFolders(from?: SimFoldersState): SimFolders {
  const known = new Map([...(from ?? [])].map(([node, folders]) => [node, new Map(folders)]));
  const of = (node: string): Map<string, string> => {
    const folders = known.get(node) ?? new Map<string, string>();
    known.set(node, folders);
    return folders;
  };
  return {
    on: (node) => new Map([...of(node)].sort(([a], [b]) => (a < b ? -1 : 1))),
    write: (node, path, by) => void of(node).set(path, by),
    remove: (node, path) => void of(node).delete(path),
    save: () => structuredClone(known),
  };
}

/** What a key is known by here: nobody who prints it tells the key. */
export function nameOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
