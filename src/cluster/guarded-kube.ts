import { CephCluster } from "../api/ceph-cluster.ts";
import type { Kube, KubeReader } from "../kube/kube.ts";

/** The CephCluster is deleted, or another one of its name has come: what the pass knows of it is over. */
export class ClusterGoneError extends Error {
  override readonly name = "ClusterGoneError";
}

/**
 * `kube`, which makes nothing for a CephCluster that is no more. Before the first thing that a pass makes, the API server itself is asked
 * whether it is still there: a cache that is late would have the pass make again what garbage collection takes away.
 *
 * @throws ClusterGoneError from `create` and `apply`
 */
export function guardedKube(kube: Kube, live: KubeReader, cluster: CephCluster): Kube {
  const { namespace = "", name = "", uid } = cluster.metadata;
  let asked: Promise<void> | undefined;
  const isThere = async (): Promise<void> => {
    const found = await live.get(CephCluster, { namespace, name });
    if (found?.metadata.uid !== uid || found?.metadata.deletionTimestamp !== undefined)
      throw new ClusterGoneError(`CephCluster ${namespace}/${name} is deleted`);
  };
  const assure = (): Promise<void> => (asked ??= isThere());
  return {
    ...kube,
    create: async (kind, object) => {
      await assure();
      return kube.create(kind, object);
    },
    apply: async (kind, object, options) => {
      await assure();
      return kube.apply(kind, object, options);
    },
  };
}
