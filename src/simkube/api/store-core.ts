import { randomUUID } from "node:crypto";
import { KubeError } from "../../kube/kube-error.ts";
import type { Kind, ObjectKey, ObjectMeta } from "../../kube/object.ts";
import type { AdmissionContext } from "./admission.ts";
import { type Change, type ChangeLog, createChangeLog } from "./change-log.ts";
import { clusterIps } from "./cluster-ips.ts";
import { resourceOfDefinition } from "./custom-resources.ts";
import type { KubeStoreOptions, KubeStoreState, Stored } from "./kube-store.ts";
import { createOwnerIndex, type OwnerIndex } from "./owner-index.ts";
import { notFound } from "./refused.ts";
import { builtInResources, type SimResource, undescribed } from "./resources.ts";
import { fieldsOf, type SimObject } from "./sim-object.ts";

/** The objects of one resource. */
export interface Collection {
  readonly objects: Map<string, Stored>;
  readonly log: ChangeLog;
  /** In order, until something is added or goes. */
  sorted: readonly SimObject[] | undefined;
}

/** What a store is made of, for the functions that read and change it. */
export interface StoreCore {
  readonly now: () => number;
  readonly uid: () => string;
  readonly suffix: () => string;
  readonly strict: boolean;
  readonly resources: Map<string, SimResource>;
  readonly owners: OwnerIndex;
  readonly admission: AdmissionContext;
  readonly listeners: Set<(resource: SimResource, change: Change) => void>;
  /** Of the newest change. */
  version: number;
  collectionOf(resource: SimResource): Collection;
  /** By `resourceId`; undefined where no request has named it yet. */
  collectionAt(id: string): Collection | undefined;
  collections(): Iterable<[id: string, Collection]>;
}

/** An object's place in its collection. */
export function idOf({ namespace, name }: { namespace?: string | undefined; name?: string | undefined }): string {
  return `${namespace ?? ""}/${name ?? ""}`;
}

/** A resource's place in a store. */
export function resourceId({ apiVersion, plural }: Kind): string {
  return `${apiVersion}/${plural}`;
}

/** An object's name in the index of owners. */
export function entryOf(resource: SimResource, metadata: ObjectMeta): string {
  return `${resourceId(resource)} ${idOf(metadata)}`;
}

/** A core with the built-in resources and nothing in them, or with what `from` had. */
export function createStoreCore(options: KubeStoreOptions): StoreCore {
  const { now = Date.now, uid = randomUUID, strict = false, keepChanges = 10_000, from } = options;
  const collections = new Map<string, Collection>();
  const isTaken = (clusterIp: string): boolean =>
    [...(collections.get("v1/services")?.objects.values() ?? [])].some(({ object }) => fieldsOf(object["spec"])["clusterIP"] === clusterIp);
  const core: StoreCore = {
    now,
    uid,
    suffix: options.suffix ?? (() => uid().slice(0, 5)),
    strict,
    resources: new Map(builtInResources.map((resource) => [resourceId(resource), resource])),
    owners: createOwnerIndex(),
    admission: {
      freeClusterIp: clusterIps(isTaken),
      isTaken,
      isThere: (id, key) => !strict || collections.get(id)?.objects.has(idOf(key)) === true,
    },
    listeners: new Set(),
    version: 100,
    collectionOf: (resource) => {
      const id = resourceId(resource);
      const known = collections.get(id);
      if (known !== undefined) return known;
      const made: Collection = { objects: new Map(), log: createChangeLog(keepChanges), sorted: undefined };
      made.log.compact(core.version);
      collections.set(id, made);
      return made;
    },
    collectionAt: (id) => collections.get(id),
    collections: () => collections,
  };
  if (from !== undefined) fill(core, from);
  return core;
}

function fill(core: StoreCore, from: KubeStoreState): void {
  for (const [id, resource] of from.resources) core.resources.set(id, resource);
  core.version = from.version;
  const begun = [...from.objects].flatMap(([id, objects]) => {
    const resource = core.resources.get(id);
    return resource === undefined ? [] : [{ resource, objects }];
  });
  for (const { resource, objects } of begun)
    for (const [key, { object, applied }] of objects) {
      core.collectionOf(resource).objects.set(key, { object, applied: new Map(applied) });
      core.owners.born(object.metadata.uid ?? "");
    }
  for (const { resource, objects } of begun)
    for (const { object } of objects.values()) core.owners.link(entryOf(resource, object.metadata), object.metadata, undefined);
}

/** @throws KubeError `notFound` */
export function findStored(core: StoreCore, resource: SimResource, key: ObjectKey): Stored {
  const stored = core.collectionOf(resource).objects.get(idOf(key));
  if (stored === undefined) throw notFound(resource, key.name);
  return stored;
}

/** The kind as it is served; made up where it is unknown. @throws KubeError `notFound` where strict and unknown */
export function servedAs({ resources, strict }: StoreCore, kind: Kind): SimResource {
  const known = resources.get(resourceId(kind));
  if (known !== undefined) return known;
  if (strict) throw new KubeError("notFound", "the server could not find the requested resource", { httpStatus: 404 });
  const made = undescribed(kind);
  resources.set(resourceId(kind), made);
  return made;
}

/** Changes to a kind after a version. @throws KubeError `gone` where they are forgotten */
export function changesSince(core: StoreCore, resource: SimResource, from: number): readonly Change[] {
  const changes = core.collectionOf(resource).log.since(from);
  if (changes === undefined)
    throw new KubeError("gone", `too old resource version: ${from} (${core.version})`, {
      httpStatus: 410,
      status: { kind: "Status", code: 410, reason: "Expired" },
    });
  return changes;
}

/** Remembers a change, and tells it; a changed definition is served from then on. */
export function tellChange(core: StoreCore, resource: SimResource, change: Change): void {
  core.collectionOf(resource).log.add(change);
  if (resource.kind === "CustomResourceDefinition") serve(core, change);
  for (const listener of [...core.listeners]) listener(resource, change);
}

function serve({ resources }: StoreCore, { type, object, before }: Change): void {
  for (const old of before === undefined ? [] : resourceOfDefinition(before)) resources.delete(resourceId(old));
  for (const made of type === "deleted" ? [] : resourceOfDefinition(object)) resources.set(resourceId(made), made);
}

/** What the core holds now. */
export function saveCore(core: StoreCore): KubeStoreState {
  return {
    version: core.version,
    resources: new Map(core.resources),
    objects: new Map(
      [...core.collections()].map(([id, { objects }]) => [
        id,
        new Map([...objects].map(([key, { object, applied }]) => [key, { object, applied: new Map(applied) }])),
      ]),
    ),
  };
}
