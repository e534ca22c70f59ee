import type { KubeReader } from "../kube/kube.ts";
import type { CephCluster } from "../schema/ceph-cluster.ts";
import { tenantOf } from "./tenant.ts";

/**
 * The CephCluster of a namespace; see `tenantOf` for several. `doomed` where it is being deleted with all of its data: nothing that lives
 * in it can be saved then, and nothing has to be taken out of it.
 */
export async function findCluster(kube: KubeReader, namespace: string): Promise<CephCluster | "none" | "doomed"> {
  const tenant = await tenantOf(kube, namespace);
  if (tenant === undefined) return "none";
  const isDoomed = tenant.metadata.deletionTimestamp !== undefined && tenant.spec.cleanupPolicy?.confirmation === "yes-really-destroy-data";
  return isDoomed ? "doomed" : tenant;
}
