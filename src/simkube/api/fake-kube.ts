import { deepFreeze } from "../../kube/deep-freeze.ts";
import type { DeleteOutcome, DeleteTeller } from "../../kube/delete-outcome.ts";
import type {
  ApplyOptions,
  DeleteOptions,
  Kube,
  ListSelection,
  MergePatch,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "../../kube/kube.ts";
import { KubeError } from "../../kube/kube-error.ts";
import type { Kind, KubeObject, ObjectKey } from "../../kube/object.ts";
import { mergePatch } from "./merge-patch.ts";
import { fieldsOf, type SimObject, wireCopy } from "./sim-object.ts";
import { createKubeStore, type KubeStore, type KubeStoreOptions } from "./store.ts";

/** One request that changed something. */
export interface FakeWrite {
  readonly verb: "create" | "update" | "apply" | "patch" | "delete";
  readonly kind: string;
  readonly name: string;
  readonly subresource?: "status";
}

/** What a test does to a request: fail it before it acts, or let it act and lose the answer. */
export type Interception = KubeError | "loseReply" | undefined;

/** A `Kube` on a store in memory: the API server of unit tests, without the HTTP. */
export interface FakeKube extends Kube, DeleteTeller {
  readonly store: KubeStore;
  /** Requests that changed something, in order. */
  writes(): FakeWrite[];
  clearWrites(): void;
  /** Deletes what no owner is left of; answers whether it did. */
  collectGarbage(): boolean;
  /** Hears of every write before it happens. */
  intercept(decide: ((write: FakeWrite) => Interception) | undefined): void;
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
  let written: FakeWrite[] = [];
  let decide: ((write: FakeWrite) => Interception) | undefined;

  const act = <R>(write: FakeWrite, run: () => R): R => {
    const what = decide?.(write);
    if (what instanceof KubeError) throw what;
    const result = run();
    written.push(write);
    if (what === "loseReply") throw new KubeError("unreachable", "the connection was lost before the answer came");
    return result;
  };
  const writeOf = (verb: FakeWrite["verb"], kind: Kind, key: { name?: string | undefined }, subresource?: "status"): FakeWrite => ({
    verb,
    kind: kind.kind,
    name: key.name ?? "",
    ...(subresource ? { subresource } : {}),
  });
  const select = (kind: Kind, selection: ListSelection = {}): readonly SimObject[] => {
    const labels = Object.entries(selection.labels ?? {});
    return store
      .list(store.resource(kind), selection.namespace)
      .filter(
        ({ metadata }) =>
          labels.every(([name, value]) => metadata.labels?.[name] === value) &&
          (selection.ownerUid === undefined || metadata.ownerReferences?.some((owner) => owner.uid === selection.ownerUid) === true),
      )
      .filter((object) => selection.about === undefined || fieldsOf(object["involvedObject"])["uid"] === selection.about);
  };
  const own = <T extends KubeObject>(object: SimObject): T =>
    (options.share === true ? deepFreeze(object) : wireCopy(object)) as unknown as T;

  const deleteAndTell = async <T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    given: DeleteOptions = {},
  ): Promise<DeleteOutcome<T>> => {
    const resource = store.resource(kind);
    if (store.get(resource, key) === undefined) return { type: "absent" };
    return act(writeOf("delete", kind, key), () => {
      const last = store.delete(resource, key, given);
      if (last === undefined) return { type: "absent" };
      const now = store.get(resource, key);
      if (now !== undefined && now.metadata.uid === last.metadata.uid) return { type: "terminating", object: own<T>(now) };
      return last.metadata.uid === undefined ? { type: "gone" } : { type: "gone", uid: last.metadata.uid };
    });
  };

  return {
    store,
    get: async (kind, key) => {
      const found = store.get(store.resource(kind), key);
      return found === undefined ? undefined : own(found);
    },
    list: async (kind, selection) => select(kind, selection).map((object) => own(object)),
    listForWatch: async (kind, where = {}) => ({
      items: select(kind, where).map((object) => own(object)),
      resourceVersion: String(store.version()),
    }),
    create: async (kind, object) =>
      act(writeOf("create", kind, object.metadata), () => own(store.create(store.resource(kind), object as unknown as SimObject))),
    update: async (kind, object) =>
      act(writeOf("update", kind, object.metadata), () => own(store.update(store.resource(kind), object as unknown as SimObject))),
    apply: async <T extends KubeObject>(kind: Kind<T>, object: T, { fieldManager, subresource }: ApplyOptions) =>
      act(writeOf("apply", kind, object.metadata, subresource), () =>
        own<T>(
          store.apply(store.resource(kind), object as unknown as SimObject, {
            fieldManager,
            force: true,
            ...(subresource ? { subresource } : {}),
          }),
        ),
      ),
    mergePatch: async <T extends KubeObject>(kind: Kind<T>, key: ObjectKey, patch: MergePatch, { subresource }: WriteOptions = {}) =>
      act(writeOf("patch", kind, key, subresource), () =>
        own<T>(
          store.patch(
            store.resource(kind),
            key,
            (current) => mergePatch(current, wireCopy(patch)) as SimObject,
            subresource ? { subresource } : {},
          ),
        ),
      ),
    delete: async (kind, key, given) => (await deleteAndTell(kind, key, given)).type !== "absent",
    deleteAndTell,
    async *watch<T extends KubeObject>(kind: Kind<T>, { namespace, resourceVersion, signal }: WatchOptions): AsyncIterable<WatchEvent<T>> {
      const resource = store.resource(kind);
      const began = epoch;
      const isOver = () => signal?.aborted === true || epoch !== began;
      let from = Number(resourceVersion);
      while (!isOver()) {
        const changes = store.changesSince(resource, from);
        for (const { version, type, object } of changes) {
          if (isOver()) return;
          from = version;
          if (namespace === undefined || object.metadata.namespace === namespace) yield { type, object: own<T>(object) };
        }
        if (changes.length === 0) await nextChange(store, endings, signal);
      }
    },
    writes: () => [...written],
    clearWrites() {
      written = [];
    },
    collectGarbage: () => store.collectGarbage(),
    intercept(next) {
      decide = next;
    },
    compact: () => store.compact(),
    disconnectWatches() {
      epoch += 1;
      for (const end of [...endings]) end();
    },
  };
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
