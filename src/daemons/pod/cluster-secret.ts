import type { Secret } from "../../kube/kinds.ts";
import type { BuildContext } from "./context.ts";
import { ownedBy } from "./metadata.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A Secret that belongs to the CephCluster; the values of `data` are plain text. */
export function clusterSecret(context: BuildContext, name: string, data: Readonly<Record<string, string>>): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/rook",
    metadata: ownedBy(context, name),
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
  };
}
