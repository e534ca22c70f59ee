import { throughDoor } from "./doors.ts";
import type { Applying } from "./kube-store.ts";
import { readObject } from "./read-object.ts";
import { conflict, notFound } from "./refused.ts";
import type { SimResource } from "./resources.ts";
import { applyConfig, ownershipConflicts } from "./server-side-apply.ts";
import { type SimObject, wireCopy } from "./sim-object.ts";
import { idOf, type StoreCore } from "./store-core.ts";
import { commitObject, insertObject } from "./store-writes.ts";
import { checkApply, checkStatusDoor } from "./writing-rules.ts";

/** Server-side apply, as `KubeStore` has it. @throws KubeError */
export function applyObject(
  core: StoreCore,
  resource: SimResource,
  object: SimObject,
  { fieldManager, force, subresource, dryRun = false }: Applying,
): SimObject {
  checkStatusDoor(resource, subresource);
  checkApply(object, fieldManager);
  const read = readObject(resource, wireCopy(object), "apply");
  const known = core.collectionOf(resource).objects.get(idOf(object.metadata));
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
    const stored = insertObject(core, resource, read, dryRun);
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
  const next = throughDoor(resource, known.object, asked, subresource, core.admission);
  if (dryRun) return next;
  const result = commitObject(core, resource, known, next);
  known.applied.set(door, said);
  return result;
}
