import type { WatchEvent } from "./kube.ts";
import type { KubeObject, ObjectKey, ObjectMeta } from "./object.ts";
import type { ReflectorSink } from "./reflector.ts";
import type { ObjectStore, StoreChange } from "./store.ts";

/**
 * Brings together, in one store, what a watch tells and what this process wrote itself, which the watch tells only later.
 *
 * Guarantees: a write's result is there at once and is never undone by older news from the watch; an object that the server said is
 * gone does not come back; each change is told once, whoever brought it.
 * Assumptions: versions of one kind are numbers that grow, as Kubernetes promises; a server whose versions are none is followed by
 * the watch alone.
 */
export interface KindCache<T extends KubeObject> extends ReflectorSink<T> {
  /** The result of a write of ours. */
  wrote(object: T): void;
  /** The server said that this object is no more. */
  removed(key: ObjectKey, uid: string): void;
}

export interface KindCacheOptions<T extends KubeObject> {
  store: ObjectStore<T>;
  /** Hears of each change after the store has it. Must not throw. */
  onChange: (change: StoreChange<T>) => void;
  /** Makes an object fit to be kept; may change it in place. */
  prepare?: (object: T) => T;
}

/**
 * A cache that has seen nothing of the watch yet.
 *
 * @example
 * const store = createObjectStore<Pod>();
 * const cache = createKindCache<Pod>({ store, onChange: (change) => console.log(change.type) });
 * cache.wrote(await kube.create(Pod, pod));
 */
export function createKindCache<T extends KubeObject>(options: KindCacheOptions<T>): KindCache<T> {
  const { store, onChange, prepare = (object: T) => object } = options;
  /** How far the watch is. Undefined before the first list. */
  let seen: bigint | undefined;
  /** Versions of our own writes that the watch has not come to yet. */
  const ahead = new Map<string, bigint>();
  /** UIDs of objects that are gone, though the watch has not said so yet. */
  const gone = new Set<string>();

  const tell = (changes: StoreChange<T>[]): void => {
    for (const change of changes) onChange(change);
  };
  const moveTo = (version: bigint | undefined): void => {
    seen = version;
    if (ahead.size === 0) return;
    for (const [key, own] of ahead) if (version === undefined || own <= version) ahead.delete(key);
  };
  const isGone = (object: T): boolean => gone.size > 0 && object.metadata.uid !== undefined && gone.has(object.metadata.uid);

  return {
    replace: (items, version) => {
      moveTo(versionOf(version));
      const listed = new Set<string>();
      const listedUids = new Set<string | undefined>();
      const changes: StoreChange<T>[] = [];
      for (const item of items) {
        listedUids.add(item.metadata.uid);
        if (isGone(item)) continue;
        const key = keyText(item.metadata);
        listed.add(key);
        if (!ahead.has(key)) changes.push(...store.put(prepare(item)));
      }
      const vanished = keysOf(store.values(), (key) => !listed.has(key) && !ahead.has(key));
      for (const key of vanished) changes.push(...store.remove(key));
      for (const uid of gone) if (!listedUids.has(uid)) gone.delete(uid);
      tell(changes);
    },
    event: (event: WatchEvent<T>) => {
      if (event.type === "bookmark") return moveTo(versionOf(event.resourceVersion));
      const { object } = event;
      moveTo(versionOf(object.metadata.resourceVersion));
      if (event.type === "deleted") {
        gone.delete(object.metadata.uid ?? "");
        if (ahead.has(keyText(object.metadata))) return;
        return tell(store.remove(keyOf(object.metadata)));
      }
      if (!isGone(object) && !ahead.has(keyText(object.metadata))) tell(store.put(prepare(object)));
    },
    wrote: (object) => {
      const version = versionOf(object.metadata.resourceVersion);
      // Where the watch is further already, it has told this and what came after it.
      if (version === undefined || seen === undefined || version <= seen || isGone(object)) return;
      const key = keyText(object.metadata);
      const known = ahead.get(key);
      if (known !== undefined && known >= version) return;
      ahead.set(key, version);
      tell(store.put(prepare(object)).map((change) => (change.type === "modified" ? { ...change, isOwn: true } : change)));
    },
    removed: (key, uid) => {
      if (store.get(key)?.metadata.uid !== uid) return;
      gone.add(uid);
      ahead.delete(keyText(key));
      tell(store.remove(key));
    },
  };
}

/** Where those objects are whose key is asked for. */
function keysOf(objects: Iterable<KubeObject>, isAskedFor: (key: string) => boolean): ObjectKey[] {
  const keys: ObjectKey[] = [];
  for (const { metadata } of objects) if (isAskedFor(keyText(metadata))) keys.push(keyOf(metadata));
  return keys;
}

function versionOf(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined;
}

function keyText(key: { namespace?: string; name?: string }): string {
  return `${key.namespace ?? ""}/${key.name ?? ""}`;
}

function keyOf(metadata: ObjectMeta): ObjectKey {
  const { namespace, name = "" } = metadata;
  return namespace === undefined ? { name } : { namespace, name };
}
