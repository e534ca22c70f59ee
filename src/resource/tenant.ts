import { names } from "../daemons/names.ts";
import { Secret } from "../kube/kinds.ts";
import type { KubeReader } from "../kube/kube.ts";
import { CephCluster } from "../schema/ceph-cluster.ts";

/**
 * The one CephCluster that a namespace is for: names of objects have room for one only. It is the one whose identity is there; before there is
 * an identity, the oldest, and of two of the same second the first by name. Undefined where there is none.
 */
export async function tenantOf(kube: KubeReader, namespace: string): Promise<CephCluster | undefined> {
  const clusters = await kube.list(CephCluster, { namespace });
  if (clusters.length < 2) return clusters[0];
  const identity = await kube.get(Secret, { namespace, name: names.identity });
  const owners = (identity?.metadata.ownerReferences ?? []).map(({ uid }) => uid);
  const ageOf = ({ metadata: { creationTimestamp = "", name = "" } }: CephCluster) => `${creationTimestamp} ${name}`;
  const sorted = [...clusters].sort((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
  return sorted.find(({ metadata }) => owners.includes(metadata.uid ?? "")) ?? sorted[0];
}
