import type { KubeObject, ObjectMeta } from "../../kube/object.ts";
import type { BuildContext } from "./context.ts";

/** Metadata of an object that belongs to the CephCluster and goes with it. */
export function ownedBy(context: BuildContext, name: string, labels: Record<string, string> = {}): ObjectMeta {
  return {
    name,
    namespace: context.namespace,
    labels,
    ownerReferences: [{ ...context.owner, controller: true, blockOwnerDeletion: true }],
  };
}

/** The owner reference to a CephCluster. */
export function ownerReference(object: KubeObject): { apiVersion: string; kind: string; name: string; uid: string } {
  return { apiVersion: object.apiVersion, kind: object.kind, name: object.metadata.name ?? "", uid: object.metadata.uid ?? "" };
}
