import type { RefusedField } from "../refused.ts";
import type { SimResource } from "../resources.ts";
import type { SimObject } from "../sim-object.ts";
import type { Causes } from "./cause.ts";
import { configMapRules, secretRules } from "./config-data.ts";
import { metadataChangeRules, metadataRules } from "./metadata.ts";
import { podRules } from "./pod.ts";
import { serviceRules } from "./service.ts";
import { budgetRules, claimRules, eventRules, leaseRules, priorityClassRules } from "./small-kinds.ts";
import { deploymentRules, jobRules, replicaRules } from "./workloads.ts";

/** Everything that the API server's own rules have against an object that is to be stored. Its shape has been judged before. */
export function causesOf(resource: SimResource, next: SimObject, before: SimObject | undefined): RefusedField[] {
  const causes = [...metadataRules(resource, next)];
  if (before !== undefined) causes.push(...metadataChangeRules(next, before));
  // what did not change has been judged
  if (!resource.isCustom && !isSameContent(next, before)) causes.push(...kindRules(next as never, before as never, resource.kind));
  return causes;
}

function isSameContent(next: SimObject, before: SimObject | undefined): boolean {
  if (before === undefined) return false;
  const names = new Set([...Object.keys(next), ...Object.keys(before)]);
  return [...names].every((name) => name === "metadata" || name === "status" || next[name] === before[name]);
}

function kindRules(next: never, before: never, kind: string): Causes | readonly RefusedField[] {
  switch (kind) {
    case "Pod":
      return podRules(next, before);
    case "Deployment":
      return deploymentRules(next, before);
    case "ReplicaSet":
    case "DaemonSet":
    case "StatefulSet":
      return replicaRules(next, before);
    case "Job":
      return jobRules(next, before);
    case "Secret":
      return secretRules(next, before);
    case "ConfigMap":
      return configMapRules(next, before);
    case "Service":
      return serviceRules(next, before);
    case "PodDisruptionBudget":
      return budgetRules(next);
    case "Lease":
      return leaseRules(next);
    case "Event":
      return eventRules(next);
    case "PersistentVolumeClaim":
      return claimRules(next, before);
    case "PriorityClass":
      return priorityClassRules(next, before);
    default:
      return [];
  }
}
