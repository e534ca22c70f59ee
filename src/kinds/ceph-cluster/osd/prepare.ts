import { jobTrouble } from "../../../daemons/diagnosis/job-trouble.ts";
import { sayTrouble, type Troubled } from "../../../daemons/diagnosis/trouble.ts";
import { identityOf } from "../../../daemons/identity.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { apps, names } from "../../../daemons/names.ts";
import type { DaemonContext } from "../../../daemons/pod/context.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { Job, Secret } from "../../../kube/kinds.ts";
import { podsOfJob } from "../../../kube/pods-of-job.ts";
import { isOutdated, retryAfter } from "../../../kube/renew-job.ts";
import { CephCluster } from "../../../schema/ceph-cluster.ts";
import type { Pass } from "../common/pass.ts";
import type { PlacedOsd } from "../common/placed-osd.ts";
import { type StorageNode, selectsAnything } from "../common/storage-nodes.ts";
import { askedOf, type Findings, findingsOf } from "./findings.ts";
import { isLookDue, looksAtATime, refusedAgainMs } from "./next-look.ts";
import { prepareJob, prepareJobNames } from "./prepare-job.ts";

/** How far the look at one node's devices is. */
export type Preparation =
  /** `again`: the Job that is due, while what was found still holds. */
  | { state: "prepared"; findings: Findings | undefined; again?: Job }
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
  pass: Pass,
  { context, image }: { readonly context: DaemonContext; readonly image: string },
  storage: StorageNode,
  osds: readonly PlacedOsd[],
): Promise<Preparation> {
  const { selection, hostname, node } = storage;
  if (!selectsAnything(selection)) return { state: "prepared", findings: undefined };

  const jobNames = prepareJobNames(hostname);
  const bootId = node.status?.nodeInfo?.bootID || undefined;
  const asked = { hostname, image, selection, keyType: keyTypeOf(pass), wipeOthersBut: await wipeOthersBut(pass), bootId };
  const [first, second] = jobNames.map((name) => prepareJob(context, { ...asked, name }));
  const jobs = pass.jobs.filter((j) => jobNames.includes(j.metadata.name ?? "")).sort(byAge);
  const others = jobs.filter((job) => {
    const wanted = [first, second].find((each) => each?.metadata.name === job.metadata.name);
    return wanted === undefined || askedOf(job) !== askedOf(wanted) || isOutdated(job, wanted, pass);
  });
  for (const job of others) await remove(pass, job);
  const looks = await Promise.all(jobs.filter((job) => !others.includes(job)).map((job) => lookOf(pass, job)));

  const latest = looks.findIndex(({ findings }) => findings !== undefined);
  const { job, findings } = looks[latest] ?? {};
  if (job !== undefined && findings !== undefined) {
    for (const look of looks.slice(latest + 1)) await remove(pass, look.job);
    if (latest > 0) await followAgain(pass, hostname, looks.slice(0, latest));
    const next = job.metadata.name === jobNames[0] ? second : first;
    const { deviceIntervalMs: intervalMs } = pass.deps;
    const isDue = latest === 0 && others.length === 0 && isLookDue({ node, selection, job, findings, intervalMs, now: pass.now });
    return { state: "prepared", findings, ...(isDue && next !== undefined ? { again: next } : {}) };
  }
  const [current] = looks;
  if (current !== undefined) return follow(pass, storage, osds, current.job);
  if (others.length > 0) return { state: "preparing", isTold: true };
  if (everyDeviceHasItsOsd(storage, osds)) return { state: "prepared", findings: undefined };
  if (pass.ceph === undefined || first === undefined) return { state: "preparing", isTold: false };
  await pass.deps.kube.apply(Job, first, { fieldManager: "jackdaw" });
  return { state: "preparing", isTold: true };
}

/** Looks again at nodes whose turn it is, at few of them at a time. What was found before holds until there is a new answer. */
export async function lookAgain(pass: Pass, preparations: readonly Preparation[]): Promise<void> {
  if (pass.ceph === undefined) return;
  const due = preparations.flatMap((each) => (each.state === "prepared" && each.again !== undefined ? [each.again] : []));
  const running = pass.jobs.filter((job) => isPrepareJob(job) && !hasEnded(job)).length;
  const mayStart = Math.max(0, looksAtATime(preparations.length) - running);
  for (const job of due.slice(0, mayStart)) {
    pass.deps.log.info("looking again at a node's devices", { job: job.metadata.name });
    await createOnce(() => pass.deps.kube.create(Job, job));
  }
}

/** A Job's answer, where it has one; asked of the API server itself before it counts as lost. */
async function lookOf(pass: Pass, job: Job): Promise<Look> {
  const findings = findingsOf(job, pass.pods) ?? (isComplete(job) ? findingsOf(job, await podsOfJob(pass.deps.live, job)) : undefined);
  return { job, findings };
}

/** Looks that are under way beside an answer that holds: one that failed is told, and goes after a while. */
async function followAgain(pass: Pass, hostname: string, looks: readonly Look[]): Promise<void> {
  for (const { job } of looks) {
    const failedAt = failureOf(job);
    const trouble = failedAt === undefined ? undefined : jobTrouble(pass, job);
    if (isComplete(job) || (failedAt !== undefined && pass.now - failedAt >= refusedAgainMs)) await remove(pass, job);
    else if (trouble !== undefined)
      pass.remarks.push(
        `looking for new devices of ${hostname}: Job ${job.metadata.name ?? ""} ${sayTrouble(trouble, pass.now)}; it is tried again`,
      );
  }
}

/** How far the only look at a node is, which has no answer. */
async function follow(pass: Pass, storage: StorageNode, osds: readonly PlacedOsd[], job: Job): Promise<Preparation> {
  const trouble = jobTrouble(pass, job);
  const troubled = trouble && { object: `Job ${job.metadata.name ?? ""}`, trouble };
  const againAfterMs = retryAfter(job, pass.now);
  if (againAfterMs !== undefined && troubled !== undefined) {
    if (againAfterMs === 0) await remove(pass, job);
    return { state: "failed", troubled, recheckAfterMs: Math.max(1000, againAfterMs) };
  }
  if (isComplete(job)) {
    if (everyDeviceHasItsOsd(storage, osds)) return { state: "prepared", findings: undefined };
    await remove(pass, job);
    return { state: "preparing", isTold: true };
  }
  return { state: "preparing", isTold: true, troubled };
}

/** Where OSDs of other clusters are to be wiped: the fsids of those that this Kubernetes runs, which are not. */
async function wipeOthersBut({ deps: { kube }, context }: Pass): Promise<string[] | undefined> {
  if (!context.spec.cleanupPolicy.wipeDevicesFromOtherClusters) return undefined;
  const clusters = await kube.list(CephCluster);
  const others = [...new Set(clusters.map(({ metadata }) => metadata.namespace ?? ""))].filter((each) => each !== context.namespace);
  const secrets = await Promise.all(others.map((namespace) => kube.get(Secret, { namespace, name: names.identity })));
  return secrets.flatMap((secret) => (secret && identityOf(secret)?.fsid) ?? []).sort();
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

async function remove(pass: Pass, job: Job): Promise<void> {
  await pass.deps.kube.delete(
    Job,
    { namespace: pass.context.namespace, name: job.metadata.name ?? "" },
    { propagationPolicy: "Background", ...(job.metadata.uid ? { uid: job.metadata.uid } : {}) },
  );
}

/** Whether this Job is one of ours for devices. */
export function isPrepareJob(job: Job): boolean {
  return job.metadata.labels?.["app"] === apps.prepare;
}
