import { knownMons } from "../../../daemons/known-mons.ts";
import { apps, names } from "../../../daemons/names.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { hasEnded as hasPodEnded } from "../../../daemons/pod/pods.ts";
import { hostnameOf, isNodeReady, matchesAffinity, untoleratedTaint } from "../../../daemons/pod/schedulable-nodes.ts";
import { ConfigMap, Deployment, Job, Node, Pod } from "../../../kube/kinds.ts";
import type { KubeObject } from "../../../kube/object.ts";
import { CephCluster } from "../../../schema/ceph-cluster.ts";
import type { Act } from "../common/act.ts";
import { storageNodes } from "../common/storage-nodes.ts";
import type { World } from "../common/world.ts";

/** What there is of a cluster that is being taken away, as the API server has it now. */
export interface CleanupWorld {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether anything was ever made that a node could have something of. */
  readonly wasMade: boolean;
  /** Values of the label kubernetes.io/hostname of the nodes on which the cluster has left something, sorted. */
  readonly hosts: readonly string[];
  readonly nodes: readonly Node[];
  readonly deployments: readonly Deployment[];
  /** Jobs that may still make OSDs. */
  readonly busyJobs: readonly Job[];
  /** Pods that may still have something of their node in use. */
  readonly pods: readonly Pod[];
  /** The clean-up's own Jobs. */
  readonly jobs: readonly Job[];
  /** Their Pods. */
  readonly jobPods: readonly Pod[];
  /** Jobs of these names that are another CephCluster's, one that is gone. */
  readonly oldJobs: readonly Job[];
}

/** Reads it, past every cache: what is taken away is decided by this. */
export async function cleanupWorld({ now, context }: World, { live }: Act): Promise<CleanupWorld> {
  const { namespace, owner, spec } = context;
  const labels = { rook_cluster: namespace };
  const [deployments, jobs, allPods, jobPods, nodes, endpoints] = await Promise.all([
    live.list(Deployment, { namespace, labels }),
    live.list(Job, { namespace, labels }),
    live.list(Pod, { namespace, labels }),
    live.list(Pod, { namespace, labels: { app: apps.cleanup } }),
    live.list(Node),
    live.get(ConfigMap, { namespace, name: names.endpoints }),
  ]);
  const isOurs = ({ metadata: { ownerReferences = [] } }: KubeObject) =>
    ownerReferences.every(({ kind, uid }) => kind !== CephCluster.kind || uid === owner.uid);
  const own = deployments.filter(isOurs);
  const [cleanups, others] = [jobs.filter(isCleanup), jobs.filter((job) => job.metadata.labels?.["app"] === apps.prepare && isOurs(job))];
  // a Pod that asked an image for its version has touched nothing
  const pods = allPods.filter((pod) => pod.metadata.labels?.["app"] !== apps.version);
  const storage = storageNodes(spec.storage, nodes, placementOf(context, "osd")).nodes;
  const bound = [...own, ...others, ...cleanups.filter(isOurs)].flatMap((object) => boundTo(object) ?? []);
  const running = pods.flatMap((pod) => hostOf(pod, nodes) ?? []);
  const mons = knownMons(endpoints, own, []);
  // where more letters were given than there are mons, some have left: their folders may be on any node that could have had them
  const haveLeft = endpoints !== undefined && !(Number(endpoints.data?.["maxMonId"] ?? Number.NaN) + 1 <= mons.length);
  const oldMons = haveLeft ? nodes.filter((node) => mayHaveHadMon(node, placementOf(context, "mon"))) : [];
  return {
    now,
    wasMade: own.length + others.length > 0 || endpoints !== undefined,
    hosts: [
      ...new Set([
        ...bound,
        ...running,
        ...mons.flatMap((mon) => mon.hostname ?? []),
        ...oldMons.map(hostnameOf),
        ...storage.map(({ hostname }) => hostname),
      ]),
    ].sort(),
    nodes,
    deployments: own,
    busyJobs: others.filter((job) => !hasEnded(job, "Complete") && !hasEnded(job, "Failed")),
    pods: pods.filter((pod) => !hasPodEnded(pod)),
    jobs: cleanups.filter(isOurs),
    jobPods,
    oldJobs: cleanups.filter((job) => !isOurs(job)),
  };
}

/** Whether a mon could have run on the node. One that is not Ready is not waited for: as likely as not it has nothing of the cluster. */
function mayHaveHadMon(node: Node, { affinity, tolerations = [] }: ReturnType<typeof placementOf>): boolean {
  const cordon = { key: "node.kubernetes.io/unschedulable", operator: "Exists" };
  return isNodeReady(node) && matchesAffinity(node, affinity) && untoleratedTaint(node, [...tolerations, cordon]) === undefined;
}

const isCleanup = (job: Job) => job.metadata.labels?.["app"] === apps.cleanup;

/** Whether the Job has come to this end. */
export function hasEnded(job: Job, how: "Complete" | "Failed"): boolean {
  return job.status?.conditions?.some((c) => c.type === how && c.status === "True") === true;
}

/** The node that all Pods of a Deployment or Job go to, by its label; undefined where they may go to several. */
export function boundTo({ spec }: Deployment | Job): string | undefined {
  return spec?.template.spec?.nodeSelector?.["kubernetes.io/hostname"];
}

/** The node where a Pod is, or must go to; undefined where that is not decided, or where the node is gone. */
export function hostOf(pod: Pod, nodes: readonly Node[]): string | undefined {
  const node = nodes.find(({ metadata }) => metadata.name === pod.spec?.nodeName);
  return node === undefined ? pod.spec?.nodeSelector?.["kubernetes.io/hostname"] : hostnameOf(node);
}
