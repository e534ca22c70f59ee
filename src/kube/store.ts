import type { ListSelection } from "./kube.ts";
import type { KubeObject, ObjectKey } from "./object.ts";

/** What happened to an object of a store. A new object under an old name is a deletion and an addition. */
export type StoreChange<T extends KubeObject = KubeObject> =
  | { type: "added"; object: T }
  /** `isOwn`: this process has written it, and knows. */
  | { type: "modified"; object: T; old: T; isOwn?: true }
  | { type: "deleted"; object: T };

/** The objects of one kind, by name, with indexes by namespace, by owner and by some labels. Objects are kept as given, not copied. */
export interface ObjectStore<T extends KubeObject> {
  readonly size: number;
  get(key: ObjectKey): T | undefined;
  /** In no promised order. */
  list(selection?: ListSelection): T[];
  /** Puts an object in; the same version of the same object is no change. */
  put(object: T): StoreChange<T>[];
  remove(key: ObjectKey): StoreChange<T>[];
  /** Every object; not to be changed meanwhile. */
  values(): Iterable<T>;
}

/**
 * @param labelKeys Labels that selections often name; each costs an index.
 * @example
 * const store = createObjectStore<Pod>(["app"]);
 * store.put(pod);
 * const pods = store.list({ namespace: "default", labels: { app: "web" } });
 */
export function createObjectStore<T extends KubeObject>(labelKeys: readonly string[] = []): ObjectStore<T> {
  const byNamespace = new Map<string, Map<string, T>>();
  const indexes = createIndexes<T>(labelKeys);
  let size = 0;

  const get = (key: ObjectKey): T | undefined => byNamespace.get(key.namespace ?? "")?.get(key.name);

  function* values(): Generator<T> {
    for (const names of byNamespace.values()) yield* names.values();
  }

  /** The smallest set that has all that is asked for. */
  const candidates = (selection: ListSelection): Iterable<T> => {
    if (selection.ownerUid !== undefined) return indexes.ownedBy(selection.ownerUid);
    const best = indexes.labelled(selection.labels ?? {});
    if (best?.size === 0) return best;
    const names = selection.namespace === undefined ? undefined : byNamespace.get(selection.namespace);
    if (selection.namespace !== undefined && names === undefined) return [];
    if (best !== undefined && (names === undefined || best.size <= names.size)) return best;
    return names?.values() ?? values();
  };

  return {
    get size() {
      return size;
    },
    get,
    values,
    list: (selection = {}) => {
      const found: T[] = [];
      for (const object of candidates(selection)) if (isSelected(object, selection)) found.push(object);
      return found;
    },
    put: (object) => {
      const { namespace = "", name = "" } = object.metadata;
      const old = get({ namespace, name });
      if (old !== undefined && isSameVersion(old, object)) return [];
      if (old !== undefined) indexes.remove(old);
      else size++;
      let names = byNamespace.get(namespace);
      if (names === undefined) byNamespace.set(namespace, (names = new Map()));
      names.set(name, object);
      indexes.add(object);
      if (old === undefined) return [{ type: "added", object }];
      if (old.metadata.uid === object.metadata.uid) return [{ type: "modified", object, old }];
      return [
        { type: "deleted", object: old },
        { type: "added", object },
      ];
    },
    remove: (key) => {
      const old = get(key);
      if (old === undefined) return [];
      const names = byNamespace.get(key.namespace ?? "");
      names?.delete(key.name);
      if (names?.size === 0) byNamespace.delete(key.namespace ?? "");
      indexes.remove(old);
      size--;
      return [{ type: "deleted", object: old }];
    },
  };
}

/** Objects by owner and by some labels. */
interface Indexes<T extends KubeObject> {
  add(object: T): void;
  remove(object: T): void;
  ownedBy(uid: string): ReadonlySet<T>;
  /** The smallest set that has every object with these labels; undefined where none of them is indexed. */
  labelled(labels: Readonly<Record<string, string>>): ReadonlySet<T> | undefined;
}

function createIndexes<T extends KubeObject>(labelKeys: readonly string[]): Indexes<T> {
  const byOwner = new Map<string, Set<T>>();
  const byLabel = new Map<string, Map<string, Set<T>>>(labelKeys.map((key) => [key, new Map()]));
  const none: ReadonlySet<T> = new Set();
  const change = (to: typeof addTo<T>, object: T): void => {
    for (const owner of object.metadata.ownerReferences ?? []) to(byOwner, owner.uid, object);
    for (const [key, values] of byLabel) {
      const value = object.metadata.labels?.[key];
      if (value !== undefined) to(values, value, object);
    }
  };
  return {
    add: (object) => change(addTo, object),
    remove: (object) => change(removeFrom, object),
    ownedBy: (uid) => byOwner.get(uid) ?? none,
    labelled: (labels) => {
      let best: ReadonlySet<T> | undefined;
      for (const [key, value] of Object.entries(labels)) {
        const found = byLabel.get(key)?.get(value) ?? (byLabel.has(key) ? none : undefined);
        if (found !== undefined && (best === undefined || found.size < best.size)) best = found;
      }
      return best;
    },
  };
}

/**
 * Whether a selection names the object.
 *
 * @example const pods = all.filter((pod) => isSelected(pod, { labels: { app: "web" } }));
 */
export function isSelected(object: KubeObject, selection: ListSelection): boolean {
  const { namespace, labels, ownerReferences } = object.metadata;
  if (selection.namespace !== undefined && namespace !== selection.namespace) return false;
  if (selection.ownerUid !== undefined && !(ownerReferences?.some((owner) => owner.uid === selection.ownerUid) ?? false)) return false;
  if (selection.about !== undefined && (object as { involvedObject?: { uid?: string } }).involvedObject?.uid !== selection.about)
    return false;
  return Object.entries(selection.labels ?? {}).every(([key, value]) => labels?.[key] === value);
}

function isSameVersion(a: KubeObject, b: KubeObject): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    a.metadata.resourceVersion !== undefined &&
    a.metadata.resourceVersion === b.metadata.resourceVersion
  );
}

function addTo<T>(index: Map<string, Set<T>>, key: string, object: T): void {
  const set = index.get(key);
  if (set === undefined) index.set(key, new Set([object]));
  else set.add(object);
}

function removeFrom<T>(index: Map<string, Set<T>>, key: string, object: T): void {
  const set = index.get(key);
  set?.delete(object);
  if (set?.size === 0) index.delete(key);
}
