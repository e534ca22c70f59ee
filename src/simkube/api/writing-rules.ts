import { KubeError } from "../../kube/kube-error.ts";
import { badRequest } from "./read-object.ts";
import { conflict, refusedAs } from "./refused.ts";
import type { SimResource } from "./resources.ts";
import type { SimObject } from "./sim-object.ts";

/** Kinds of Kubernetes itself that are updated only with the version that they have; so is every custom resource. */
const conditional: ReadonlySet<string> = new Set(["CustomResourceDefinition", "Lease", "PodDisruptionBudget"]);

/** @throws KubeError `notFound` where the kind has no such door */
export function checkStatusDoor(resource: SimResource, subresource: "status" | undefined): void {
  if (subresource === "status" && !resource.hasStatus)
    throw new KubeError("notFound", "the server could not find the requested resource", {
      httpStatus: 404,
      status: { kind: "Status", code: 404, reason: "NotFound", details: {} },
    });
}

/**
 * Whether an update makes the object, which is not there: of Leases and events it does.
 *
 * @throws KubeError `conflict` where it is about a certain one
 */
export function isMadeByUpdate(resource: SimResource, { metadata: { name = "", uid = "" } }: SimObject): boolean {
  if (resource.kind !== "Lease" && resource.kind !== "Event") return false;
  if (uid !== "") throw conflict(resource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: `);
  return true;
}

/** @throws KubeError `conflict` where an update is about another object of that name, `invalid` where it has to name a version */
export function checkUpdate(resource: SimResource, current: SimObject, { metadata }: SimObject): void {
  const name = current.metadata.name ?? "";
  const { uid = "", resourceVersion = "" } = metadata;
  if (uid !== "" && uid !== current.metadata.uid)
    throw conflict(resource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid ?? ""}`);
  if (resourceVersion === "" && (resource.isCustom || conditional.has(resource.kind)))
    throw refusedAs(resource, name, [
      { field: "metadata.resourceVersion", reason: "FieldValueInvalid", message: 'Invalid value: "": must be specified for an update' },
    ]);
}

/** @throws KubeError `invalid` where the applier has no name, or says what only the server may */
export function checkApply({ metadata }: SimObject, fieldManager: string): void {
  if (fieldManager === "")
    throw new KubeError("invalid", 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch', {
      httpStatus: 422,
      status: {
        kind: "Status",
        code: 422,
        reason: "Invalid",
        details: { causes: [{ field: "fieldManager", reason: "FieldValueRequired" }] },
      },
    });
  if (metadata.managedFields !== undefined) throw badRequest("metadata.managedFields must be nil");
}
