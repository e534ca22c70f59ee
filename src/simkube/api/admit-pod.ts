import type { ObjectKey } from "../../kube/object.ts";
import { forbiddenAs } from "./refused.ts";
import type { SimResource } from "./resources.ts";
import { fieldsOf, type SimObject } from "./sim-object.ts";

/** Priority classes that every cluster has. */
const ownPriorityClasses: readonly string[] = ["system-cluster-critical", "system-node-critical"];

/**
 * Refuses a Pod whose service account or priority class is not there. A Pod that names no service account has its namespace's
 * `default`.
 *
 * @throws KubeError `forbidden`
 */
export function admitPod(resource: SimResource, pod: SimObject, isThere: (resource: string, key: ObjectKey) => boolean): void {
  const { name, generateName, namespace = "" } = pod.metadata;
  const called = generateName ?? name ?? "";
  const { serviceAccountName, priorityClassName } = fieldsOf(pod["spec"]);
  const account = typeof serviceAccountName === "string" && serviceAccountName !== "" ? serviceAccountName : "default";
  if (!isThere("v1/serviceaccounts", { namespace, name: account }))
    throw forbiddenAs(resource, called, `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`);
  if (
    typeof priorityClassName === "string" &&
    priorityClassName !== "" &&
    !ownPriorityClasses.includes(priorityClassName) &&
    !isThere("scheduling.k8s.io/v1/priorityclasses", { name: priorityClassName })
  )
    throw forbiddenAs(resource, called, `no PriorityClass with name ${priorityClassName} was found`);
}
