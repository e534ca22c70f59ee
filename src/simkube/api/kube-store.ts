import type { Kind, ObjectKey } from "../../kube/object.ts";
import type { Change } from "./change-log.ts";
import type { SimResource } from "./resources.ts";
import type { SimObject } from "./sim-object.ts";

export interface KubeStoreOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Makes UIDs; random where absent. */
  readonly uid?: () => string;
  /** Makes the end of a generated name, five characters; from a UID where absent. */
  readonly suffix?: () => string;
  /** Only known kinds, in namespaces that exist, as the API server has it. False where absent: both are made up as they are named. */
  readonly strict?: boolean;
  /** Changes of each kind that watches can go back by; 10,000 where absent. */
  readonly keepChanges?: number;
  /** What it begins with; empty where absent. */
  readonly from?: KubeStoreState;
}

/** All that a store holds, but for the changes that led to it. Nothing of it is ever changed. */
export interface KubeStoreState {
  readonly version: number;
  readonly resources: ReadonlyMap<string, SimResource>;
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, Stored>>;
}

export interface Writing {
  readonly subresource?: "status";
  /** Judges and answers, and stores nothing. */
  readonly dryRun?: boolean;
}

export interface Applying extends Writing {
  readonly fieldManager: string;
  /** Takes over fields that others have applied otherwise; else that is a conflict. */
  readonly force: boolean;
}

export interface Deleting {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan" | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly dryRun?: boolean;
}

/**
 * The API server's store in memory: versions and conflicts, generations, status subresource, server-side apply with field ownership
 * between appliers, finalizers, graceful deletion of Pods, preconditions, owner garbage collection, and the changes that watches tell.
 *
 * Every answer is the stored object itself, which must not be changed. It acts at once and throws `KubeError`. It does not judge or
 * default Kubernetes' own kinds beyond `admit`, does not judge CEL rules, and does not own fields for writers that do not apply.
 */
export interface KubeStore {
  /** The kind as it is served. @throws KubeError `notFound` where strict and unknown */
  resource(kind: Kind): SimResource;
  /** Every kind that is served. */
  resources(): readonly SimResource[];
  version(): number;
  get(resource: SimResource, key: ObjectKey): SimObject | undefined;
  /** In the order of namespace and name. */
  list(resource: SimResource, namespace?: string): readonly SimObject[];
  create(resource: SimResource, object: SimObject, options?: Writing): SimObject;
  update(resource: SimResource, object: SimObject, options?: Writing): SimObject;
  apply(resource: SimResource, object: SimObject, options: Applying): SimObject;
  /** Stores what `change` makes of the object. */
  patch(resource: SimResource, key: ObjectKey, change: (current: SimObject) => SimObject, options?: Writing): SimObject;
  /** The object as it last was; undefined where there is none. It is still there where something holds it. */
  delete(resource: SimResource, key: ObjectKey, options?: Deleting): SimObject | undefined;
  /** Deletes what no owner is left of; answers whether it did. */
  collectGarbage(): boolean;
  /** Changes to a kind after a version. @throws KubeError `gone` where they are forgotten */
  changesSince(resource: SimResource, version: number): readonly Change[];
  /** Forgets all changes so far. */
  compact(): void;
  /** What it holds now. */
  save(): KubeStoreState;
  /** Hears of each change, at once; the answer ends it. */
  subscribe(listener: (resource: SimResource, change: Change) => void): () => void;
}

/** An object, and what is known of those who made it so. */
export interface Stored {
  object: SimObject;
  /** What each manager has applied, by manager and door. */
  readonly applied: Map<string, Readonly<Record<string, unknown>>>;
}
