import { type CephVersion, cephVersionSupport, formatCephVersion, parseCephVersion } from "../../ceph/ceph-version.ts";
import { Job, type Pod } from "../../kube/kinds.ts";
import { versionJob } from "../build/version-job.ts";
import { cephVersionLabel } from "../labels.ts";
import { podTrouble } from "../look/pods.ts";
import { podsOfJob } from "../look/pods-of-job.ts";
import { apps, names } from "../names.ts";
import { blocked, done, type Outcome, waiting } from "../outcome.ts";
import type { FoundVersion, Pass } from "../pass.ts";

/**
 * Which Ceph the wanted image holds. Read from the Job that asked it, as long as its Pod is there, or from the daemons that
 * already run that image; where neither says it, a Job asks.
 */
export async function version(pass: Pass): Promise<Outcome> {
  const { spec } = pass.context;
  const job = pass.jobs.find((j) => j.metadata.name === names.versionJob);
  const reported = reportOf(pass, podsOf(pass)) ?? (await lateReport(pass, job));
  const running = versionOfDaemons(pass);
  const found: FoundVersion | undefined =
    reported ?? (running && { version: running, label: formatCephVersion(running), hasCrash: crashCollectorsRun(pass) ? true : undefined });
  const enough = found !== undefined && (found.hasCrash !== undefined || spec.crashCollector.disable);
  if (!enough || found === undefined) {
    if (job !== undefined && (imageOf(job) !== spec.image || job.status?.failed || (job.status?.succeeded && reported === undefined))) {
      await pass.deps.kube.delete(
        Job,
        { namespace: pass.context.namespace, name: names.versionJob },
        { propagationPolicy: "Background", ...(job.metadata.uid ? { uid: job.metadata.uid } : {}) },
      );
      if (job.status?.failed)
        return blocked(
          "DetectingVersion",
          `Detecting Ceph version: the Job ${names.versionJob} failed${troubleOf(pass)}; it is tried again`,
          10_000,
        );
    } else if (job === undefined) {
      await pass.deps.kube.apply(Job, versionJob(pass.context), { fieldManager: "jackdaw" });
    }
  }
  if (found === undefined) return waiting("DetectingVersion", `Detecting Ceph version of ${spec.image}${troubleOf(pass)}`);

  pass.version = found;
  const support = cephVersionSupport(found.version);
  switch (support) {
    case "ok":
      return done;
    case "tooOld":
      delete pass.version;
      return blocked("UnsupportedVersion", `cephVersion.image ${spec.image} holds Ceph ${found.label}; the oldest supported is 18.2`);
    case "tooNew":
      if (spec.allowUnsupported) return done;
      delete pass.version;
      return blocked(
        "UnsupportedVersion",
        `cephVersion.image ${spec.image} holds Ceph ${found.label}, newer than the supported 20.2; set cephVersion.allowUnsupported to use it all the same`,
      );
  }
}

/** The answer of a Job that is known to have ended, where the Pod that holds it was not. */
async function lateReport(pass: Pass, job: Job | undefined): Promise<FoundVersion | undefined> {
  if (!job?.status?.succeeded || imageOf(job) !== pass.context.spec.image) return undefined;
  return reportOf(pass, await podsOfJob(pass.deps.live, job));
}

/** The finished Job's answer, if its Pod asked the image that is wanted now. */
function reportOf(pass: Pass, pods: readonly Pod[]): FoundVersion | undefined {
  for (const pod of pods) {
    const terminated = pod.status?.containerStatuses?.[0]?.state?.terminated;
    if (pod.spec?.containers[0]?.image !== pass.context.spec.image || terminated?.exitCode !== 0) continue;
    const [first, second] = (terminated.message ?? "").split("\n");
    const parsed = parseCephVersion(first ?? "");
    if (parsed !== undefined)
      return { version: parsed, label: formatCephVersion(parsed), hasCrash: second?.split(" ").includes("ceph-crash") === true };
  }
  return undefined;
}

/** What the label of a daemon with the wanted image says. */
function versionOfDaemons(pass: Pass): CephVersion | undefined {
  for (const deployment of pass.deployments) {
    const label = deployment.metadata.labels?.[cephVersionLabel];
    if (label !== undefined && deployment.spec?.template.spec?.containers[0]?.image === pass.context.spec.image) {
      const parsed = parseCephVersion(`ceph version ${label}`);
      if (parsed !== undefined) return parsed;
    }
  }
  return undefined;
}

const podsOf = (pass: Pass): Pod[] => pass.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.version);
const imageOf = (job: Job) => job.spec?.template.spec?.containers[0]?.image;
const crashCollectorsRun = (pass: Pass) =>
  pass.deployments.some((d) => d.metadata.labels?.["app"] === apps.crashCollector && (d.status?.availableReplicas ?? 0) > 0);

function troubleOf(pass: Pass): string {
  const trouble = podsOf(pass)
    .map(podTrouble)
    .find((t) => t !== undefined);
  return trouble === undefined ? "" : `: its Pod ${trouble}`;
}
