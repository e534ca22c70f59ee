import { KubeError } from "../../kube/kube-error.ts";
import type { ObjectKey, ObjectMeta } from "../../kube/object.ts";
import { applyObject } from "./apply-object.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { deleteObject } from "./delete-object.ts";
import { throughDoor } from "./doors.ts";
import type { KubeStore, KubeStoreOptions } from "./kube-store.ts";
import { readObject } from "./read-object.ts";
import { alreadyExists } from "./refused.ts";
import { wireCopy } from "./sim-object.ts";
import { changesSince, createStoreCore, findStored, idOf, saveCore, servedAs } from "./store-core.ts";
import { commitObject, insertObject } from "./store-writes.ts";
import { checkStatusDoor, checkUpdate, isMadeByUpdate } from "./writing-rules.ts";

export type { Deleting, KubeStore, KubeStoreOptions, KubeStoreState, Writing } from "./kube-store.ts";

/** A store with nothing in it, or with what `from` had. */
export function createKubeStore(options: KubeStoreOptions = {}): KubeStore {
  const core = createStoreCore(options);
  return {
    resource: (kind) => servedAs(core, kind),
    resources: () => [...core.resources.values()],
    save: () => saveCore(core),
    version: () => core.version,
    get: (resource, key) => core.collectionOf(resource).objects.get(idOf(key))?.object,
    list(resource, namespace) {
      const collection = core.collectionOf(resource);
      collection.sorted ??= [...collection.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { object }]) => object);
      return namespace === undefined ? collection.sorted : collection.sorted.filter(({ metadata }) => metadata.namespace === namespace);
    },
    create(resource, object, { dryRun = false } = {}) {
      const { name, resourceVersion } = object.metadata;
      if (resourceVersion !== undefined && resourceVersion !== "")
        throw new KubeError("serverError", "resourceVersion should not be set on objects to be created", { httpStatus: 500 });
      const read = readObject(resource, wireCopy(object), "body");
      if (name !== undefined && name !== "" && core.collectionOf(resource).objects.has(idOf(object.metadata)))
        throw alreadyExists(resource, name);
      return insertObject(core, resource, read, dryRun).object;
    },
    update(resource, object, { subresource, dryRun = false } = {}) {
      checkStatusDoor(resource, subresource);
      const read = readObject(resource, wireCopy(object), "body");
      if (!core.collectionOf(resource).objects.has(idOf(read.metadata)) && isMadeByUpdate(resource, read))
        return insertObject(core, resource, read, dryRun).object;
      const stored = findStored(core, resource, keyOf(object.metadata));
      checkUpdate(resource, stored.object, read);
      const next = throughDoor(resource, stored.object, read, subresource, core.admission);
      return dryRun ? next : commitObject(core, resource, stored, next);
    },
    apply: (resource, object, applying) => applyObject(core, resource, object, applying),
    patch(resource, key, change, { subresource, dryRun = false } = {}) {
      checkStatusDoor(resource, subresource);
      const stored = findStored(core, resource, key);
      const read = readObject(resource, change(stored.object), "patch", stored.object);
      const next = throughDoor(resource, stored.object, read, subresource, core.admission);
      return dryRun ? next : commitObject(core, resource, stored, next);
    },
    delete: (resource, key, deleting) => deleteObject(core, resource, key, deleting),
    collectGarbage: () => collectGarbage(core),
    changesSince: (resource, from) => changesSince(core, resource, from),
    compact() {
      for (const resource of core.resources.values()) core.collectionOf(resource).log.compact(core.version);
    },
    subscribe(listener) {
      core.listeners.add(listener);
      return () => core.listeners.delete(listener);
    },
  };
}

function keyOf({ namespace, name = "" }: ObjectMeta): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name };
}
