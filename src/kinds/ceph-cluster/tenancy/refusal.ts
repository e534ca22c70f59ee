import { posix } from "node:path";
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
  const its = `the CephCluster ${rival.metadata.namespace ?? ""}/${rival.metadata.name ?? ""}`;
  const clash =
    folderOf(rival) === folderOf(cluster)
      ? `which ${its} has already: on a node of both, their mons would have the same folders`
      : `and ${folderOf(rival)} is that of ${its}: on a node of both, removing the one could remove data of the other`;
  return blocked(
    "DataDirTaken",
    `spec.dataDirHostPath is ${cluster.spec.dataDirHostPath ?? ""}, ${clash}; create this one with another folder, such as ${folderOf(rival)}-${namespace}`,
    againMs,
  );
}

/** The folder of the nodes, as the nodes have it: `/var/lib//rook/` is `/var/lib/rook`. */
function folderOf({ spec }: CephCluster): string {
  const path = withDefaults(spec).dataDirHostPath;
  return path === "" ? "" : posix.normalize(path).replace(/(.)\/$/, "$1");
}

/** Whether two folders are the same, or one is within the other. */
function overlap(one: string, other: string): boolean {
  const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(outer === "/" ? outer : `${outer}/`);
  return one !== "" && other !== "" && (isWithin(one, other) || isWithin(other, one));
}

/** An older CephCluster, or one that was made already, of another namespace whose folder of the nodes overlaps with this one's. */
async function rivalFor(kube: KubeReader, cluster: CephCluster): Promise<CephCluster | undefined> {
  const ageOf = ({ metadata: { creationTimestamp = "", namespace = "", name = "" } }: CephCluster) =>
    `${creationTimestamp} ${namespace}/${name}`;
  const others = (await kube.list(CephCluster))
    .filter(({ metadata }) => metadata.namespace !== cluster.metadata.namespace)
    .filter((other) => overlap(folderOf(other), folderOf(cluster)))
    .sort((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
  for (const other of others) {
    const namespace = other.metadata.namespace ?? "";
    if ((await tenantOf(kube, namespace))?.metadata.uid !== other.metadata.uid) continue;
    if (ageOf(other) < ageOf(cluster) || (await kube.get(Secret, { namespace, name: names.identity })) !== undefined) return other;
  }
  return undefined;
}
