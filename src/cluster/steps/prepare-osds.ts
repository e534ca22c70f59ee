import { Job } from "../../kube/kinds.ts";
import type { PlacedOsd } from "../build/osds.ts";
import { prepareJob, prepareJobName } from "../build/prepare-job.ts";
import { keyTypeOf } from "../key-type.ts";
import { askedOf, type Findings, findingsOf, type StorageNode, selectsAnything } from "../look/devices.ts";
import { podTrouble, timeOfDay } from "../look/pods.ts";
import { podsOfJob } from "../look/pods-of-job.ts";
import { apps } from "../names.ts";
import type { Pass } from "../pass.ts";
import { daemonContext } from "../pass.ts";

/** How far the look at one node's devices is. */
export type Preparation =
  | { state: "prepared"; findings: Findings | undefined }
  | { state: "preparing"; message: string }
  | { state: "failed"; message: string; recheckAfterMs: number };

/** Milliseconds after which a failed look at a node is tried again. */
const retryMs = 30_000;
/** Milliseconds after which a device that was asked for by name and refused is looked at again. */
const refusedAgainMs = 600_000;

/**
 * Looks at a node's devices, by one Job whose answer stays in its Pod. A node whose devices all have their OSDs gets none. A
 * Job that was asked something else, failed, or whose answer is lost goes, and the next pass makes another.
 */
export async function prepareNode(pass: Pass, storage: StorageNode, osds: readonly PlacedOsd[]): Promise<Preparation> {
  const context = daemonContext(pass);
  if (context === undefined || pass.version === undefined) return { state: "preparing", message: "" };
  const { selection, hostname } = storage;
  if (!selectsAnything(selection)) return { state: "prepared", findings: undefined };

  const wanted = prepareJob(context, { hostname, selection, keyType: keyTypeOf(pass, pass.version.version) });
  const job = pass.jobs.find((j) => j.metadata.name === prepareJobName(hostname));
  if (job === undefined) {
    if (everyDeviceHasItsOsd(storage, osds)) return { state: "prepared", findings: undefined };
    if (pass.ceph === undefined) return { state: "preparing", message: "" };
    await pass.deps.kube.apply(Job, wanted, { fieldManager: "jackdaw" });
    return { state: "preparing", message: `looking at the devices of ${hostname}` };
  }
  const isComplete = job.status?.conditions?.some((c) => c.type === "Complete" && c.status === "True") === true;
  const findings = findingsOf(job, pass.pods) ?? (isComplete ? findingsOf(job, await podsOfJob(pass.deps.live, job)) : undefined);
  if (askedOf(job) !== askedOf(wanted)) {
    await remove(pass, job);
    return { state: "preparing", message: `looking again at the devices of ${hostname}` };
  }
  if (findings !== undefined) {
    // somebody who asked for a device by name is likely to make it usable: look again now and then
    if (selection.devices.length > 0 && findings.refused.length > 0 && pass.now - findings.at > refusedAgainMs) await remove(pass, job);
    return { state: "prepared", findings };
  }
  const failedAt = job.status?.conditions?.find((c) => c.type === "Failed" && c.status === "True")?.lastTransitionTime;
  const pod = pass.pods.find((p) => p.metadata.ownerReferences?.some((owner) => owner.uid === job.metadata.uid));
  const trouble = pod && podTrouble(pod);
  if (failedAt !== undefined) {
    const age = pass.now - Date.parse(failedAt);
    if (age >= retryMs) await remove(pass, job);
    return {
      state: "failed",
      message: `looking at the devices of ${hostname} failed at ${timeOfDay(Date.parse(failedAt))}${trouble ? `: ${trouble}` : ""}; it is tried again`,
      recheckAfterMs: Math.max(1000, retryMs - age),
    };
  }
  if (isComplete) {
    if (!everyDeviceHasItsOsd(storage, osds)) await remove(pass, job);
    return everyDeviceHasItsOsd(storage, osds)
      ? { state: "prepared", findings: undefined }
      : { state: "preparing", message: `looking again at the devices of ${hostname}` };
  }
  return { state: "preparing", message: `looking at the devices of ${hostname}${trouble ? `: its Pod ${trouble}` : ""}` };
}

/** Only where devices are named can it be known without looking. */
function everyDeviceHasItsOsd({ selection, hostname }: StorageNode, osds: readonly PlacedOsd[]): boolean {
  const taken = new Set(osds.filter((osd) => osd.hostname === hostname).map((osd) => osd.device));
  return selection.devices.length > 0 && selection.devices.every((d) => taken.has(pathOf(d.fullpath ?? d.name ?? "")));
}

const pathOf = (name: string) => (name.startsWith("/") ? name : `/dev/${name}`);

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
