import { apps, disasterProtection, names } from "../../../daemons/names.ts";
import { ConfigMap, Deployment, Job, PodDisruptionBudget, Secret, Service } from "../../../kube/kinds.ts";
import type { KubeReader } from "../../../kube/kube.ts";
import type { Kind, KubeObject } from "../../../kube/object.ts";
import { isHeldBy } from "../../../resource/finalizer.ts";
import { CephCluster } from "../../../schema/ceph-cluster.ts";
import { type Outcome, waiting } from "../common/outcome.ts";

/** Milliseconds after which it is looked again: what wakes passes tells of CephClusters that are there. */
const againMs = 1000;

/** All that a CephCluster owns. */
const owned: readonly { readonly kind: Kind; readonly isLabelled: boolean }[] = [
  { kind: Deployment, isLabelled: true },
  { kind: Job, isLabelled: true },
  { kind: Service, isLabelled: true },
  { kind: Secret, isLabelled: false },
  { kind: ConfigMap, isLabelled: false },
  { kind: PodDisruptionBudget, isLabelled: false },
];

/**
 * Whether Kubernetes still has to delete objects that an earlier CephCluster of the namespace owned: garbage collection may come seconds after
 * the owner's end. The operator makes nothing until then, since it would build on objects that are about to go. An object that the operator's
 * finalizer keeps (the identity, after a user has removed the CephCluster's finalizer) stays and is used. Undefined: there is nothing to wait
 * for.
 */
export async function formerOf(kube: KubeReader, live: KubeReader, cluster: CephCluster): Promise<Outcome | undefined> {
  const { namespace = "", uid } = cluster.metadata;
  const isFormers = ({ metadata }: KubeObject) =>
    metadata.ownerReferences?.some((owner) => owner.kind === CephCluster.kind && owner.uid !== uid) === true;
  for (const { kind, isLabelled } of owned) {
    const objects = await kube.list(kind, { namespace, ...(isLabelled ? { labels: { rook_cluster: namespace } } : {}) });
    const going = objects.find((object) => isFormers(object) && !isKept(object));
    if (going !== undefined) return wait(kind, going);
  }
  const identity = await kube.get(Secret, { namespace, name: names.identity });
  if (identity === undefined || !isFormers(identity) || (await hasMons(kube, namespace))) return undefined;
  // the cache may be late, and what the mons are made with must not go behind them
  const now = await live.get(Secret, { namespace, name: names.identity });
  return now?.metadata.uid === identity.metadata.uid ? undefined : wait(Secret, identity);
}

/** A user or Kubernetes has deleted it, and the operator's finalizer keeps it. */
function isKept(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined && isHeldBy(object, disasterProtection);
}

function wait({ kind }: Kind, { metadata }: KubeObject): Outcome {
  return waiting(
    "FormerClusterGoing",
    `${kind} ${metadata.name ?? ""} belongs to an earlier CephCluster; the operator starts when Kubernetes has deleted it`,
    againMs,
  );
}

async function hasMons(kube: KubeReader, namespace: string): Promise<boolean> {
  return (await kube.list(Deployment, { namespace, labels: { rook_cluster: namespace, app: apps.mon } })).length > 0;
}
