import { PodDisruptionBudget } from "../../../kube/kinds.ts";
import { mdsBudget } from "../build-mds.ts";
import { nameOf, names } from "../ceph-filesystem.ts";
import { contextFor, type Pass, type View } from "../look.ts";

/** The budget that keeps a drain from stopping too many MDSs, where the CephCluster's are managed. */
export async function budget(pass: Pass, { target, oldest }: View): Promise<void> {
  const { deps, object, namespace, owner, cluster } = pass;
  const image = target ?? oldest;
  const isManaged = cluster.spec.disruptionManagement?.managePodBudgets === true;
  const wanted = isManaged && image !== undefined ? mdsBudget(contextFor(pass), object) : undefined;
  if (wanted !== undefined) {
    await pass.apply(PodDisruptionBudget, wanted);
    return;
  }
  const key = { namespace, name: names.budget(nameOf(object)) };
  const found = await deps.kube.get(PodDisruptionBudget, key);
  const isOurs = found?.metadata.ownerReferences?.some(({ uid }) => uid === owner.uid) === true;
  if (isOurs && found?.metadata.uid !== undefined) await deps.kube.delete(PodDisruptionBudget, key, { uid: found.metadata.uid });
}
