import { isDeepStrictEqual } from "node:util";
import { KubeError } from "../../kube/kube-error.ts";
import type { ObjectMeta } from "../../kube/object.ts";
import { admit } from "./admission.ts";
import { isDoomed, isHeld } from "./deletion.ts";
import type { Stored } from "./kube-store.ts";
import { notFound } from "./refused.ts";
import type { SimResource } from "./resources.ts";
import { type SimObject, timestamp } from "./sim-object.ts";
import { entryOf, idOf, type StoreCore, tellChange } from "./store-core.ts";

/** Stores a new object as the server makes it of what was given; with `dryRun` it only answers it. @throws KubeError */
export function insertObject(core: StoreCore, resource: SimResource, given: SimObject, dryRun: boolean): Stored {
  const { name, namespace, generateName } = given.metadata;
  const { status: _status, ...withoutStatus } = given;
  const metadata: ObjectMeta = {
    ...given.metadata,
    name: name !== undefined && name !== "" ? name : generateName ? `${generateName}${core.suffix()}` : "",
    uid: core.uid(),
    resourceVersion: String(core.version + 1),
    creationTimestamp: timestamp(core.now()),
    ...(resource.hasGeneration ? { generation: 1 } : {}),
  };
  delete metadata.managedFields;
  if (core.strict && resource.namespaced) checkNamespace(core, resource, namespace);
  const object = admit(resource, { ...(resource.hasStatus ? withoutStatus : given), metadata }, undefined, core.admission);
  const stored: Stored = { object, applied: new Map() };
  if (dryRun) return stored;
  core.version += 1;
  const collection = core.collectionOf(resource);
  collection.objects.set(idOf(metadata), stored);
  collection.sorted = undefined;
  core.owners.born(metadata.uid ?? "");
  core.owners.link(entryOf(resource, object.metadata), object.metadata, undefined);
  tellChange(core, resource, { version: core.version, type: "added", object });
  return stored;
}

function checkNamespace(core: StoreCore, resource: SimResource, namespace: string | undefined): void {
  const spaces = core.resources.get("v1/namespaces");
  const found = spaces && core.collectionOf(spaces).objects.get(`/${namespace ?? ""}`)?.object;
  if (spaces !== undefined && found === undefined) throw notFound(spaces, namespace ?? "");
  if (found?.metadata.deletionTimestamp !== undefined)
    throw new KubeError("forbidden", `unable to create new content in namespace ${namespace ?? ""} because it is being terminated`, {
      httpStatus: 403,
      status: { kind: "Status", code: 403, reason: "Forbidden", details: { kind: resource.plural } },
    });
}

/** Takes an object out. `last` is what it was at its end. */
export function removeObject(core: StoreCore, resource: SimResource, stored: Stored, last: SimObject): void {
  const collection = core.collectionOf(resource);
  core.version += 1;
  collection.objects.delete(idOf(last.metadata));
  collection.sorted = undefined;
  core.owners.died(entryOf(resource, last.metadata), last.metadata);
  const object = { ...last, metadata: { ...last.metadata, resourceVersion: String(core.version) } };
  tellChange(core, resource, { version: core.version, type: "deleted", object, before: stored.object });
}

/** Stores what an object has become, with a new version where it changed; removes it where nothing holds it any more. */
export function commitObject(core: StoreCore, resource: SimResource, stored: Stored, next: SimObject): SimObject {
  const current = stored.object;
  if (isDeepStrictEqual(withoutVersion(current), withoutVersion(next))) return current;
  const { generation } = current.metadata;
  const becameDoomed = current.metadata.deletionTimestamp === undefined && next.metadata.deletionTimestamp !== undefined;
  const specChanged = becameDoomed || !isDeepStrictEqual(contentOf(current), contentOf(next));
  const object: SimObject = {
    ...next,
    metadata: {
      ...next.metadata,
      resourceVersion: String(core.version + 1),
      ...(generation === undefined ? {} : { generation: generation + (specChanged ? 1 : 0) }),
    },
  };
  if (isDoomed(object) && !isHeld(resource, object)) {
    stored.object = object;
    removeObject(core, resource, { ...stored, object: current }, object);
    return object;
  }
  core.version += 1;
  stored.object = object;
  core.collectionOf(resource).sorted = undefined;
  core.owners.link(entryOf(resource, object.metadata), object.metadata, current.metadata);
  tellChange(core, resource, { version: core.version, type: "modified", object, before: current });
  return object;
}

function withoutVersion({ metadata: { resourceVersion: _version, ...metadata }, ...rest }: SimObject): object {
  return { ...rest, metadata };
}

function contentOf({ metadata: _metadata, status: _status, ...content }: SimObject): object {
  return content;
}
