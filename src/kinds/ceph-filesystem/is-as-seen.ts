import { daemonFinder } from "../../daemons/image/daemon-images.ts";
import { Deployment } from "../../kube/kinds.ts";
import { specVersionOf } from "../../kube/spec-version.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import { CephFilesystem, filesystemLabel, nameOf } from "./ceph-filesystem.ts";
import { type Pass, typesBefore, type View } from "./look.ts";

/**
 * Whether the API server has the CephCluster, the CephFilesystem and the Deployments that tell which image MDSs are to run as the pass saw them.
 * A cache may be behind: ranks that come back by an old view, or an MDS that gets its former image back, make two releases of Ceph share the
 * ranks.
 */
export async function isAsSeen(
  { deps, namespace, name, object, cluster }: Pass,
  { deployments }: Pick<View, "deployments">,
): Promise<boolean> {
  const [liveCluster, liveObject, live] = await Promise.all([
    deps.live.get(CephCluster, { namespace, name: cluster.metadata.name ?? "" }),
    deps.live.get(CephFilesystem, { namespace, name }),
    deps.live.list(Deployment, { namespace, labels: { rook_cluster: namespace } }),
  ]);
  if (liveCluster === undefined || liveObject === undefined) return false;
  const find = daemonFinder(typesBefore(deps));
  const tellsImage = (each: Deployment) => find(each) !== undefined || each.metadata.labels?.[filesystemLabel] === nameOf(object);
  const seen = [cluster, object, ...deployments.filter(tellsImage)].map(specVersionOf);
  const versions = new Set([liveCluster, liveObject, ...live.filter(tellsImage)].map(specVersionOf));
  return versions.size === seen.length && seen.every((each) => versions.has(each));
}
