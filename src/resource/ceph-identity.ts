import type { CephIdentity } from "../ceph/ceph.ts";
import { formatMonHost, usualMonAddress } from "../ceph/mon-host.ts";
import { identityOf } from "../daemons/identity.ts";
import { knownMons } from "../daemons/known-mons.ts";
import { apps, names } from "../daemons/names.ts";
import { ConfigMap, type Deployment, Secret, Service } from "../kube/kinds.ts";
import type { KubeReader } from "../kube/kube.ts";

/**
 * How the Ceph cluster of a namespace is reached as its admin; undefined while it has no identity or no mons with addresses. `deployments`
 * are those of the cluster. Everybody who asks gets the same, so that they share one connection.
 */
export async function cephIdentity(
  kube: KubeReader,
  namespace: string,
  deployments: readonly Deployment[],
): Promise<CephIdentity | undefined> {
  const secret = await kube.get(Secret, { namespace, name: names.identity });
  const identity = secret && identityOf(secret);
  const endpoints = await kube.get(ConfigMap, { namespace, name: names.endpoints });
  const services = await kube.list(Service, { namespace, labels: { app: apps.mon, rook_cluster: namespace } });
  const addresses = knownMons(endpoints, deployments, services).flatMap((mon) => mon.address ?? []);
  if (identity === undefined || addresses.length === 0) return undefined;
  return {
    namespace,
    fsid: identity.fsid,
    monHost: formatMonHost(addresses.map(usualMonAddress)),
    user: identity.adminUser,
    key: identity.adminKey,
  };
}
