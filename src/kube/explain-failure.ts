import type { KubeError } from "./kube-error.ts";
import type { Kind } from "./object.ts";

/**
 * `deployments.apps`, as in RBAC rules and CRD names.
 *
 * @example resourceName(Deployment) // "deployments.apps"
 */
export function resourceName(kind: Kind): string {
  const slash = kind.apiVersion.indexOf("/");
  return slash === -1 ? kind.plural : `${kind.plural}.${kind.apiVersion.slice(0, slash)}`;
}

/**
 * Why a collection cannot be read, in a sentence; where a person has to act, it says how.
 *
 * @param namespace absent: every namespace
 * @example
 * explainFailure("list", Node, undefined, new KubeError("forbidden", "forbidden"))
 * // 'Not allowed to list nodes: give this user a role with the verb "list" on nodes.'
 */
export function explainFailure(verb: "list" | "watch", kind: Kind, namespace: string | undefined, error: KubeError): string {
  const resource = resourceName(kind);
  const where = !kind.namespaced ? "" : namespace === undefined ? " in all namespaces" : ` in the namespace ${namespace}`;
  switch (error.code) {
    case "forbidden":
      return `Not allowed to ${verb} ${resource}${where}: give this user a role with the verb "${verb}" on ${resource}.`;
    case "notFound":
      return `Cannot ${verb} ${resource}, which the API server does not know: install its CustomResourceDefinition.`;
    case "unauthorized":
      return `Cannot ${verb} ${resource}: the API server does not accept these credentials; log in again, or name another kubeconfig or context.`;
    case "aborted":
    case "alreadyExists":
    case "conflict":
    case "gone":
    case "invalid":
    case "serverError":
    case "tooManyRequests":
    case "unreachable":
      return error.message;
  }
}
