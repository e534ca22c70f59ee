import type { DeleteOutcome, DeleteTeller } from "../../kube/delete-outcome.ts";
import type { ApplyOptions, DeleteOptions, Kube, MergePatch, WriteOptions } from "../../kube/kube.ts";
import { KubeError } from "../../kube/kube-error.ts";
import type { Kind, KubeObject, ObjectKey } from "../../kube/object.ts";
import type { KubeStore } from "./kube-store.ts";
import { mergePatch } from "./merge-patch.ts";
import { type SimObject, wireCopy } from "./sim-object.ts";

/** One request that changed something. */
export interface FakeWrite {
  readonly verb: "create" | "update" | "apply" | "patch" | "delete";
  readonly kind: string;
  readonly name: string;
  readonly subresource?: "status";
}

/** What a test does to a request: fail it before it acts, or let it act and lose the answer. */
export type Interception = KubeError | "loseReply" | undefined;

/** The writing half of a `Kube`, and what a test sees and decides of it. */
export interface FakeWrites extends Pick<Kube, "create" | "update" | "apply" | "mergePatch" | "delete">, DeleteTeller {
  /** Requests that changed something, in order. */
  writes(): FakeWrite[];
  clearWrites(): void;
  /** Hears of every write before it happens. */
  intercept(decide: ((write: FakeWrite) => Interception) | undefined): void;
}

/** Writes to a store. `own` makes the caller's object of a stored one. */
export function createFakeWrites(store: KubeStore, own: <T extends KubeObject>(object: SimObject) => T): FakeWrites {
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
    create: async (kind, object) =>
      act(writeOf("create", kind, object.metadata), () => own(store.create(store.resource(kind), object as unknown as SimObject))),
    update: async (kind, object) =>
      act(writeOf("update", kind, object.metadata), () => own(store.update(store.resource(kind), object as unknown as SimObject))),
    apply: async <T extends KubeObject>(kind: Kind<T>, object: T, { fieldManager, subresource }: ApplyOptions) =>
      act(writeOf("apply", kind, object.metadata, subresource), () =>
        own<T>(store.apply(store.resource(kind), object as unknown as SimObject, { fieldManager, force: true, ...doorOf(subresource) })),
      ),
    mergePatch: async <T extends KubeObject>(kind: Kind<T>, key: ObjectKey, patch: MergePatch, { subresource }: WriteOptions = {}) =>
      act(writeOf("patch", kind, key, subresource), () =>
        own<T>(store.patch(store.resource(kind), key, (current) => mergePatch(current, wireCopy(patch)) as SimObject, doorOf(subresource))),
      ),
    delete: async (kind, key, given) => (await deleteAndTell(kind, key, given)).type !== "absent",
    deleteAndTell,
    writes: () => [...written],
    clearWrites() {
      written = [];
    },
    intercept(next) {
      decide = next;
    },
  };
}

function writeOf(verb: FakeWrite["verb"], kind: Kind, key: { name?: string | undefined }, subresource?: "status"): FakeWrite {
  return { verb, kind: kind.kind, name: key.name ?? "", ...doorOf(subresource) };
}

function doorOf(subresource: "status" | undefined): WriteOptions {
  return subresource === undefined ? {} : { subresource };
}
