import { isCephError } from "../../../ceph/ceph-error.ts";
import { type CephVersion, cephVersionSupport, formatCephVersion, parseCephVersion } from "../../../ceph/ceph-version.ts";
import { osdDump } from "../../../ceph/commands/osd.ts";
import { jobTrouble } from "../../../daemons/diagnosis/job-trouble.ts";
import { sayTrouble } from "../../../daemons/diagnosis/trouble.ts";
import { daemonImages, sayLabel } from "../../../daemons/image/daemon-images.ts";
import { lastingTypes } from "../../../daemons/image/lasting-types.ts";
import { isUpdate, otherVersions, refusalOf, runningImage } from "../../../daemons/image/plan-versions.ts";
import { cephVersionLabel } from "../../../daemons/labels.ts";
import { apps, names } from "../../../daemons/names.ts";
import { type Deployment, Job, type Pod } from "../../../kube/kinds.ts";
import { podsOfJob } from "../../../kube/pods-of-job.ts";
import { isOutdated, retryAfter, retryMs } from "../../../kube/renew-job.ts";
import { blocked, done, type Outcome, waiting } from "../common/outcome.ts";
import type { FoundVersion, Pass } from "../common/pass.ts";
import { versionJob } from "./build.ts";

/**
 * Which Ceph the wanted image holds, and whether the daemons may be brought to it. Read from the Job that asked the image, as long as its
 * Pod is there, or from the daemons that already run it; where neither says it, a Job asks. While it is not known, or cannot be, a cluster
 * that runs goes on as it is, with the image that it has.
 */
export async function version(pass: Pass): Promise<Outcome> {
  const { found, outcome } = await detect(pass);
  const refusal = found && (await refusalFor(pass, found));
  const daemons = daemonImages(pass.deployments);
  const lasting = lastingTypes(pass.deployments, pass.pods, pass.now);
  pass.versions = { target: refusal === undefined ? found : undefined, daemons, lasting };
  const others = otherVersions(pass.versions, pass.ceph?.versions);
  if (others !== undefined) pass.remarks.push(others);
  if (found !== undefined && refusal === undefined) {
    pass.version = found;
    return outcome;
  }
  const running = runningImage(pass.versions);
  if (running === undefined) return refusal ?? outcome;
  pass.version = { ...running, hasCrash: crashCollectors(pass).length > 0 };
  return goingOn(refusal ?? outcome, running.label);
}

/** The Ceph of the wanted image, as far as it is known. */
async function detect(pass: Pass): Promise<{ found?: FoundVersion; outcome: Outcome }> {
  const { spec } = pass.context;
  const job = pass.jobs.find((j) => j.metadata.name === names.versionJob);
  const reported = reportOf(pass, podsOf(pass)) ?? (await lateReport(pass, job));
  const running = versionOfDaemons(pass);
  const found: FoundVersion | undefined =
    reported ??
    (running && {
      image: spec.image,
      version: running,
      label: formatCephVersion(running),
      hasCrash: crashCollectors(pass).some((d) => imageOf(d) === spec.image && (d.status?.availableReplicas ?? 0) > 0) ? true : undefined,
    });
  const enough = found !== undefined && (found.hasCrash !== undefined || spec.crashCollector.disable);
  if (enough) return { found, outcome: done };
  const asked = await ask(pass, job, reported !== undefined);
  return found === undefined ? { outcome: asked } : { found, outcome: done };
}

/** Has a Job ask the image; one that asked another, failed, or whose answer is lost goes, and the next pass makes another. */
async function ask(pass: Pass, job: Job | undefined, isAnswered: boolean): Promise<Outcome> {
  const { image } = pass.context.spec;
  const asking = waiting("DetectingVersion", `Detecting Ceph version of ${image}`, retryMs);
  if (job === undefined) {
    await pass.deps.kube.apply(Job, versionJob(pass.context), { fieldManager: "jackdaw" });
    return asking;
  }
  const isOther = imageOf(job) !== image || isOutdated(job, versionJob(pass.context), pass);
  const againAfterMs = retryAfter(job, pass.now);
  if (isOther || againAfterMs === 0 || (job.status?.succeeded && !isAnswered))
    await pass.deps.kube.delete(
      Job,
      { namespace: pass.context.namespace, name: names.versionJob },
      { propagationPolicy: "Background", ...(job.metadata.uid ? { uid: job.metadata.uid } : {}) },
    );
  const trouble = isOther ? undefined : jobTrouble(pass, job);
  if (trouble === undefined) return asking;
  const message = `Detecting Ceph version of ${image}: Job ${names.versionJob} ${sayTrouble(trouble, pass.now)}`;
  if (againAfterMs === undefined) return waiting("DetectingVersion", message, retryMs);
  return blocked(
    "DetectingVersion",
    `${message}; is it an image of Ceph? It is asked again every ${retryMs / 1000} s`,
    Math.max(1000, againAfterMs),
  );
}

/** Why the daemons cannot be brought to what was found; undefined where they can. */
async function refusalFor(pass: Pass, found: FoundVersion): Promise<Outcome | undefined> {
  const { spec } = pass.context;
  const holds = `cephVersion.image ${spec.image} holds Ceph ${sayLabel(found.label)}`;
  switch (cephVersionSupport(found.version)) {
    case "tooOld":
      return blocked("UnsupportedVersion", `${holds}; the oldest supported is 18.2`);
    case "tooNew":
      if (!spec.allowUnsupported)
        return blocked(
          "UnsupportedVersion",
          `${holds}, newer than the supported 20.2; set cephVersion.allowUnsupported to use it all the same`,
        );
      break;
    case "ok":
      break;
  }
  const daemons = daemonImages(pass.deployments);
  const refusal = refusalOf({
    wanted: found,
    daemons,
    versions: pass.ceph?.versions,
    health: pass.ceph?.status.health,
    requiredRelease: isUpdate({ target: found, daemons }) ? await requiredRelease(pass) : undefined,
    allowUnsupported: spec.allowUnsupported,
    skipUpgradeChecks: spec.upgrade.skipChecks,
  });
  return refusal && blocked(refusal.reason, refusal.message, 10_000);
}

async function requiredRelease({ ceph }: Pass): Promise<string | undefined> {
  if (ceph === undefined) return undefined;
  try {
    return (await osdDump(ceph.connection)).require_osd_release;
  } catch (error) {
    if (isCephError(error)) return undefined;
    throw error;
  }
}

/** The outcome, with what the cluster does meanwhile. */
function goingOn(outcome: Outcome, label: string): Outcome {
  if (outcome.state !== "waiting" && outcome.state !== "blocked") return outcome;
  return { ...outcome, message: `${outcome.message}; meanwhile the cluster goes on at ${sayLabel(label)}` };
}

/** The answer of a Job that is known to have ended, where the Pod that holds it was not. */
async function lateReport(pass: Pass, job: Job | undefined): Promise<FoundVersion | undefined> {
  if (!job?.status?.succeeded || imageOf(job) !== pass.context.spec.image) return undefined;
  return reportOf(pass, await podsOfJob(pass.deps.live, job));
}

/** The finished Job's answer, if its Pod asked the image that is wanted now. */
function reportOf(pass: Pass, pods: readonly Pod[]): FoundVersion | undefined {
  const { image } = pass.context.spec;
  for (const pod of pods) {
    const terminated = pod.status?.containerStatuses?.[0]?.state?.terminated;
    if (pod.spec?.containers[0]?.image !== image || terminated?.exitCode !== 0) continue;
    const [first, second] = (terminated.message ?? "").split("\n");
    const parsed = parseCephVersion(first ?? "");
    if (parsed !== undefined)
      return { image, version: parsed, label: formatCephVersion(parsed), hasCrash: second?.split(" ").includes("ceph-crash") === true };
  }
  return undefined;
}

/** What the label of a daemon with the wanted image says. */
function versionOfDaemons(pass: Pass): CephVersion | undefined {
  for (const deployment of pass.deployments) {
    const label = deployment.metadata.labels?.[cephVersionLabel];
    if (label !== undefined && imageOf(deployment) === pass.context.spec.image) {
      const parsed = parseCephVersion(`ceph version ${label}`);
      if (parsed !== undefined) return parsed;
    }
  }
  return undefined;
}

const podsOf = (pass: Pass): Pod[] => pass.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.version);
const imageOf = (object: Job | Deployment) => object.spec?.template.spec?.containers[0]?.image;
const crashCollectors = (pass: Pass) => pass.deployments.filter((d) => d.metadata.labels?.["app"] === apps.crashCollector);
