import type { ClusterIdentity } from "../../../daemons/identity.ts";
import { disasterProtection, names } from "../../../daemons/names.ts";
import { clusterSecret } from "../../../daemons/pod/cluster-secret.ts";
import type { BuildContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import type { ConfigMap, Secret } from "../../../kube/kinds.ts";

/** The Secret that cannot be made again: lose it, and the cluster's data is out of reach. */
export function identitySecret(context: BuildContext, identity: ClusterIdentity): Secret {
  const made = clusterSecret(context, names.identity, {
    fsid: identity.fsid,
    "mon-secret": identity.monKey,
    "ceph-username": identity.adminUser,
    "ceph-secret": identity.adminKey,
  });
  return { ...made, metadata: { ...made.metadata, finalizers: [disasterProtection] } };
}

/** The daemons' ceph.conf, empty until the user writes something there. */
export function overrideConfigMap(context: BuildContext): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: ownedBy(context, names.override), data: { config: "" } };
}
