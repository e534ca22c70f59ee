import type { Kind, KubeObject } from "../../src/kube/object.ts";
import { CephCluster, type CephClusterSpec } from "../../src/schema/ceph-cluster.ts";
import { type CrashWorld, clusterKey } from "./crash-world.ts";

const { namespace } = clusterKey;

/** The object of that name in the cluster's namespace. Throws where there is none: a workload that does nothing shows nothing. */
export function mustGet<T extends KubeObject>(world: CrashWorld, kind: Kind<T>, name: string): T {
  const object = world.user.get(kind, { namespace, name });
  if (object === undefined) throw new Error(`there is no ${kind.kind} ${name}`);
  return object;
}

/** A user edits an object. */
export function editObject<T extends KubeObject>(world: CrashWorld, kind: Kind<T>, name: string, how: (object: T) => T): void {
  world.user.change(kind, mustGet(world, kind, name), how);
}

/** A user deletes an object. */
export function removeObject<T extends KubeObject>(world: CrashWorld, kind: Kind<T>, name: string): void {
  world.user.remove(kind, mustGet(world, kind, name));
}

/** A user gives the CephCluster these fields; one that is undefined is taken away. */
export function setClusterSpec(world: CrashWorld, spec: { readonly [F in keyof CephClusterSpec]: CephClusterSpec[F] | undefined }): void {
  editObject(world, CephCluster, clusterKey.name, (cluster) => {
    const fields = { ...cluster.spec, ...spec };
    return { ...cluster, spec: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) };
  });
}

/** Labels, annotations or finalizers of an object are other ones. */
export function withMetadata<T extends KubeObject>(
  object: T,
  more: Pick<KubeObject["metadata"], "labels" | "annotations" | "finalizers">,
): T {
  return { ...object, metadata: { ...object.metadata, ...more } };
}
