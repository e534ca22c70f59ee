import { operatorKinds } from "../../src/kinds/index.ts";
import { Job, Pod } from "../../src/kube/kinds.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { DiskWrite } from "../../src/simceph/sim-disks.ts";
import type { SimObject } from "../../src/simkube/api/sim-object.ts";

/** Whether the operator may take everything of a namespace's cluster away: it was deleted, that was confirmed, and nothing needed it when that began. */
export function mayBeDestroyed(sim: SimCluster, namespace: string): boolean {
  const list = (kind: typeof CephCluster | typeof Job) => sim.store.list(sim.store.resource(kind), namespace);
  const isWanted = list(CephCluster).some((cluster) => cluster.metadata.deletionTimestamp !== undefined && isConfirmed(cluster));
  const hasBegun = list(Job).some(({ metadata }) => metadata.labels?.["app"] === "rook-ceph-cleanup");
  const isNeeded = operatorKinds.some(
    ({ kind, isDependent }) => isDependent && sim.store.list(sim.store.resource(kind), namespace).length > 0,
  );
  return isWanted && (hasBegun || !isNeeded);
}

/** What is wrong with a write to a disk, where something is. */
export function faultOfWrite(sim: SimCluster, { node, disk, before, after }: DiskWrite): string | undefined {
  const where = `${node} /dev/${disk}`;
  if (before.type === "empty") return undefined;
  if (before.type !== "osd" || after.type !== "empty")
    return `${where} is written to, which holds ${before.type === "osd" ? "an OSD" : before.type === "filesystem" ? before.name : before.why.join(" ")}`;
  const namespaces = [...new Set(sim.store.list(sim.store.resource(CephCluster)).map(({ metadata }) => metadata.namespace ?? ""))];
  const owner = namespaces.find((namespace) => sim.ceph.state(namespace)?.fsid === before.fsid);
  if (owner === undefined || !mayBeDestroyed(sim, owner)) return `${where} is wiped, which holds an OSD of a cluster that lives`;
  const users = sim.store
    .list(sim.store.resource(Pod), owner)
    .map((pod) => pod as unknown as Pod)
    .filter(({ spec }) => spec?.containers[0]?.env?.some(({ name, value }) => name === "ROOK_OSD_UUID" && value === before.uuid));
  return users.length > 0 ? `${where} is wiped while Pod ${users[0]?.metadata.name ?? ""} has it in use` : undefined;
}

/** What is left of a cluster that is gone now, although its owner had confirmed that nothing should be. */
export function leftovers(sim: SimCluster, cluster: SimObject): string[] {
  const fsid = sim.ceph.state(cluster.metadata.namespace ?? "")?.fsid;
  if (!isConfirmed(cluster) || fsid === undefined) return [];
  return sim.store.list(sim.store.resource({ apiVersion: "v1", kind: "Node", plural: "nodes", namespaced: false })).flatMap((node) =>
    sim.disks
      .on(node)
      .filter(({ content }) => content.type === "osd" && content.fsid === fsid)
      .map((disk) => `${node.metadata.name ?? ""} /dev/${disk.name}`),
  );
}

function isConfirmed(cluster: SimObject): boolean {
  return (cluster as unknown as CephCluster).spec.cleanupPolicy?.confirmation === "yes-really-destroy-data";
}
