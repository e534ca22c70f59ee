import { PersistentVolume } from "../../../kube/kinds.ts";
import type { KubeReader } from "../../../kube/kube.ts";

/**
 * The volumes whose data is in the Ceph cluster of a namespace, as the API server has them now: those of Rook's CSI drivers, which are named
 * after the operator's namespace, with the cluster's namespace for its id.
 */
export async function volumesOf(
  live: KubeReader,
  where: { readonly namespace: string; readonly operatorNamespace: string },
): Promise<string[]> {
  const drivers = ["rbd", "cephfs", "nfs"].map((type) => `${where.operatorNamespace}.${type}.csi.ceph.com`);
  return (await live.list(PersistentVolume))
    .filter(({ spec }) => drivers.includes(spec?.csi?.driver ?? "") && spec?.csi?.volumeAttributes?.["clusterID"] === where.namespace)
    .map(({ metadata }) => metadata.name ?? "")
    .sort();
}
