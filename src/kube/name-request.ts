import type { WriteOptions } from "./kube.ts";
import type { Kind, ObjectKey } from "./object.ts";

/**
 * A request in words, for messages.
 *
 * @example nameRequest("apply", Deployment, { namespace: "default", name: "web" }, "status") // "apply status of Deployment default/web"
 */
export function nameRequest(verb: string, kind: Kind, key: ObjectKey, subresource?: WriteOptions["subresource"]): string {
  const part = subresource === undefined ? "" : `${subresource} of `;
  return `${verb} ${part}${kind.kind} ${key.namespace === undefined ? "" : `${key.namespace}/`}${key.name}`;
}
