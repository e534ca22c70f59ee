import type { ObjectKey, ObjectMeta } from "../../kube/object.ts";
import { deleteObject } from "./delete-object.ts";
import type { Stored } from "./kube-store.ts";
import type { SimResource } from "./resources.ts";
import type { SimObject } from "./sim-object.ts";
import { resourceId, type StoreCore } from "./store-core.ts";
import { commitObject } from "./store-writes.ts";

/** Deletes what no owner is left of; answers whether it did. */
export function collectGarbage(core: StoreCore): boolean {
  let any = false;
  for (let owner = core.owners.takeMarked(); owner !== undefined; owner = core.owners.takeMarked()) any = collectFrom(core, owner) || any;
  return any;
}

/** What becomes of the dependents of an owner that is gone, or that waits for them. */
function collectFrom(core: StoreCore, owner: string): boolean {
  const waiting = findByUid(core, owner);
  const mode = waiting?.stored.object.metadata.finalizers ?? [];
  let any = false;
  const entries = core.owners.dependentsOf(owner).map((each) => storedAt(core, each));
  for (const entry of entries) {
    if (entry?.stored === undefined) continue;
    const { metadata } = entry.stored.object;
    const key = keyOf(metadata);
    const owners = metadata.ownerReferences ?? [];
    if (waiting === undefined) {
      if (owners.some((o) => core.owners.isAlive(o.uid))) continue;
      if (metadata.deletionTimestamp !== undefined) continue;
      deleteObject(core, entry.resource, key, metadata.uid === undefined ? {} : { uid: metadata.uid });
    } else if (mode.includes("orphan")) {
      commitObject(core, entry.resource, entry.stored, {
        ...entry.stored.object,
        metadata: { ...metadata, ownerReferences: owners.filter((o) => o.uid !== owner) },
      });
    } else if (mode.includes("foregroundDeletion")) {
      // only those that block it are waited for, and taken away before it
      if (metadata.deletionTimestamp !== undefined || !owners.some((o) => o.uid === owner && o.blockOwnerDeletion === true)) continue;
      deleteObject(core, entry.resource, key, { propagationPolicy: "Foreground" });
    } else continue;
    any = true;
  }
  const blocks = (object: SimObject | undefined) =>
    object?.metadata.ownerReferences?.some((o) => o.uid === owner && o.blockOwnerDeletion === true) === true;
  const left = core.owners.dependentsOf(owner).filter((entry) => waiting === undefined || blocks(storedAt(core, entry)?.stored?.object));
  if (waiting === undefined) {
    if (left.length === 0) core.owners.forget(owner);
  } else if (mode.includes("orphan") || (mode.includes("foregroundDeletion") && left.length === 0)) {
    const { metadata } = waiting.stored.object;
    const finalizers = mode.filter((f) => f !== "orphan" && f !== "foregroundDeletion");
    const { finalizers: _f, ...rest } = metadata;
    commitObject(core, waiting.resource, waiting.stored, {
      ...waiting.stored.object,
      metadata: { ...rest, ...(finalizers.length > 0 ? { finalizers } : {}) },
    });
    any = true;
  }
  return any;
}

function storedAt(core: StoreCore, entry: string): { resource: SimResource; stored: Stored | undefined } | undefined {
  const [id = "", key = ""] = entry.split(" ");
  const resource = core.resources.get(id);
  return resource === undefined ? undefined : { resource, stored: core.collectionOf(resource).objects.get(key) };
}

function findByUid(core: StoreCore, id: string): { resource: SimResource; stored: Stored } | undefined {
  if (!core.owners.isAlive(id)) return undefined;
  for (const resource of core.resources.values())
    for (const stored of core.collectionAt(resourceId(resource))?.objects.values() ?? [])
      if (stored.object.metadata.uid === id) return { resource, stored };
  return undefined;
}

function keyOf({ namespace, name = "" }: ObjectMeta): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name };
}
