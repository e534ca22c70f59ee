import { names } from "../../../daemons/names.ts";
import { Secret } from "../../../kube/kinds.ts";
import type { KubeReader } from "../../../kube/kube.ts";
import { tenantOf } from "../../../resource/tenant.ts";
import { CephCluster } from "../../../schema/ceph-cluster.ts";
import { withDefaults } from "../../../schema/defaults.ts";
import { blocked, type Outcome } from "../common/outcome.ts";

/** Milliseconds after which it is looked again at what another CephCluster has: no watch of this one tells of it. */
const againMs = 10_000;

/**
 * Why nothing may be made for a CephCluster because of another one: it would get in the other's way. Undefined where it may be. One that has
 * its identity already is never refused for the folder it has: it may have got along with the other for years, on other nodes.
 */
export async function refusalOf(kube: KubeReader, cluster: CephCluster): Promise<Outcome | undefined> {
  const { namespace = "", uid } = cluster.metadata;
  const tenant = await tenantOf(kube, namespace);
  if (tenant !== undefined && tenant.metadata.uid !== uid)
    return blocked(
      "NamespaceTaken",
      `Namespace ${namespace} has the CephCluster ${tenant.metadata.name ?? ""} already, and the names of a cluster's objects have room for one only; create this one in a namespace of its own`,
      againMs,
    );
  if ((await kube.get(Secret, { namespace, name: names.identity })) !== undefined) return undefined;
  const rival = await rivalFor(kube, cluster);
  if (rival === undefined) return undefined;
  const folder = withDefaults(cluster.spec).dataDirHostPath;
  return blocked(
    "DataDirTaken",
    `spec.dataDirHostPath is ${folder}, which the CephCluster ${rival.metadata.namespace ?? ""}/${rival.metadata.name ?? ""} has already: on a node of both, their mons would have the same folders; create this one with another folder, such as ${folder}-${namespace}`,
    againMs,
  );
}

/** An older CephCluster, or one that was made already, of another namespace with the same folder of the nodes. */
async function rivalFor(kube: KubeReader, cluster: CephCluster): Promise<CephCluster | undefined> {
  const ageOf = ({ metadata: { creationTimestamp = "", namespace = "", name = "" } }: CephCluster) =>
    `${creationTimestamp} ${namespace}/${name}`;
  const folderOf = ({ spec }: CephCluster) => withDefaults(spec).dataDirHostPath;
  const others = (await kube.list(CephCluster))
    .filter(({ metadata }) => metadata.namespace !== cluster.metadata.namespace)
    .filter((other) => folderOf(other) === folderOf(cluster) && folderOf(other) !== "")
    .sort((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
  for (const other of others) {
    const namespace = other.metadata.namespace ?? "";
    if ((await tenantOf(kube, namespace))?.metadata.uid !== other.metadata.uid) continue;
    if (ageOf(other) < ageOf(cluster) || (await kube.get(Secret, { namespace, name: names.identity })) !== undefined) return other;
  }
  return undefined;
}
