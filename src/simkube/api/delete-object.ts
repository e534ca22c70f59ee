import type { ObjectKey } from "../../kube/object.ts";
import { admit } from "./admission.ts";
import { gracePeriodOf, isHeld } from "./deletion.ts";
import type { Deleting } from "./kube-store.ts";
import { conflict } from "./refused.ts";
import type { SimResource } from "./resources.ts";
import { type SimObject, timestamp } from "./sim-object.ts";
import { idOf, type StoreCore } from "./store-core.ts";
import { commitObject, removeObject } from "./store-writes.ts";

/** Deletes an object or begins its end, as `KubeStore` has it. @throws KubeError `conflict` */
export function deleteObject(
  core: StoreCore,
  resource: SimResource,
  key: ObjectKey,
  { uid: wantedUid, resourceVersion, propagationPolicy, gracePeriodSeconds, dryRun = false }: Deleting = {},
): SimObject | undefined {
  const stored = core.collectionOf(resource).objects.get(idOf(key));
  if (stored === undefined) return undefined;
  const { metadata } = stored.object;
  const versions: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ["UID", wantedUid, metadata.uid],
    ["ResourceVersion", resourceVersion, metadata.resourceVersion],
  ];
  for (const [what, wanted, is] of versions)
    if (wanted !== undefined && wanted !== is)
      throw conflict(resource, key.name, `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${is ?? ""}`);
  if (dryRun) return stored.object;
  const hold = propagationPolicy === "Foreground" ? "foregroundDeletion" : propagationPolicy === "Orphan" ? "orphan" : undefined;
  const finalizers = [...(metadata.finalizers ?? []), ...(hold === undefined ? [] : [hold])];
  const grace = gracePeriodOf(resource, stored.object, gracePeriodSeconds);
  const doomed: SimObject = {
    ...stored.object,
    metadata: {
      ...metadata,
      ...(finalizers.length === 0 ? {} : { finalizers: [...new Set(finalizers)] }),
      deletionTimestamp: metadata.deletionTimestamp ?? timestamp(core.now() + grace * 1000),
      ...(resource.kind === "Pod" ? { deletionGracePeriodSeconds: grace } : {}),
    },
  };
  if (hold !== undefined) core.owners.mark(metadata.uid ?? "");
  if (isHeld(resource, doomed))
    return commitObject(
      core,
      resource,
      stored,
      resource.kind === "Namespace" ? admit(resource, doomed, stored.object, core.admission) : doomed,
    );
  removeObject(core, resource, stored, stored.object);
  return stored.object;
}
