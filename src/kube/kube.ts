import type { Kind, KubeObject, ObjectKey } from "./object.ts";

/** Reading Kubernetes. Of the API server, of a cache of it, or of a fake of it: the contract is one. */
export interface KubeReader {
  /** The object, or undefined where there is none. */
  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined>;
  /** Every object that the selection names, in no promised order. Paging is the implementation's business. */
  list<T extends KubeObject>(kind: Kind<T>, selection?: ListSelection): Promise<T[]>;
}

export interface ListSelection {
  /** Absent: every namespace. */
  namespace?: string;
  /** Every one of these labels must have this value. */
  labels?: Readonly<Record<string, string>>;
  /** Only objects with an owner reference to this UID. */
  ownerUid?: string;
  /** Only events about the object of this UID. Not to be asked of other kinds. */
  about?: string;
}

/** Everything the operator says to Kubernetes: one narrow waist, with an HTTP implementation and a fake. Errors are `KubeError`. */
export interface Kube extends KubeReader {
  /** Creates; `alreadyExists` where it is there. */
  create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  /** Replaces. With `metadata.resourceVersion` set, `conflict` where the object has changed since. */
  update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  /** Server-side apply with force: what `object` says is so afterwards, and what this manager said before and no longer says is gone. */
  apply<T extends KubeObject>(kind: Kind<T>, object: T, options: ApplyOptions): Promise<T>;
  /** JSON merge patch (RFC 7386). */
  mergePatch<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, patch: MergePatch, options?: WriteOptions): Promise<T>;
  /** Deletes; an absent object is not an error. Resolves false where it was absent. */
  delete<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<boolean>;
  /** Lists once (paged) and then follows. See `WatchEvent`. Ends, with a `KubeError` or without, when the stream does or `signal` aborts. */
  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** One list call with the collection's version, for those who go on with `watch`. */
  listForWatch<T extends KubeObject>(
    kind: Kind<T>,
    options?: { namespace?: string; signal?: AbortSignal },
  ): Promise<{ items: T[]; resourceVersion: string }>;
}

export type MergePatch = { readonly [key: string]: unknown };

export interface WriteOptions {
  /** "status" writes the status subresource; the main object stays. */
  subresource?: "status";
}

export interface ApplyOptions extends WriteOptions {
  /** Who says this; one constant name for the operator. */
  fieldManager: string;
}

export interface DeleteOptions {
  /** Only if the object still has this UID; `conflict` otherwise. */
  uid?: string;
  /** Only if the object still has this version; `conflict` otherwise. */
  resourceVersion?: string;
  /** What happens to what it owns; the API server's default (background for most kinds) where absent. */
  propagationPolicy?: "Background" | "Foreground" | "Orphan";
  gracePeriodSeconds?: number;
}

export interface WatchOptions {
  namespace?: string;
  /** Changes after this version; `gone` (HTTP 410) where it is too old. */
  resourceVersion: string;
  signal?: AbortSignal;
}

export type WatchEvent<T extends KubeObject> =
  | { type: "added" | "modified" | "deleted"; object: T }
  /** Nothing changed, but the collection is at this version now. */
  | { type: "bookmark"; resourceVersion: string };
