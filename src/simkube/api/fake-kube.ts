import { deepFreeze } from "../../kube/deep-freeze.ts";
import type { Kube, ListSelection, WatchEvent, WatchOptions } from "../../kube/kube.ts";
import type { Kind, KubeObject } from "../../kube/object.ts";
import { createFakeWrites, type FakeWrites } from "./fake-writes.ts";
import { fieldsOf, type SimObject, wireCopy } from "./sim-object.ts";
import { createKubeStore, type KubeStore, type KubeStoreOptions } from "./store.ts";

/** A `Kube` on a store in memory: the API server of unit tests, without the HTTP. */
export interface FakeKube extends Kube, FakeWrites {
  readonly store: KubeStore;
  /** Deletes what no owner is left of; answers whether it did. */
  collectGarbage(): boolean;
  /** Forgets old versions: watches from before now get `gone`. */
  compact(): void;
  /** Ends every watch, as a lost connection does. */
  disconnectWatches(): void;
}

export interface FakeKubeOptions extends KubeStoreOptions {
  /** A store that others use too; one of its own where absent. */
  readonly store?: KubeStore;
  /** Hands out what is stored, frozen, instead of copies: faster, and whoever changes what he read finds out. */
  readonly share?: boolean;
}

/** A fake on a store of its own, or on one that others use too. */
export function createFakeKube(options: FakeKubeOptions = {}): FakeKube {
  const store = options.store ?? createKubeStore(options);
  const endings = new Set<() => void>();
  let epoch = 0;

  const own = <T extends KubeObject>(object: SimObject): T =>
    (options.share === true ? deepFreeze(object) : wireCopy(object)) as unknown as T;

  const writes = createFakeWrites(store, own);

  return {
    store,
    get: async (kind, key) => {
      const found = store.get(store.resource(kind), key);
      return found === undefined ? undefined : own(found);
    },
    list: async (kind, selection) => select(store, kind, selection).map((object) => own(object)),
    listForWatch: async (kind, where = {}) => ({
      items: select(store, kind, where).map((object) => own(object)),
      resourceVersion: String(store.version()),
    }),
    ...writes,
    watch: <T extends KubeObject>(kind: Kind<T>, watching: WatchOptions) =>
      follow(store, kind, watching, { endings, epoch: () => epoch, own: (object) => own<T>(object) }),
    collectGarbage: () => store.collectGarbage(),
    compact: () => store.compact(),
    disconnectWatches() {
      epoch += 1;
      for (const end of [...endings]) end();
    },
  };
}

function select(store: KubeStore, kind: Kind, selection: ListSelection = {}): readonly SimObject[] {
  const labels = Object.entries(selection.labels ?? {});
  return store
    .list(store.resource(kind), selection.namespace)
    .filter(
      ({ metadata }) =>
        labels.every(([name, value]) => metadata.labels?.[name] === value) &&
        (selection.ownerUid === undefined || metadata.ownerReferences?.some((owner) => owner.uid === selection.ownerUid) === true),
    )
    .filter((object) => selection.about === undefined || fieldsOf(object["involvedObject"])["uid"] === selection.about);
}

/** Changes of a kind, until the signal aborts or the epoch is another one. `endings` are called to have watches look whether it is. */
async function* follow<T extends KubeObject>(
  store: KubeStore,
  kind: Kind<T>,
  { namespace, resourceVersion, signal }: WatchOptions,
  { endings, epoch, own }: { endings: Set<() => void>; epoch: () => number; own: (object: SimObject) => T },
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const resource = store.resource(kind);
  const began = epoch();
  const isOver = () => signal?.aborted === true || epoch() !== began;
  let from = Number(resourceVersion);
  while (!isOver()) {
    const changes = store.changesSince(resource, from);
    for (const { version, type, object } of changes) {
      if (isOver()) return;
      from = version;
      if (namespace === undefined || object.metadata.namespace === namespace) yield { type, object: own(object) };
    }
    if (changes.length === 0) await nextChange(store, endings, signal);
  }
}

/** Resolves at the next change to anything, when the watches are ended, or when the signal aborts. */
function nextChange(store: KubeStore, endings: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      unsubscribe();
      endings.delete(wake);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const unsubscribe = store.subscribe(wake);
    endings.add(wake);
    signal?.addEventListener("abort", wake, { once: true });
  });
}
