import { Event, type Job, type Pod } from "../../kube/kinds.ts";
import type { KubeReader } from "../../kube/kube.ts";
import { isKubeError } from "../../kube/kube-error.ts";
import type { KubeObject } from "../../kube/object.ts";
import { isReady } from "../pod/pods.ts";

/** What Kubernetes told last about an object that does not come along, in an event: its status does not say it. */
export interface Warning {
  readonly reason: string;
  readonly message: string;
}

/** Warnings by the UID of the object they are about. */
export type Warnings = ReadonlyMap<string, Warning>;

/** Milliseconds that an object is given before it is asked why it does not come along. */
const patience = { podMs: 10_000, unreadyMs: 20_000, jobMs: 5000 } as const;
/** How many objects are asked about in a pass: each costs a request, and the first few tell enough. */
const mostAsked = 3;

/**
 * The warnings about Pods that neither run nor say why, and about Jobs without a Pod. Events are asked of the API server for these
 * alone: nobody else's are worth holding in memory.
 */
export async function warningsAbout(
  live: KubeReader,
  { pods, jobs, now }: { readonly pods: readonly Pod[]; readonly jobs: readonly Job[]; readonly now: number },
): Promise<Warnings> {
  const silent: KubeObject[] = [
    ...pods.filter((pod) => isSilent(pod, now)),
    ...jobs.filter((job) => hasNoPod(job, pods) && now - timeOf(job.metadata.creationTimestamp) > patience.jobMs),
  ];
  const found = await Promise.all(silent.slice(0, mostAsked).map((object) => lastWarning(live, object)));
  return new Map(found.filter((each) => each !== undefined));
}

async function lastWarning(live: KubeReader, { metadata }: KubeObject): Promise<[uid: string, warning: Warning] | undefined> {
  const { namespace = "", uid = "" } = metadata;
  try {
    const events = await live.list(Event, { namespace, about: uid });
    const newest = events.filter(({ type }) => type === "Warning").sort((a, b) => told(b) - told(a))[0];
    return newest === undefined ? undefined : [uid, { reason: newest.reason ?? "", message: newest.message ?? "" }];
  } catch (error) {
    // whoever may not read events learns less, and goes on
    if (isKubeError(error)) return undefined;
    throw error;
  }
}

/** A Pod that has a node and neither runs nor has a container that says why. */
function isSilent(pod: Pod, now: number): boolean {
  if (pod.metadata.deletionTimestamp !== undefined || isReady(pod) || !["Pending", "Running"].includes(pod.status?.phase ?? ""))
    return false;
  const statuses = pod.status?.containerStatuses ?? [];
  const says = statuses.some(
    ({ state, lastState }) =>
      state?.terminated !== undefined ||
      lastState?.terminated !== undefined ||
      !["ContainerCreating", "PodInitializing", undefined].includes(state?.waiting?.reason),
  );
  if (says) return false;
  const conditionAt = (type: string) =>
    pod.status?.conditions?.find((c) => c.type === type && c.status === (type === "Ready" ? "False" : "True"));
  const runs = statuses.some(({ state }) => state?.running !== undefined);
  const since = timeOf(conditionAt(runs ? "Ready" : "PodScheduled")?.lastTransitionTime);
  return now - since > (runs ? patience.unreadyMs : patience.podMs);
}

function hasNoPod(job: Job, pods: readonly Pod[]): boolean {
  if (job.status?.conditions?.some((c) => c.status === "True") === true || job.metadata.deletionTimestamp !== undefined) return false;
  return !pods.some((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid));
}

function told({ lastTimestamp, eventTime, series, metadata }: Event): number {
  return timeOf(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp);
}

/** What says no time is as if it began now. */
function timeOf(at: string | undefined | null): number {
  return at === undefined || at === null ? Number.POSITIVE_INFINITY : Date.parse(at);
}
