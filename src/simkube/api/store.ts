import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { KubeError } from "../../kube/kube-error.ts";
import type { Kind, ObjectKey, ObjectMeta } from "../../kube/object.ts";
import { type AdmissionContext, admit } from "./admission.ts";
import { type Change, type ChangeLog, createChangeLog } from "./change-log.ts";
import { clusterIps } from "./cluster-ips.ts";
import { resourceOfDefinition } from "./custom-resources.ts";
import { gracePeriodOf, isDoomed, isHeld } from "./deletion.ts";
import { throughDoor } from "./doors.ts";
import type { KubeStore, KubeStoreOptions, Stored } from "./kube-store.ts";
import { readObject } from "./read-object.ts";
import { alreadyExists, conflict, notFound } from "./refused.ts";
import { builtInResources, type SimResource, undescribed } from "./resources.ts";
import { applyConfig, ownershipConflicts } from "./server-side-apply.ts";
import { fieldsOf, type SimObject, timestamp, wireCopy } from "./sim-object.ts";
import { checkApply, checkStatusDoor, checkUpdate, isMadeByUpdate } from "./writing-rules.ts";

export type { Deleting, KubeStore, KubeStoreOptions, KubeStoreState, Writing } from "./kube-store.ts";

interface Collection {
  readonly objects: Map<string, Stored>;
  readonly log: ChangeLog;
  /** In order, until something is added or goes. */
  sorted: readonly SimObject[] | undefined;
}

const idOf = ({ namespace, name }: { namespace?: string | undefined; name?: string | undefined }) => `${namespace ?? ""}/${name ?? ""}`;
const resourceId = ({ apiVersion, plural }: Kind) => `${apiVersion}/${plural}`;

/** A store with nothing in it, or with what `from` had. */
export function createKubeStore(options: KubeStoreOptions = {}): KubeStore {
  const { now = Date.now, uid = randomUUID, strict = false, keepChanges = 10_000 } = options;
  const suffix = options.suffix ?? (() => uid().slice(0, 5));
  const resources = new Map(builtInResources.map((resource) => [resourceId(resource), resource]));
  const collections = new Map<string, Collection>();
  const listeners = new Set<(resource: SimResource, change: Change) => void>();
  /** Owner's UID to the objects that name it, by resource and id. */
  const dependents = new Map<string, Set<string>>();
  const alive = new Set<string>();
  /** UIDs of owners whose dependents may have to go. */
  const orphaned = new Set<string>();
  let version = 100;

  const collectionOf = (resource: SimResource): Collection => {
    const id = resourceId(resource);
    const known = collections.get(id);
    if (known !== undefined) return known;
    const made: Collection = { objects: new Map(), log: createChangeLog(keepChanges), sorted: undefined };
    made.log.compact(version);
    collections.set(id, made);
    return made;
  };
  const find = (resource: SimResource, key: ObjectKey): Stored => {
    const stored = collectionOf(resource).objects.get(idOf(key));
    if (stored === undefined) throw notFound(resource, key.name);
    return stored;
  };
  const admission: AdmissionContext = {
    freeClusterIp: clusterIps((ip) => admission.isTaken(ip)),
    isTaken: (clusterIp) =>
      [...(collections.get("v1/services")?.objects.values() ?? [])].some(
        ({ object }) => fieldsOf(object["spec"])["clusterIP"] === clusterIp,
      ),
    isThere: (id, key) => !strict || collections.get(id)?.objects.has(idOf(key)) === true,
  };

  const index = (resource: SimResource, object: SimObject, before: SimObject | undefined): void => {
    const entry = `${resourceId(resource)} ${idOf(object.metadata)}`;
    const owners = object.metadata.ownerReferences ?? [];
    for (const { uid: owner } of before?.metadata.ownerReferences ?? [])
      if (!owners.some((o) => o.uid === owner)) dependents.get(owner)?.delete(entry);
    for (const { uid: owner } of owners) {
      const set = dependents.get(owner) ?? new Set<string>();
      dependents.set(owner, set.add(entry));
      // an owner that is not there, or goes: somebody has to look
      if (!alive.has(owner)) orphaned.add(owner);
    }
  };
  const tell = (resource: SimResource, change: Change): void => {
    collectionOf(resource).log.add(change);
    if (resource.kind === "CustomResourceDefinition") serve(change);
    for (const listener of [...listeners]) listener(resource, change);
  };
  const serve = ({ type, object, before }: Change): void => {
    for (const old of before === undefined ? [] : resourceOfDefinition(before)) resources.delete(resourceId(old));
    for (const made of type === "deleted" ? [] : resourceOfDefinition(object)) resources.set(resourceId(made), made);
  };

  const insert = (resource: SimResource, given: SimObject, dryRun: boolean): Stored => {
    const { name, namespace, generateName } = given.metadata;
    const { status: _status, ...withoutStatus } = given;
    const metadata: ObjectMeta = {
      ...given.metadata,
      name: name !== undefined && name !== "" ? name : generateName ? `${generateName}${suffix()}` : "",
      uid: uid(),
      resourceVersion: String(version + 1),
      creationTimestamp: timestamp(now()),
      ...(resource.hasGeneration ? { generation: 1 } : {}),
    };
    delete metadata.managedFields;
    if (strict && resource.namespaced) checkNamespace(resource, namespace);
    const object = admit(resource, { ...(resource.hasStatus ? withoutStatus : given), metadata }, undefined, admission);
    const stored: Stored = { object, applied: new Map() };
    if (dryRun) return stored;
    version += 1;
    const collection = collectionOf(resource);
    collection.objects.set(idOf(metadata), stored);
    collection.sorted = undefined;
    alive.add(metadata.uid ?? "");
    index(resource, object, undefined);
    tell(resource, { version, type: "added", object });
    return stored;
  };
  const checkNamespace = (resource: SimResource, namespace: string | undefined): void => {
    const spaces = resources.get("v1/namespaces");
    const found = spaces && collectionOf(spaces).objects.get(`/${namespace ?? ""}`)?.object;
    if (spaces !== undefined && found === undefined) throw notFound(spaces, namespace ?? "");
    if (found?.metadata.deletionTimestamp !== undefined)
      throw new KubeError("forbidden", `unable to create new content in namespace ${namespace ?? ""} because it is being terminated`, {
        httpStatus: 403,
        status: { kind: "Status", code: 403, reason: "Forbidden", details: { kind: resource.plural } },
      });
  };

  const remove = (resource: SimResource, stored: Stored, last: SimObject): void => {
    const collection = collectionOf(resource);
    version += 1;
    collection.objects.delete(idOf(last.metadata));
    collection.sorted = undefined;
    const id = last.metadata.uid ?? "";
    alive.delete(id);
    if (dependents.has(id)) orphaned.add(id);
    const entry = `${resourceId(resource)} ${idOf(last.metadata)}`;
    for (const { uid: owner, blockOwnerDeletion } of last.metadata.ownerReferences ?? []) {
      dependents.get(owner)?.delete(entry);
      // an owner that waits for its dependents may go now
      if (blockOwnerDeletion !== undefined) orphaned.add(owner);
    }
    const object = { ...last, metadata: { ...last.metadata, resourceVersion: String(version) } };
    tell(resource, { version, type: "deleted", object, before: stored.object });
  };

  /** Stores what an object has become, with a new version where it changed; removes it where nothing holds it any more. */
  const commit = (resource: SimResource, stored: Stored, next: SimObject): SimObject => {
    const current = stored.object;
    if (isDeepStrictEqual(withoutVersion(current), withoutVersion(next))) return current;
    const { generation } = current.metadata;
    const becameDoomed = current.metadata.deletionTimestamp === undefined && next.metadata.deletionTimestamp !== undefined;
    const specChanged = becameDoomed || !isDeepStrictEqual(contentOf(current), contentOf(next));
    const object: SimObject = {
      ...next,
      metadata: {
        ...next.metadata,
        resourceVersion: String(version + 1),
        ...(generation === undefined ? {} : { generation: generation + (specChanged ? 1 : 0) }),
      },
    };
    if (isDoomed(object) && !isHeld(resource, object)) {
      stored.object = object;
      remove(resource, { ...stored, object: current }, object);
      return object;
    }
    version += 1;
    stored.object = object;
    collectionOf(resource).sorted = undefined;
    index(resource, object, current);
    tell(resource, { version, type: "modified", object, before: current });
    return object;
  };

  for (const [id, resource] of options.from?.resources ?? []) resources.set(id, resource);
  version = options.from?.version ?? version;
  const begun = [...(options.from?.objects ?? [])].flatMap(([id, objects]) => {
    const resource = resources.get(id);
    return resource === undefined ? [] : [{ resource, objects }];
  });
  for (const { resource, objects } of begun)
    for (const [key, { object, applied }] of objects) {
      collectionOf(resource).objects.set(key, { object, applied: new Map(applied) });
      alive.add(object.metadata.uid ?? "");
    }
  for (const { resource, objects } of begun) for (const { object } of objects.values()) index(resource, object, undefined);

  const store: KubeStore = {
    resource(kind) {
      const known = resources.get(resourceId(kind));
      if (known !== undefined) return known;
      if (strict) throw new KubeError("notFound", "the server could not find the requested resource", { httpStatus: 404 });
      const made = undescribed(kind);
      resources.set(resourceId(kind), made);
      return made;
    },
    resources: () => [...resources.values()],
    save: () => ({
      version,
      resources: new Map(resources),
      objects: new Map(
        [...collections].map(([id, { objects }]) => [
          id,
          new Map([...objects].map(([key, { object, applied }]) => [key, { object, applied: new Map(applied) }])),
        ]),
      ),
    }),
    version: () => version,
    get: (resource, key) => collectionOf(resource).objects.get(idOf(key))?.object,
    list(resource, namespace) {
      const collection = collectionOf(resource);
      collection.sorted ??= [...collection.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { object }]) => object);
      return namespace === undefined ? collection.sorted : collection.sorted.filter(({ metadata }) => metadata.namespace === namespace);
    },
    create(resource, object, { dryRun = false } = {}) {
      const { name, resourceVersion } = object.metadata;
      if (resourceVersion !== undefined && resourceVersion !== "")
        throw new KubeError("serverError", "resourceVersion should not be set on objects to be created", { httpStatus: 500 });
      const read = readObject(resource, wireCopy(object), "body");
      if (name !== undefined && name !== "" && collectionOf(resource).objects.has(idOf(object.metadata)))
        throw alreadyExists(resource, name);
      return insert(resource, read, dryRun).object;
    },
    update(resource, object, { subresource, dryRun = false } = {}) {
      checkStatusDoor(resource, subresource);
      const read = readObject(resource, wireCopy(object), "body");
      if (!collectionOf(resource).objects.has(idOf(read.metadata)) && isMadeByUpdate(resource, read))
        return insert(resource, read, dryRun).object;
      const stored = find(resource, keyOf(object.metadata));
      checkUpdate(resource, stored.object, read);
      const next = throughDoor(resource, stored.object, read, subresource, admission);
      return dryRun ? next : commit(resource, stored, next);
    },
    apply(resource, object, { fieldManager, force, subresource, dryRun = false }) {
      checkStatusDoor(resource, subresource);
      checkApply(object, fieldManager);
      const read = readObject(resource, wireCopy(object), "apply");
      const known = collectionOf(resource).objects.get(idOf(object.metadata));
      const name = object.metadata.name ?? "";
      if (known === undefined && subresource === "status") throw notFound(resource, name);
      const door = `${fieldManager}/${subresource ?? ""}`;
      const { apiVersion: _apiVersion, kind: _kind, metadata, ...content } = read;
      const {
        name: _name,
        namespace: _namespace,
        uid: wantedUid,
        resourceVersion,
        managedFields: _m,
        creationTimestamp: _c,
        ...meta
      } = metadata;
      const said = { ...content, ...(Object.keys(meta).length === 0 ? {} : { metadata: meta }) };
      if (known === undefined) {
        const stored = insert(resource, read, dryRun);
        stored.applied.set(door, said);
        return stored.object;
      }
      const others = [...known.applied].filter(([who]) => who !== door);
      const disputes = force ? [] : ownershipConflicts(known.object, said, others);
      if (disputes.length > 0)
        throw conflict(
          resource,
          name,
          `Apply failed with ${disputes.length} conflict${disputes.length > 1 ? "s" : ""}: ${disputes.map((d) => `conflict with "${d.manager}": ${d.field}`).join(", ")}`,
          disputes.map(({ manager, field }) => ({ field, reason: "FieldManagerConflict", message: `conflict with "${manager}"` })),
        );
      const merged = applyConfig(
        known.object,
        known.applied.get(door),
        said,
        others.map(([, what]) => what),
      ) as SimObject;
      const asked: SimObject = {
        ...merged,
        metadata: {
          ...merged.metadata,
          ...(wantedUid === undefined ? {} : { uid: wantedUid }),
          ...(resourceVersion === undefined ? {} : { resourceVersion }),
        },
      };
      const next = throughDoor(resource, known.object, asked, subresource, admission);
      if (dryRun) return next;
      const result = commit(resource, known, next);
      known.applied.set(door, said);
      return result;
    },
    patch(resource, key, change, { subresource, dryRun = false } = {}) {
      checkStatusDoor(resource, subresource);
      const stored = find(resource, key);
      const read = readObject(resource, change(stored.object), "patch", stored.object);
      const next = throughDoor(resource, stored.object, read, subresource, admission);
      return dryRun ? next : commit(resource, stored, next);
    },
    delete(resource, key, { uid: wantedUid, resourceVersion, propagationPolicy, gracePeriodSeconds, dryRun = false } = {}) {
      const stored = collectionOf(resource).objects.get(idOf(key));
      if (stored === undefined) return undefined;
      const { metadata } = stored.object;
      const versions: readonly (readonly [string, string | undefined, string | undefined])[] = [
        ["UID", wantedUid, metadata.uid],
        ["ResourceVersion", resourceVersion, metadata.resourceVersion],
      ];
      for (const [what, wanted, is] of versions)
        if (wanted !== undefined && wanted !== is)
          throw conflict(
            resource,
            key.name,
            `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${is ?? ""}`,
          );
      if (dryRun) return stored.object;
      const hold = propagationPolicy === "Foreground" ? "foregroundDeletion" : propagationPolicy === "Orphan" ? "orphan" : undefined;
      const finalizers = [...(metadata.finalizers ?? []), ...(hold === undefined ? [] : [hold])];
      const grace = gracePeriodOf(resource, stored.object, gracePeriodSeconds);
      const doomed: SimObject = {
        ...stored.object,
        metadata: {
          ...metadata,
          ...(finalizers.length === 0 ? {} : { finalizers: [...new Set(finalizers)] }),
          deletionTimestamp: metadata.deletionTimestamp ?? timestamp(now() + grace * 1000),
          ...(resource.kind === "Pod" ? { deletionGracePeriodSeconds: grace } : {}),
        },
      };
      if (hold !== undefined) orphaned.add(metadata.uid ?? "");
      if (isHeld(resource, doomed))
        return commit(resource, stored, resource.kind === "Namespace" ? admit(resource, doomed, stored.object, admission) : doomed);
      remove(resource, stored, stored.object);
      return stored.object;
    },
    collectGarbage() {
      let any = false;
      while (orphaned.size > 0) {
        const [owner = ""] = orphaned;
        orphaned.delete(owner);
        any = collectFrom(owner) || any;
      }
      return any;
    },
    changesSince(resource, from) {
      const changes = collectionOf(resource).log.since(from);
      if (changes === undefined)
        throw new KubeError("gone", `too old resource version: ${from} (${version})`, {
          httpStatus: 410,
          status: { kind: "Status", code: 410, reason: "Expired" },
        });
      return changes;
    },
    compact() {
      for (const resource of resources.values()) collectionOf(resource).log.compact(version);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  /** What becomes of the dependents of an owner that is gone, or that waits for them. */
  const collectFrom = (owner: string): boolean => {
    const waiting = findByUid(owner);
    const mode = waiting?.stored.object.metadata.finalizers ?? [];
    let any = false;
    const entries = [...(dependents.get(owner) ?? [])].map(storedAt);
    for (const entry of entries) {
      if (entry?.stored === undefined) continue;
      const { metadata } = entry.stored.object;
      const key = keyOf(metadata);
      const owners = metadata.ownerReferences ?? [];
      if (waiting === undefined) {
        if (owners.some((o) => alive.has(o.uid))) continue;
        if (metadata.deletionTimestamp !== undefined) continue;
        store.delete(entry.resource, key, metadata.uid === undefined ? {} : { uid: metadata.uid });
      } else if (mode.includes("orphan")) {
        commit(entry.resource, entry.stored, {
          ...entry.stored.object,
          metadata: { ...metadata, ownerReferences: owners.filter((o) => o.uid !== owner) },
        });
      } else if (mode.includes("foregroundDeletion")) {
        // only those that block it are waited for, and taken away before it
        if (metadata.deletionTimestamp !== undefined || !owners.some((o) => o.uid === owner && o.blockOwnerDeletion === true)) continue;
        store.delete(entry.resource, key, { propagationPolicy: "Foreground" });
      } else continue;
      any = true;
    }
    const blocks = (object: SimObject | undefined) =>
      object?.metadata.ownerReferences?.some((o) => o.uid === owner && o.blockOwnerDeletion === true) === true;
    const left = [...(dependents.get(owner) ?? [])].filter((entry) => waiting === undefined || blocks(storedAt(entry)?.stored?.object));
    if (waiting === undefined) {
      if (left.length === 0) dependents.delete(owner);
    } else if (mode.includes("orphan") || (mode.includes("foregroundDeletion") && left.length === 0)) {
      const { metadata } = waiting.stored.object;
      const finalizers = mode.filter((f) => f !== "orphan" && f !== "foregroundDeletion");
      const { finalizers: _f, ...rest } = metadata;
      commit(waiting.resource, waiting.stored, {
        ...waiting.stored.object,
        metadata: { ...rest, ...(finalizers.length > 0 ? { finalizers } : {}) },
      });
      any = true;
    }
    return any;
  };
  const storedAt = (entry: string): { resource: SimResource; stored: Stored | undefined } | undefined => {
    const [id = "", key = ""] = entry.split(" ");
    const resource = resources.get(id);
    return resource === undefined ? undefined : { resource, stored: collectionOf(resource).objects.get(key) };
  };
  const findByUid = (id: string): { resource: SimResource; stored: Stored } | undefined => {
    if (!alive.has(id)) return undefined;
    for (const resource of resources.values())
      for (const stored of collections.get(resourceId(resource))?.objects.values() ?? [])
        if (stored.object.metadata.uid === id) return { resource, stored };
    return undefined;
  };
  return store;
}

function keyOf({ namespace, name = "" }: ObjectMeta): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name };
}

function withoutVersion({ metadata: { resourceVersion: _version, ...metadata }, ...rest }: SimObject): object {
  return { ...rest, metadata };
}

function contentOf({ metadata: _metadata, status: _status, ...content }: SimObject): object {
  return content;
}
