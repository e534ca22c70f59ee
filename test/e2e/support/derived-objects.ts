import type { KubeObject } from "../../../src/kube/object.ts";
import { readCephCluster } from "./ceph-cluster.ts";
import { getObject, listObjects } from "./kubectl.ts";
import { namespace } from "./operator.ts";

/** A Deployment, Service, Secret, ConfigMap or PodDisruptionBudget, with what it says. */
export interface DerivedObject extends KubeObject {
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
}

/** What cannot be derived again: who the cluster is. */
const identity = "rook-ceph-mon";

/** What the operator made for the CephCluster and can make again: all that it owns of these five kinds. */
export async function derivedObjects(): Promise<DerivedObject[]> {
  const owner = (await readCephCluster()).metadata.uid;
  const objects = await listObjects<DerivedObject>(namespace, "configmaps,secrets,services,poddisruptionbudgets,deployments");
  return objects.filter(
    (object) =>
      object.metadata.ownerReferences?.some((reference) => reference.uid === owner) === true &&
      !(object.kind === "Secret" && object.metadata.name === identity),
  );
}

/** `Deployment rook-ceph-mon-a` */
export function nameOf(object: KubeObject): string {
  return `${object.kind} ${object.metadata.name ?? ""}`;
}

/** The object of the same kind and name that is there now, when it is another one. */
export async function successorOf(object: DerivedObject): Promise<DerivedObject> {
  const now = await getObject<DerivedObject>(namespace, object.kind, object.metadata.name ?? "");
  if (now.metadata.uid === object.metadata.uid || now.metadata.deletionTimestamp !== undefined)
    throw new Error(`the deleted ${nameOf(object)} is still there`);
  return now;
}

/**
 * What an object says, without what is new each time it is made and nothing else relies on: the address of a Service, except the
 * mons', which are in every client's configuration, and the dashboard's password.
 */
export function contentOf(object: DerivedObject): unknown {
  const { spec, data, metadata } = object;
  const name = metadata.name ?? "";
  const newAddress = object.kind === "Service" && !name.startsWith("rook-ceph-mon-");
  const newData = name === "rook-ceph-dashboard-password";
  return {
    labels: metadata.labels,
    owners: metadata.ownerReferences,
    spec: newAddress ? { ...spec, clusterIP: "", clusterIPs: [] } : spec,
    data: newData ? Object.keys(data ?? {}).sort() : data,
  };
}
