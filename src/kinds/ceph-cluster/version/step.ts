import { isCephError } from "../../../ceph/ceph-error.ts";
import { type CephVersion, cephVersionSupport, formatCephVersion, parseCephVersion } from "../../../ceph/ceph-version.ts";
import { osdDump } from "../../../ceph/commands/osd.ts";
import { jobTrouble } from "../../../daemons/diagnosis/job-trouble.ts";
import { sayTrouble } from "../../../daemons/diagnosis/trouble.ts";
import { daemonImages, sayLabel } from "../../../daemons/image/daemon-images.ts";
import { lastingTypes } from "../../../daemons/image/lasting-types.ts";
import { isUpdate, runningImage, type VersionPlan } from "../../../daemons/image/plan-versions.ts";
import { cephVersionLabel } from "../../../daemons/labels.ts";
import { apps, fieldManager, names } from "../../../daemons/names.ts";
import { type Deployment, Job, type Pod } from "../../../kube/kinds.ts";
import { podsOfJob } from "../../../kube/pods-of-job.ts";
import { isOutdated, retryAfter, retryMs } from "../../../kube/renew-job.ts";
import type { Act } from "../common/act.ts";
import { updatedTypes, versionFields } from "../common/daemon-types.ts";
import { blocked, done, type Outcome, waiting } from "../common/outcome.ts";
import type { Step } from "../common/step.ts";
import type { FoundVersion, Versions } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { versionJob } from "./build.ts";
import { otherVersions, refusalOf } from "./decide.ts";
import { explainVersionRefusal, sayOtherVersions } from "./explain.ts";

/**
 * Which Ceph the wanted image holds, and whether the daemons may be brought to it. Read from the Job that asked the image, as long as its
 * Pod is there, or from the daemons that already run it; where neither says it, a Job asks. While it is not known, or cannot be, a cluster
 * that runs goes on as it is, with the image that it has.
 */
export async function detectVersion(world: World, act: Act): Promise<Step<Versions>> {
  const { found, outcome } = await detect(world, act);
  const refusal = found && (await refusalFor(world, act, found));
  const target = refusal === undefined ? found : undefined;
  const daemons = daemonImages(world.deployments, updatedTypes);
  const plan: VersionPlan = { target, types: updatedTypes, daemons, lasting: lastingTypes(updatedTypes, world) };
  const remarks = sayOtherVersions(target, otherVersions(plan, world.ceph?.versions));
  if (found !== undefined && refusal === undefined) return { outcome, found: { plan, image: found }, remarks };
  const running = runningImage(plan);
  if (running === undefined) return { outcome: refusal ?? outcome, found: { plan }, remarks };
  const image = { ...running, hasCrash: crashCollectors(world).length > 0 };
  return { outcome: goingOn(refusal ?? outcome, running.label), found: { plan, image }, remarks };
}

/** The Ceph of the wanted image, as far as it is known. */
async function detect(world: World, act: Act): Promise<{ found?: FoundVersion; outcome: Outcome }> {
  const { spec } = world.context;
  const job = world.jobs.find((j) => j.metadata.name === names.versionJob);
  const reported = reportOf(world, podsOf(world)) ?? (await lateReport(world, act, job));
  const running = versionOfDaemons(world);
  const found: FoundVersion | undefined =
    reported ??
    (running && {
      image: spec.image,
      version: running,
      label: formatCephVersion(running),
      hasCrash: crashCollectors(world).some((d) => imageOf(d) === spec.image && (d.status?.availableReplicas ?? 0) > 0) ? true : undefined,
    });
  const enough = found !== undefined && (found.hasCrash !== undefined || spec.crashCollector.disable);
  if (enough) return { found, outcome: done };
  const asked = await ask(world, act, job, reported !== undefined);
  return found === undefined ? { outcome: asked } : { found, outcome: done };
}

/** Has a Job ask the image; one that asked another, failed, or whose answer is lost goes, and the next pass makes another. */
async function ask(world: World, act: Act, job: Job | undefined, isAnswered: boolean): Promise<Outcome> {
  const { image } = world.context.spec;
  const asking = waiting("DetectingVersion", `Detecting Ceph version of ${image}`, retryMs);
  if (job === undefined) {
    await act.kube.apply(Job, versionJob(world.context), { fieldManager });
    return asking;
  }
  const isOther = imageOf(job) !== image || isOutdated(job, versionJob(world.context), world);
  const againAfterMs = retryAfter(job, world.now);
  if (isOther || againAfterMs === 0 || (job.status?.succeeded && !isAnswered))
    await act.kube.delete(
      Job,
      { namespace: world.context.namespace, name: names.versionJob },
      { propagationPolicy: "Background", ...(job.metadata.uid ? { uid: job.metadata.uid } : {}) },
    );
  const trouble = isOther ? undefined : jobTrouble(world, job, versionFields);
  if (trouble === undefined) return asking;
  const message = `Detecting Ceph version of ${image}: Job ${names.versionJob} ${sayTrouble(trouble, world.now)}`;
  if (againAfterMs === undefined) return waiting("DetectingVersion", message, retryMs);
  return blocked(
    "DetectingVersion",
    `${message}; is it an image of Ceph? It is asked again every ${retryMs / 1000} s`,
    Math.max(1000, againAfterMs),
  );
}

/** Why the daemons cannot be brought to what was found; undefined where they can. */
async function refusalFor(world: World, act: Act, found: FoundVersion): Promise<Outcome | undefined> {
  const { spec } = world.context;
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
  const daemons = daemonImages(world.deployments, updatedTypes);
  const refusal = refusalOf({
    wanted: found,
    daemons,
    versions: world.ceph?.versions,
    health: world.ceph?.status.health,
    requiredRelease: isUpdate({ target: found, daemons }) ? await requiredRelease(world, act) : undefined,
    allowUnsupported: spec.allowUnsupported,
    skipUpgradeChecks: spec.upgrade.skipChecks,
  });
  if (refusal === undefined) return undefined;
  const { reason, message } = explainVersionRefusal(refusal, found);
  return blocked(reason, message, 10_000);
}

async function requiredRelease(world: World, act: Act): Promise<string | undefined> {
  const { ceph } = world;
  if (ceph === undefined) return undefined;
  try {
    return (await osdDump(act.ceph)).require_osd_release;
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
async function lateReport(world: World, act: Act, job: Job | undefined): Promise<FoundVersion | undefined> {
  if (!job?.status?.succeeded || imageOf(job) !== world.context.spec.image) return undefined;
  return reportOf(world, await podsOfJob(act.live, job));
}

/** The finished Job's answer, if its Pod asked the image that is wanted now. */
function reportOf(world: World, pods: readonly Pod[]): FoundVersion | undefined {
  const { image } = world.context.spec;
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
function versionOfDaemons(world: World): CephVersion | undefined {
  for (const deployment of world.deployments) {
    const label = deployment.metadata.labels?.[cephVersionLabel];
    if (label !== undefined && imageOf(deployment) === world.context.spec.image) {
      const parsed = parseCephVersion(`ceph version ${label}`);
      if (parsed !== undefined) return parsed;
    }
  }
  return undefined;
}

const podsOf = (world: World): Pod[] => world.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.version);
const imageOf = (object: Job | Deployment) => object.spec?.template.spec?.containers[0]?.image;
const crashCollectors = (world: World) => world.deployments.filter((d) => d.metadata.labels?.["app"] === apps.crashCollector);
