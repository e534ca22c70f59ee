import type { Secret } from "../../kube/kinds.ts";
import type { OwnerReference } from "../../kube/object.ts";

/** The Secret of a user, in Rook's keys. */
export function clientSecret(input: { namespace: string; name: string; owner: OwnerReference; user: string; key: string }): Secret {
  const { namespace, name, owner, user, key } = input;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/rook",
    metadata: { name, namespace, ownerReferences: [owner] },
    data: { [user]: base64(key), userID: base64(user), userKey: base64(key) },
  };
}
