import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
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
import { applyConfig } from "./server-side-apply.ts";

/** One request that changed something. */
export interface FakeWrite {
  readonly verb: "create" | "update" | "apply" | "patch" | "delete";
  readonly kind: string;
  readonly name: string;
  readonly subresource?: "status";
}

/** What a test does to a request: fail it before it acts, or let it act and lose the answer. */
export type Interception = KubeError | "loseReply" | undefined;

/**
 * An API server in memory, for tests of reconcilers.
 *
 * It has resource versions and conflicts, generations, the status subresource, server-side apply with field ownership between appliers,
 * merge patches, finalizers, delete preconditions, owner garbage collection (when asked), label selections and watches. It does
 * not validate, default or prune, makes namespaces up as they are named, and does not own fields for writers that do not apply.
 */
export interface FakeKube extends Kube {
  /** Requests that changed something, in order. */
  writes(): FakeWrite[];
  clearWrites(): void;
  /** Deletes what no owner is left of; answers whether it did. Repeats until nothing is left to do. */
  collectGarbage(): boolean;
  /** Hears of every write before it happens. */
  intercept(decide: ((write: FakeWrite) => Interception) | undefined): void;
  /** Forgets old versions: watches from before now get `gone`. */
  compact(): void;
  /** Ends every watch, as a lost connection does. */
  disconnectWatches(): void;
}

interface Stored {
  object: KubeObject & Record<string, unknown>;
  applied: Map<string, Record<string, unknown>>;
}

interface LogEntry {
  version: number;
  kindKey: string;
  event: { type: "added" | "modified" | "deleted"; object: KubeObject };
}

/** Kinds of Kubernetes itself that have a status subresource. Custom resources all do here. */
const withStatus: ReadonlySet<string> = new Set(["Pod", "Node", "Service", "Namespace", "Deployment", "Job", "PodDisruptionBudget"]);
const withoutStatus: ReadonlySet<string> = new Set(["Secret", "ConfigMap", "Event", "Lease", "ServiceAccount"]);
const hasStatus = (kind: Kind) => withStatus.has(kind.kind) || (!withoutStatus.has(kind.kind) && kind.apiVersion.includes("."));
const hasGeneration = (kind: Kind) => hasStatus(kind) && !["Pod", "Node", "Service", "Namespace"].includes(kind.kind);

/** An empty fake. `now` is milliseconds since 1970. */
export function createFakeKube(options: { now?: () => number } = {}): FakeKube {
  const now = options.now ?? Date.now;
  const kinds = new Map<string, Map<string, Stored>>();
  const log: LogEntry[] = [];
  const listeners = new Set<() => void>();
  let version = 100;
  let compactedTo = 0;
  let epoch = 0;
  let addresses = 0;
  let written: FakeWrite[] = [];
  let decide: ((write: FakeWrite) => Interception) | undefined;

  const kindKey = (kind: { apiVersion: string; kind: string }) => `${kind.apiVersion}/${kind.kind}`;
  const keyOf = ({ namespace, name }: { namespace?: string | undefined; name?: string | undefined }) => `${namespace ?? ""}/${name ?? ""}`;
  const storeOf = (kind: Kind) => {
    const found = kinds.get(kindKey(kind)) ?? new Map<string, Stored>();
    kinds.set(kindKey(kind), found);
    return found;
  };
  const describe = (kind: Kind, key: ObjectKey) => `${kind.plural} "${key.name}"`;
  // as it would come over the wire
  const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));
  const emit = (kind: Kind, type: LogEntry["event"]["type"], object: KubeObject) => {
    log.push({ version, kindKey: kindKey(kind), event: { type, object: copy(object) } });
    for (const wake of listeners) wake();
  };

  /** Stores what an object has become, with a new version where it changed. */
  const commit = (kind: Kind, stored: Stored, next: KubeObject & Record<string, unknown>): void => {
    const { resourceVersion: _old, ...meta } = stored.object.metadata;
    const { resourceVersion: _new, ...nextMeta } = next.metadata;
    if (isDeepStrictEqual({ ...stored.object, metadata: meta }, { ...next, metadata: nextMeta })) return;
    version += 1;
    const specChanged = !isDeepStrictEqual(contentOf(stored.object), contentOf(next));
    const generation = stored.object.metadata.generation;
    next.metadata = {
      ...next.metadata,
      resourceVersion: String(version),
      ...(generation === undefined ? {} : { generation: generation + (specChanged ? 1 : 0) }),
    };
    stored.object = next;
    if (next.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0) {
      storeOf(kind).delete(keyOf(next.metadata));
      emit(kind, "deleted", next);
    } else emit(kind, "modified", next);
  };

  const insert = (kind: Kind, given: KubeObject & Record<string, unknown>): Stored => {
    const object = copy(given);
    version += 1;
    const name = object.metadata.name ?? `${object.metadata.generateName ?? ""}${randomUUID().slice(0, 5)}`;
    object.metadata = {
      ...object.metadata,
      name,
      uid: randomUUID(),
      resourceVersion: String(version),
      creationTimestamp: timestamp(now()),
      ...(hasGeneration(kind) ? { generation: 1 } : {}),
    };
    if (hasStatus(kind)) delete object["status"];
    if (kind.kind === "Service")
      object["spec"] = withClusterIp(object["spec"], () => `10.96.${Math.floor(++addresses / 250)}.${(addresses % 250) + 1}`);
    if (kind.kind === "Secret" && object["stringData"] !== undefined) {
      const strings = Object.entries(object["stringData"] as Record<string, string>).map(
        ([k, v]) => [k, Buffer.from(v).toString("base64")] as const,
      );
      object["data"] = { ...(object["data"] as object | undefined), ...Object.fromEntries(strings) };
      delete object["stringData"];
    }
    const stored: Stored = { object, applied: new Map() };
    storeOf(kind).set(keyOf(object.metadata), stored);
    emit(kind, "added", object);
    return stored;
  };

  const act = <R>(write: FakeWrite, run: () => R): R => {
    const what = decide?.(write);
    if (what instanceof KubeError) throw what;
    const result = run();
    written.push(write);
    if (what === "loseReply") throw new KubeError("unreachable", "the connection was lost before the answer came");
    return result;
  };

  const find = (kind: Kind, key: ObjectKey): Stored => {
    const stored = storeOf(kind).get(keyOf(key));
    if (stored === undefined) throw new KubeError("notFound", `${describe(kind, key)} not found`, { httpStatus: 404 });
    return stored;
  };
  const conflict = (kind: Kind, key: ObjectKey, why: string) =>
    new KubeError("conflict", `${describe(kind, key)}: ${why}`, { httpStatus: 409 });
  const select = (kind: Kind, selection: ListSelection = {}) =>
    [...storeOf(kind).values()]
      .map((stored) => stored.object)
      .filter(
        ({ metadata }) =>
          (selection.namespace === undefined || metadata.namespace === selection.namespace) &&
          Object.entries(selection.labels ?? {}).every(([name, value]) => metadata.labels?.[name] === value) &&
          (selection.ownerUid === undefined || metadata.ownerReferences?.some((owner) => owner.uid === selection.ownerUid) === true),
      );

  /** The new object when `next` came in by the given door: the status by its own, everything else by the main one. */
  const through = (kind: Kind, current: Stored["object"], next: Stored["object"], subresource: "status" | undefined): Stored["object"] => {
    if (subresource === "status") return { ...current, ...("status" in next ? { status: next["status"] } : {}) };
    const { uid, creationTimestamp, generation, deletionTimestamp } = current.metadata;
    const kept = {
      ...next.metadata,
      ...(uid ? { uid } : {}),
      ...(creationTimestamp ? { creationTimestamp } : {}),
      ...(generation ? { generation } : {}),
      ...(deletionTimestamp ? { deletionTimestamp } : {}),
    };
    const { status: _status, ...rest } = next;
    return {
      ...rest,
      ...(hasStatus(kind)
        ? "status" in current
          ? { status: current["status"] }
          : {}
        : "status" in next
          ? { status: next["status"] }
          : {}),
      metadata: kept,
    };
  };

  const fake: FakeKube = {
    get: (kind, key) => Promise.resolve(copy(storeOf(kind).get(keyOf(key))?.object) as never),
    list: (kind, selection) => Promise.resolve(copy(select(kind, selection)) as never),
    listForWatch: (kind, where = {}) => Promise.resolve({ items: copy(select(kind, where)) as never, resourceVersion: String(version) }),
    async create(kind, object) {
      const key = { ...object.metadata, name: object.metadata.name ?? "" };
      return act({ verb: "create", kind: kind.kind, name: key.name }, () => {
        if (object.metadata.resourceVersion)
          throw new KubeError("serverError", "resourceVersion should not be set on objects to be created", { httpStatus: 500 });
        if (key.name !== "" && storeOf(kind).has(keyOf(key)))
          throw new KubeError("alreadyExists", `${describe(kind, key)} already exists`, { httpStatus: 409 });
        return copy(insert(kind, object as never).object) as never;
      });
    },
    async update(kind, object) {
      const key = { ...object.metadata, name: object.metadata.name ?? "" };
      return act({ verb: "update", kind: kind.kind, name: key.name }, () => {
        const stored = find(kind, key);
        const expected = object.metadata.resourceVersion;
        if (expected !== undefined && expected !== stored.object.metadata.resourceVersion)
          throw conflict(kind, key, "the object has been modified");
        commit(kind, stored, through(kind, stored.object, copy(object) as never, undefined));
        return copy(stored.object) as never;
      });
    },
    async apply<T extends KubeObject>(kind: Kind<T>, object: T, { fieldManager, subresource }: ApplyOptions) {
      const key = { ...object.metadata, name: object.metadata.name ?? "" };
      return act({ verb: "apply", kind: kind.kind, name: key.name, ...(subresource ? { subresource } : {}) }, () => {
        const known = storeOf(kind).get(keyOf(key));
        if (known === undefined && subresource === "status")
          throw new KubeError("notFound", `${describe(kind, key)} not found`, { httpStatus: 404 });
        const stored = known ?? insert(kind, object as never);
        const door = `${fieldManager}/${subresource ?? ""}`;
        const { apiVersion: _apiVersion, kind: _kind, ...config } = copy(object) as unknown as Record<string, unknown>;
        const { name: _name, namespace: _namespace, uid: _uid, resourceVersion: _version, ...meta } = object.metadata;
        const said = { ...config, metadata: meta };
        const others = [...stored.applied].filter(([who]) => who !== door).map(([, what]) => what);
        if (known !== undefined)
          commit(
            kind,
            stored,
            through(kind, stored.object, applyConfig(stored.object, stored.applied.get(door), said, others) as never, subresource),
          );
        stored.applied.set(door, said);
        return copy(stored.object) as unknown as T;
      });
    },
    async mergePatch<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, patch: MergePatch, { subresource }: WriteOptions = {}) {
      return act({ verb: "patch", kind: kind.kind, name: key.name, ...(subresource ? { subresource } : {}) }, () => {
        const stored = find(kind, key);
        const wanted = (patch["metadata"] ?? {}) as { uid?: string; resourceVersion?: string };
        if (wanted.uid !== undefined && wanted.uid !== stored.object.metadata.uid)
          throw new KubeError("invalid", `${describe(kind, key)}: metadata.uid: field is immutable`, { httpStatus: 422 });
        if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== stored.object.metadata.resourceVersion)
          throw conflict(kind, key, "the object has been modified");
        commit(kind, stored, through(kind, stored.object, mergePatch(copy(stored.object), copy(patch)) as never, subresource));
        return copy(stored.object) as unknown as T;
      });
    },
    async delete(kind, key, preconditions: DeleteOptions = {}) {
      const stored = storeOf(kind).get(keyOf(key));
      if (stored === undefined) return false;
      return act({ verb: "delete", kind: kind.kind, name: key.name }, () => {
        const { uid, resourceVersion, finalizers = [] } = stored.object.metadata;
        if (preconditions.uid !== undefined && preconditions.uid !== uid) throw conflict(kind, key, "the UID does not match");
        if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion)
          throw conflict(kind, key, "the version does not match");
        if (finalizers.length > 0)
          commit(kind, stored, {
            ...stored.object,
            metadata: { ...stored.object.metadata, deletionTimestamp: stored.object.metadata.deletionTimestamp ?? timestamp(now()) },
          });
        else {
          version += 1;
          storeOf(kind).delete(keyOf(stored.object.metadata));
          emit(kind, "deleted", { ...stored.object, metadata: { ...stored.object.metadata, resourceVersion: String(version) } });
        }
        return true;
      });
    },
    async *watch<T extends KubeObject>(kind: Kind<T>, { namespace, resourceVersion, signal }: WatchOptions): AsyncIterable<WatchEvent<T>> {
      let from = Number(resourceVersion);
      const began = epoch;
      if (from < compactedTo) throw new KubeError("gone", "too old resource version", { httpStatus: 410 });
      while (signal?.aborted !== true && epoch === began) {
        const next = log.find(
          (entry) =>
            entry.version > from &&
            entry.kindKey === kindKey(kind) &&
            (namespace === undefined || entry.event.object.metadata.namespace === namespace),
        );
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            const wake = () => {
              listeners.delete(wake);
              signal?.removeEventListener("abort", wake);
              resolve();
            };
            listeners.add(wake);
            signal?.addEventListener("abort", wake, { once: true });
          });
          continue;
        }
        from = next.version;
        yield copy(next.event) as WatchEvent<T>;
      }
    },
    writes: () => [...written],
    clearWrites() {
      written = [];
    },
    collectGarbage() {
      const alive = new Set([...kinds.values()].flatMap((store) => [...store.values()].map((s) => s.object.metadata.uid)));
      let any = false;
      for (const [name, store] of kinds)
        for (const { object } of [...store.values()]) {
          const owners = object.metadata.ownerReferences ?? [];
          if (owners.length === 0 || owners.some((owner) => alive.has(owner.uid))) continue;
          const slash = name.lastIndexOf("/");
          store.delete(keyOf(object.metadata));
          version += 1;
          emit({ apiVersion: name.slice(0, slash), kind: name.slice(slash + 1), plural: "", namespaced: true }, "deleted", object);
          any = true;
        }
      return any ? fake.collectGarbage() || true : false;
    },
    intercept(next) {
      decide = next;
    },
    compact() {
      compactedTo = version;
      log.length = 0;
    },
    disconnectWatches() {
      epoch += 1;
      for (const wake of [...listeners]) wake();
    },
  };
  return fake;
}

function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function contentOf({ metadata: _metadata, status: _status, ...content }: Stored["object"]): object {
  return content;
}

function withClusterIp(spec: unknown, next: () => string): object {
  const given = (spec ?? {}) as { clusterIP?: string };
  return { ...given, clusterIP: given.clusterIP ?? next() };
}
