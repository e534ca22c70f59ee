import type { Clock } from "./clock.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { tellsDeletes } from "./delete-outcome.ts";
import { createKindCache, type KindCache } from "./kind-cache.ts";
import type { Kube } from "./kube.ts";
import type { Logger } from "./logger.ts";
import type { Kind, KubeObject, ObjectKey } from "./object.ts";
import { createReflector, type Reflector } from "./reflector.ts";
import { createObjectStore, type ObjectStore, type StoreChange } from "./store.ts";

/** One collection to hold. */
export interface CachedKind<T extends KubeObject = KubeObject> {
  kind: Kind<T>;
  /** Absent: every namespace. A kind may be named once for each of several namespaces. */
  namespace?: string;
  /** Labels that selections often name. */
  labelKeys?: readonly string[];
  /** Drops in place what the process does not read, to save memory. What it drops, `get` and `list` do not show. */
  trim?: (object: T) => void;
}

export interface CachedKubeOptions {
  kube: Kube;
  clock: Clock;
  log: Logger;
  kinds: readonly CachedKind[];
  /** Hears of every change to a held kind, one's own writes among them, once each. Must be quick; what it throws is logged. */
  onChange: (kind: Kind, change: StoreChange) => void;
  /** Uniform in [0, 1); `Math.random` where absent. */
  random?: () => number;
  /** For tests: changing an object that was read throws. */
  freeze?: boolean;
}

export interface CacheHealth {
  /** Every held kind has been read once. */
  synced: boolean;
  /** A sentence for each kind that is not followed just now. */
  details: string[];
  kinds: KindHealth[];
}

export interface KindHealth {
  kind: string;
  namespace?: string;
  synced: boolean;
  objects: number;
  /** Why it is not followed just now, and since when (milliseconds since 1970). */
  trouble?: { detail: string; since: number };
}

export interface CachedKube extends Kube {
  /** Begins to follow, until the signal aborts. Later calls do nothing. */
  start(signal: AbortSignal): void;
  /** Resolves when every held kind has been read once; rejects where the signal of `start` aborts before. */
  synced(): Promise<void>;
  health(): CacheHealth;
}

interface Held {
  spec: CachedKind;
  store: ObjectStore<KubeObject>;
  cache: KindCache<KubeObject>;
  reflector: Reflector;
  synced: boolean;
}

/**
 * A `Kube` that answers `get` and `list` of the kinds it holds from memory, and passes on everything else.
 *
 * Guarantees: what one wrote through it, one reads from it. A kind that is not read yet is asked of the server.
 * Caveats: what others wrote shows a little later than it happened; before a destructive act, read from the inner `Kube`. Objects
 * are shared: they must not be changed.
 *
 * @example
 * const cache = createCachedKube({ kube, clock, log, kinds: [{ kind: Pod, labelKeys: ["app"] }], onChange: controller.onChange });
 * cache.start(signal);
 * await cache.synced();
 * const pods = await cache.list(Pod, { namespace: "default", labels: { app: "web" } });
 */
export function createCachedKube(options: CachedKubeOptions): CachedKube {
  const { kube } = options;
  const { held, sync } = holdKinds(options);

  /** What holds this namespace of the kind; with an undefined namespace, what holds all of them. */
  const find = (kind: Kind, namespace: string | undefined): Held | undefined =>
    held.find(
      ({ spec }) =>
        spec.kind.plural === kind.plural &&
        spec.kind.apiVersion === kind.apiVersion &&
        (spec.namespace === undefined || spec.namespace === namespace),
    );
  const readable = <T extends KubeObject>(kind: Kind<T>, namespace: string | undefined): ObjectStore<T> | undefined => {
    const entry = find(kind, namespace);
    return entry?.synced === true ? (entry.store as unknown as ObjectStore<T>) : undefined;
  };
  /** Keeps a copy where it is kept at all, since the caller owns what a write gave him. */
  const wrote = <T extends KubeObject>(kind: Kind<T>, object: T): T => {
    find(kind, object.metadata.namespace)?.cache.wrote(structuredClone(object));
    return object;
  };

  let started = false;
  return {
    get: async (kind, key) => {
      const store = readable(kind, key.namespace);
      return store === undefined ? kube.get(kind, key) : store.get(key);
    },
    list: async (kind, selection) => {
      const store = readable(kind, selection?.namespace);
      return store === undefined ? kube.list(kind, selection) : store.list(selection);
    },
    create: async (kind, object) => wrote(kind, await kube.create(kind, object)),
    update: async (kind, object) => wrote(kind, await kube.update(kind, object)),
    apply: async (kind, object, applyOptions) => wrote(kind, await kube.apply(kind, object, applyOptions)),
    mergePatch: async (kind, key, patch, writeOptions) => wrote(kind, await kube.mergePatch(kind, key, patch, writeOptions)),
    delete: async (kind, key: ObjectKey, deleteOptions) => {
      if (!tellsDeletes(kube)) return kube.delete(kind, key, deleteOptions);
      const outcome = await kube.deleteAndTell(kind, key, deleteOptions);
      if (outcome.type === "terminating") wrote(kind, outcome.object);
      const uid = outcome.type === "gone" ? (outcome.uid ?? deleteOptions?.uid) : undefined;
      if (uid !== undefined) find(kind, key.namespace)?.cache.removed(key, uid);
      return outcome.type !== "absent";
    },
    watch: (kind, watchOptions) => kube.watch(kind, watchOptions),
    listForWatch: (kind, listOptions) => kube.listForWatch(kind, listOptions),
    start: (signal) => {
      if (started) return;
      started = true;
      signal.addEventListener("abort", () => sync.reject(signal.reason), { once: true });
      for (const { reflector } of held) void reflector.run(signal);
    },
    synced: () => sync.promise,
    health: () => {
      const kinds = held.map(healthOf);
      return {
        synced: held.every((each) => each.synced),
        details: kinds.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble.detail])),
        kinds,
      };
    },
  };
}

/** Begins nothing yet: what is held of each kind, and what resolves when each has been read once. */
function holdKinds(options: CachedKubeOptions): { readonly held: readonly Held[]; readonly sync: PromiseWithResolvers<void> } {
  const { kube, clock, log, random = Math.random, freeze = false } = options;
  const sync = Promise.withResolvers<void>();
  // A failure that no caller waits for must not end the process.
  sync.promise.catch(() => {});

  const onChange = (kind: Kind, change: StoreChange): void => {
    try {
      options.onChange(kind, change);
    } catch (error) {
      log.error("A change handler failed", { kind: kind.kind, name: change.object.metadata.name, error });
    }
  };
  const hold = (spec: CachedKind): Held => {
    const { kind, namespace, trim } = spec;
    const store = createObjectStore<KubeObject>(spec.labelKeys);
    const cache = createKindCache<KubeObject>({
      store,
      onChange: (change) => onChange(kind, change),
      prepare: (object) => {
        trim?.(object);
        return freeze ? deepFreeze(object) : object;
      },
    });
    const sink: KindCache<KubeObject> = {
      ...cache,
      replace: (items, version) => {
        cache.replace(items, version);
        if (entry.synced) return;
        entry.synced = true;
        if (held.every((each) => each.synced)) sync.resolve();
      },
    };
    const entry: Held = {
      spec,
      store,
      cache,
      reflector: createReflector({ kube, kind, namespace, sink, clock, random, log }),
      synced: false,
    };
    return entry;
  };
  const held = options.kinds.map(hold);
  if (held.length === 0) sync.resolve();
  return { held, sync };
}

function healthOf({ spec, store, reflector, synced }: Held): KindHealth {
  const trouble = reflector.trouble();
  return {
    kind: spec.kind.kind,
    ...(spec.namespace === undefined ? {} : { namespace: spec.namespace }),
    synced,
    objects: store.size,
    ...(trouble === undefined ? {} : { trouble }),
  };
}
