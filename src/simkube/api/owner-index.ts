import type { ObjectMeta } from "../../kube/object.ts";

/** Who owns what, and which owners the garbage collection has to look at. Objects are named by an entry, which is any text. */
export interface OwnerIndex {
  /** An object with this UID is there. */
  born(uid: string): void;
  isAlive(uid: string): boolean;
  /** The entry's owners are those of `now`, and no longer those of `before`. */
  link(entry: string, now: ObjectMeta, before: ObjectMeta | undefined): void;
  /** The object is gone: its dependents may have to go, and an owner that waits for it may go. */
  died(entry: string, last: ObjectMeta): void;
  /** The owner's dependents have to be looked at. */
  mark(uid: string): void;
  /** Takes one of the marked owners; undefined where there is none. */
  takeMarked(): string | undefined;
  /** Entries that name this owner. */
  dependentsOf(uid: string): readonly string[];
  /** Nothing names this owner any more. */
  forget(uid: string): void;
}

/** An empty index. */
export function createOwnerIndex(): OwnerIndex {
  /** Owner's UID to the objects that name it. */
  const dependents = new Map<string, Set<string>>();
  const alive = new Set<string>();
  /** UIDs of owners whose dependents may have to go. */
  const marked = new Set<string>();
  return {
    born: (uid) => void alive.add(uid),
    isAlive: (uid) => alive.has(uid),
    link: (entry, now, before) => {
      const owners = now.ownerReferences ?? [];
      for (const { uid: owner } of before?.ownerReferences ?? [])
        if (!owners.some((o) => o.uid === owner)) dependents.get(owner)?.delete(entry);
      for (const { uid: owner } of owners) {
        const set = dependents.get(owner) ?? new Set<string>();
        dependents.set(owner, set.add(entry));
        // an owner that is not there, or goes: the garbage collection has to look
        if (!alive.has(owner)) marked.add(owner);
      }
    },
    died: (entry, { uid = "", ownerReferences = [] }) => {
      alive.delete(uid);
      if (dependents.has(uid)) marked.add(uid);
      for (const { uid: owner, blockOwnerDeletion } of ownerReferences) {
        dependents.get(owner)?.delete(entry);
        // an owner that waits for its dependents may go now
        if (blockOwnerDeletion !== undefined) marked.add(owner);
      }
    },
    mark: (uid) => void marked.add(uid),
    takeMarked: () => {
      for (const uid of marked) {
        marked.delete(uid);
        return uid;
      }
      return undefined;
    },
    dependentsOf: (uid) => [...(dependents.get(uid) ?? [])],
    forget: (uid) => void dependents.delete(uid),
  };
}
