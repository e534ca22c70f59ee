import { jobTrouble } from "../../../daemons/diagnosis/job-trouble.ts";
import { sayTrouble, type Troubled } from "../../../daemons/diagnosis/trouble.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { apps, fieldManager } from "../../../daemons/names.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { Job } from "../../../kube/kinds.ts";
import { podsOfJob } from "../../../kube/pods-of-job.ts";
import { isOutdated, retryAfter } from "../../../kube/renew-job.ts";
import type { Act } from "../common/act.ts";
import { prepareFields } from "../common/daemon-types.ts";
import type { PlacedOsd } from "../common/placed-osd.ts";
import { type StorageNode, selectsAnything } from "../common/storage-nodes.ts";
import type { Daemons } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { askedOf, type Findings, findingsOf } from "./findings.ts";
import { isLookDue, looksAtATime, refusedAgainMs } from "./next-look.ts";
import type { OthersKept } from "./others-kept.ts";
import { prepareJob, prepareJobNames } from "./prepare-job.ts";

/** How far the look at one node's devices is. */
export type Preparation =
  /** `again`: the Job that is due, while what was found still holds; `remarks`: what there is to tell of such a Job. */
  | { state: "prepared"; findings: Findings | undefined; again?: Job; remarks?: readonly string[] }
  /** `isTold` where there is more to tell than that other steps come first. */
  | { state: "preparing"; isTold: boolean; troubled?: Troubled | undefined }
  | { state: "failed"; troubled: Troubled; recheckAfterMs: number };

/** A Job that asked what is wanted now, and its answer. */
interface Look {
  readonly job: Job;
  readonly findings: Findings | undefined;
}

/**
 * Looks at a node's devices, by one Job whose answer stays in its Pod. A node whose devices all have their OSDs gets none. A
 * Job that was asked something else, failed, or whose answer is lost goes, and the next pass makes another.
 */
export async function prepareNode(
  world: World,
  act: Act,
  { daemons, image, kept }: { readonly daemons: Daemons; readonly image: string; readonly kept: OthersKept },
  storage: StorageNode,
  osds: readonly PlacedOsd[],
): Promise<Preparation> {
  const { selection, hostname, node } = storage;
  const { context } = daemons;
  if (!selectsAnything(selection)) return { state: "prepared", findings: undefined };

  const jobNames = prepareJobNames(hostname);
  const bootId = node.status?.nodeInfo?.bootID || undefined;
  const asked = {
    hostname,
    image,
    selection,
    keyType: keyTypeOf({ context, version: daemons.image, versions: daemons.plan }),
    wipeOthersBut: kept.type === "these" ? kept.fsids : undefined,
    bootId,
  };
  const [first, second] = jobNames.map((name) => prepareJob(context, { ...asked, name }));
  const jobs = world.jobs.filter((j) => jobNames.includes(j.metadata.name ?? "")).sort(byAge);
  const others = jobs.filter((job) => {
    const wanted = [first, second].find((each) => each?.metadata.name === job.metadata.name);
    return wanted === undefined || askedOf(job) !== askedOf(wanted) || isOutdated(job, wanted, world);
  });
  for (const job of others) await remove(world, act, job);
  const looks = await Promise.all(jobs.filter((job) => !others.includes(job)).map((job) => lookOf(world, act, job)));

  const latest = looks.findIndex(({ findings }) => findings !== undefined);
  const { job, findings } = looks[latest] ?? {};
  if (job !== undefined && findings !== undefined) {
    for (const look of looks.slice(latest + 1)) await remove(world, act, look.job);
    const remarks = latest > 0 ? await followAgain(world, act, hostname, looks.slice(0, latest)) : [];
    const next = job.metadata.name === jobNames[0] ? second : first;
    const { deviceIntervalMs: intervalMs } = world;
    const isDue = latest === 0 && others.length === 0 && isLookDue({ node, selection, job, findings, intervalMs, now: world.now });
    return { state: "prepared", findings, remarks, ...(isDue && next !== undefined ? { again: next } : {}) };
  }
  const [current] = looks;
  if (current !== undefined) return follow(world, act, storage, osds, current.job);
  if (others.length > 0) return { state: "preparing", isTold: true };
  if (everyDeviceHasItsOsd(storage, osds)) return { state: "prepared", findings: undefined };
  if (world.ceph === undefined || first === undefined) return { state: "preparing", isTold: false };
  await act.kube.apply(Job, first, { fieldManager });
  return { state: "preparing", isTold: true };
}

/** What there is to tell of a node's Jobs beside what they found. */
export function remarksOf(preparation: Preparation): readonly string[] {
  return preparation.state === "prepared" ? (preparation.remarks ?? []) : [];
}

/** Looks again at nodes whose turn it is, at few of them at a time. What was found before holds until there is a new answer. */
export async function lookAgain(world: World, act: Act, preparations: readonly Preparation[]): Promise<void> {
  if (world.ceph === undefined) return;
  const due = preparations.flatMap((each) => (each.state === "prepared" && each.again !== undefined ? [each.again] : []));
  const running = world.jobs.filter((job) => isPrepareJob(job) && !hasEnded(job)).length;
  const mayStart = Math.max(0, looksAtATime(preparations.length) - running);
  for (const job of due.slice(0, mayStart)) {
    act.log.info("looking again at a node's devices", { job: job.metadata.name });
    await createOnce(() => act.kube.create(Job, job));
  }
}

/** A Job's answer, where it has one; asked of the API server itself before it counts as lost. */
async function lookOf(world: World, act: Act, job: Job): Promise<Look> {
  const findings = findingsOf(job, world.pods) ?? (isComplete(job) ? findingsOf(job, await podsOfJob(act.live, job)) : undefined);
  return { job, findings };
}

/** Looks that are under way beside an answer that holds: one that failed is told, and goes after a while. */
async function followAgain(world: World, act: Act, hostname: string, looks: readonly Look[]): Promise<string[]> {
  const remarks: string[] = [];
  for (const { job } of looks) {
    const failedAt = failureOf(job);
    const trouble = failedAt === undefined ? undefined : jobTrouble(world, job, prepareFields);
    if (isComplete(job) || (failedAt !== undefined && world.now - failedAt >= refusedAgainMs)) await remove(world, act, job);
    else if (trouble !== undefined)
      remarks.push(
        `looking for new devices of ${hostname}: Job ${job.metadata.name ?? ""} ${sayTrouble(trouble, world.now)}; it is tried again`,
      );
  }
  return remarks;
}

/** How far the only look at a node is, which has no answer. */
async function follow(world: World, act: Act, storage: StorageNode, osds: readonly PlacedOsd[], job: Job): Promise<Preparation> {
  const trouble = jobTrouble(world, job, prepareFields);
  const troubled = trouble && { object: `Job ${job.metadata.name ?? ""}`, trouble };
  const againAfterMs = retryAfter(job, world.now);
  if (againAfterMs !== undefined && troubled !== undefined) {
    if (againAfterMs === 0) await remove(world, act, job);
    return { state: "failed", troubled, recheckAfterMs: Math.max(1000, againAfterMs) };
  }
  if (isComplete(job)) {
    if (everyDeviceHasItsOsd(storage, osds)) return { state: "prepared", findings: undefined };
    await remove(world, act, job);
    return { state: "preparing", isTold: true };
  }
  return { state: "preparing", isTold: true, troubled };
}

/** Only where devices are named can it be known without looking. */
function everyDeviceHasItsOsd({ selection, hostname }: StorageNode, osds: readonly PlacedOsd[]): boolean {
  const taken = new Set(osds.filter((osd) => osd.hostname === hostname).map((osd) => osd.device));
  return selection.devices.length > 0 && selection.devices.every((d) => taken.has(pathOf(d.fullpath ?? d.name ?? "")));
}

const pathOf = (name: string) => (name.startsWith("/") ? name : `/dev/${name}`);

const isSo = (job: Job, type: string) => job.status?.conditions?.find((c) => c.type === type && c.status === "True");
const isComplete = (job: Job) => isSo(job, "Complete") !== undefined;
const hasEnded = (job: Job) => isComplete(job) || isSo(job, "Failed") !== undefined;

/** When the Job failed, in milliseconds since 1970; undefined where it has not. */
function failureOf(job: Job): number | undefined {
  const at = isSo(job, "Failed")?.lastTransitionTime;
  return at === undefined ? undefined : Date.parse(at);
}

/** The newest first. */
function byAge(a: Job, b: Job): number {
  const [left = "", right = ""] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  return left < right ? 1 : left > right ? -1 : 0;
}

async function remove(world: World, act: Act, job: Job): Promise<void> {
  await act.kube.delete(
    Job,
    { namespace: world.context.namespace, name: job.metadata.name ?? "" },
    { propagationPolicy: "Background", ...(job.metadata.uid ? { uid: job.metadata.uid } : {}) },
  );
}

/** Whether this Job is one of ours for devices. */
export function isPrepareJob(job: Job): boolean {
  return job.metadata.labels?.["app"] === apps.prepare;
}
