import { podTroubleOf } from "../../../daemons/diagnosis/pod-trouble.ts";
import { sayTrouble } from "../../../daemons/diagnosis/trouble.ts";
import { timeOfDay } from "../../../daemons/pod/pods.ts";
import { hostnameOf, isNodeReady } from "../../../daemons/pod/schedulable-nodes.ts";
import type { Deployment, Job, Pod } from "../../../kube/kinds.ts";
import type { KubeObject } from "../../../kube/object.ts";
import { cleanupFields } from "../common/daemon-types.ts";
import { boundTo, type CleanupWorld, hasEnded, hostOf } from "./cleanup-world.ts";

/** What is to be done now to take a cluster away, in this order. */
export interface CleanupPlan {
  /** Nodes that need a Job. */
  readonly create: readonly string[];
  /** Clean-up Jobs that come to nothing as they are: they go, and their nodes get new ones. */
  readonly replace: readonly Job[];
  /** To be deleted, once every node has its Job. */
  readonly stop: { readonly deployments: readonly Deployment[]; readonly jobs: readonly Job[] };
  /** Suspended Jobs whose node is free of the cluster's Pods. */
  readonly start: readonly Job[];
  /** Nodes that Kubernetes does not have any more: nobody can clean them. */
  readonly skipped: readonly string[];
  /** Cleaned nodes, with what was done there. */
  readonly cleaned: readonly { readonly hostname: string; readonly said: string }[];
  /** What is waited for, one sentence for each node; none: all is done. */
  readonly waiting: readonly string[];
}

/** Decides what comes next; `image` is the one that is wanted. Every fact is in the world, so that whoever begins in the middle goes on. */
export function planCleanup(world: CleanupWorld, image: string): CleanupPlan {
  const nodes = new Map(world.nodes.map((node) => [hostnameOf(node), node]));
  const present = world.hosts.filter((host) => nodes.has(host));
  const jobs = new Map(world.jobs.map((job) => [boundTo(job) ?? "", job]));
  const isQuiet = (host: string) => occupants(world, host).length === 0;
  const waiting = present.flatMap((host) => {
    const [job, node] = [jobs.get(host), nodes.get(host)];
    if (job !== undefined && hasEnded(job, "Complete")) return [];
    const notReadySince = node && !isNodeReady(node) ? readyChangedAt(node) : undefined;
    if (notReadySince !== undefined)
      return [
        `${host} is not Ready${notReadySince > 0 ? ` since ${timeOfDay(notReadySince)}` : ""}: it is cleaned when it is back; delete Node ${node?.metadata.name ?? host} to leave what is on it`,
      ];
    const busy = occupants(world, host);
    if (busy.length > 0) return [`${host} waits for ${some(busy)} to stop`];
    return [`${host} ${progress(job, world)}`];
  });
  return {
    create: present.filter((host) => !jobs.has(host)),
    replace: world.jobs.filter((job) => isInVain(job, world.jobPods, image)),
    stop: { deployments: world.deployments.filter(isStaying), jobs: world.busyJobs.filter(isStaying) },
    start: present.flatMap((host) => {
      const job = jobs.get(host);
      return job?.spec?.suspend === true && isQuiet(host) ? [job] : [];
    }),
    skipped: world.hosts.filter((host) => !nodes.has(host)),
    cleaned: present.flatMap((hostname) => {
      const job = jobs.get(hostname);
      return job !== undefined && hasEnded(job, "Complete") ? [{ hostname, said: answerOf(job, world.jobPods) }] : [];
    }),
    waiting,
  };
}

/** What on a node may still use the cluster's devices and folders, or may come there to do so. */
function occupants({ deployments, busyJobs, pods, nodes }: CleanupWorld, host: string): string[] {
  const mayCome = (object: Deployment | Job) => {
    const bound = boundTo(object);
    // without a node of its own, it may come anywhere until its end has begun
    return bound === undefined ? object.metadata.deletionTimestamp === undefined : bound === host;
  };
  return [
    ...deployments.filter(mayCome).map(({ metadata }) => metadata.name ?? ""),
    ...busyJobs.filter(mayCome).map(({ metadata }) => metadata.name ?? ""),
    ...pods.filter((pod) => hostOf(pod, nodes) === host).map(({ metadata }) => `Pod ${metadata.name ?? ""}`),
  ];
}

const isStaying = ({ metadata }: KubeObject) => metadata.deletionTimestamp === undefined;

/** Whether the Job failed for good, or waits for an image that nobody wants any more. */
function isInVain(job: Job, pods: readonly Pod[], image: string): boolean {
  if (hasEnded(job, "Failed")) return true;
  const runs = job.spec?.template.spec?.containers[0]?.image;
  const states = podsOf(job, pods).flatMap(({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason ?? []);
  return (
    runs !== image && states.some((reason) => reason === "ImagePullBackOff" || reason === "ErrImagePull" || reason === "InvalidImageName")
  );
}

const podsOf = (job: Job | undefined, pods: readonly Pod[]) =>
  pods.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === job?.metadata.uid));

function progress(job: Job | undefined, { now, nodes, jobPods }: CleanupWorld): string {
  const [pod] = podsOf(job, jobPods);
  const trouble = pod && isStaying(pod) ? podTroubleOf(pod, { now, nodes, fields: cleanupFields }) : undefined;
  if (trouble !== undefined) return `is tried again: its Pod ${sayTrouble(trouble, now)}`;
  const startedAt = job?.status?.startTime;
  return startedAt === undefined ? "is to be cleaned" : `is being cleaned since ${timeOfDay(Date.parse(startedAt))}`;
}

function readyChangedAt({ status }: CleanupWorld["nodes"][number]): number {
  const at = status?.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime;
  return at === undefined ? 0 : Date.parse(at);
}

/** What a finished Job's Pod said; nothing where that was lost. */
function answerOf(job: Job, pods: readonly Pod[]): string {
  const ended = podsOf(job, pods)
    .flatMap(({ status }) => status?.containerStatuses?.[0]?.state?.terminated ?? [])
    .find(({ exitCode }) => exitCode === 0);
  try {
    const { wiped, removed, kept } = JSON.parse(ended?.message ?? "") as { wiped: string[]; removed: string[]; kept: [string, string][] };
    return [
      wiped.length > 0 ? `wiped ${wiped.join(", ")}` : "no device of it was found",
      ...(removed.length > 0 ? [`removed ${removed.join(", ")}`] : []),
      ...kept.map(([path, why]) => `kept ${path}, which ${why}`),
    ].join("; ");
  } catch {
    return "cleaned";
  }
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}
