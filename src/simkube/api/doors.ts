import type { ObjectMeta } from "../../kube/object.ts";
import { type AdmissionContext, admit, admitStatus } from "./admission.ts";
import { conflict, refusedAs } from "./refused.ts";
import type { SimResource } from "./resources.ts";
import { immutable } from "./rules/cause.ts";
import type { SimObject } from "./sim-object.ts";

/**
 * What an object becomes when `next` comes in by the main door or by that of its status: what only the other door or the server may
 * change stays as it was.
 *
 * @throws KubeError `conflict` where `next` names another version, `invalid` where it cannot be
 */
export function throughDoor(
  resource: SimResource,
  current: SimObject,
  next: SimObject,
  subresource: "status" | undefined,
  admission: AdmissionContext,
): SimObject {
  const expected = next.metadata.resourceVersion;
  const name = current.metadata.name ?? "";
  if (expected !== undefined && expected !== "" && expected !== current.metadata.resourceVersion)
    throw conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");
  if (subresource === "status") {
    const { status: _old, ...rest } = current;
    const changed: SimObject = { ...rest, ...("status" in next ? { status: next["status"] } : {}) };
    // a custom resource's status is written whatever uid is named
    if (!resource.isCustom && next.metadata.uid !== undefined && next.metadata.uid !== current.metadata.uid)
      throw refusedAs(resource, name, [immutable("metadata.uid", next.metadata.uid)]);
    return admitStatus(resource, changed);
  }
  const { creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds } = current.metadata;
  const { managedFields: _managed, deletionTimestamp: _d, deletionGracePeriodSeconds: _g, generation: _n, ...meta } = next.metadata;
  const metadata: ObjectMeta = {
    ...meta,
    name,
    // another uid is refused; one that is left out stays
    ...(meta.uid || current.metadata.uid === undefined ? {} : { uid: current.metadata.uid }),
    ...(creationTimestamp ? { creationTimestamp } : {}),
    ...(generation ? { generation } : {}),
    ...(deletionTimestamp ? { deletionTimestamp } : {}),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
  };
  const { status, ...rest } = next;
  const kept = resource.hasStatus ? current["status"] : status;
  return admit(resource, { ...rest, metadata, ...(kept === undefined ? {} : { status: kept }) }, current, admission);
}
