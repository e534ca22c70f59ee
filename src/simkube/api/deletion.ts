import type { SimResource } from "./resources.ts";
import { fieldsOf, type SimObject } from "./sim-object.ts";

/** Seconds that a Pod is given to end; 0 where it ends at once, as everything else does. */
export function gracePeriodOf(resource: SimResource, object: SimObject, asked: number | undefined): number {
  if (resource.kind !== "Pod") return 0;
  const spec = fieldsOf(object["spec"]);
  const phase = fieldsOf(object["status"])["phase"];
  if (spec["nodeName"] === undefined || phase === "Succeeded" || phase === "Failed") return 0;
  return asked ?? (typeof spec["terminationGracePeriodSeconds"] === "number" ? spec["terminationGracePeriodSeconds"] : 30);
}

/** Whether somebody has asked for its end. */
export function isDoomed({ metadata }: SimObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Whether something keeps a doomed object: a finalizer, a Namespace's content, a Pod's grace. */
export function isHeld(resource: SimResource, object: SimObject): boolean {
  if ((object.metadata.finalizers ?? []).length > 0) return true;
  if (resource.kind === "Namespace") return ((fieldsOf(object["spec"])["finalizers"] as string[] | undefined) ?? []).length > 0;
  return resource.kind === "Pod" && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0;
}
