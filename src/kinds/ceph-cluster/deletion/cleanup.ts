import { identityOf } from "../../../daemons/identity.ts";
import { doNotReconcileLabel } from "../../../daemons/labels.ts";
import { apps, names } from "../../../daemons/names.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { Deployment, Job, Secret } from "../../../kube/kinds.ts";
import { isKubeError } from "../../../kube/kube-error.ts";
import type { Kind, KubeObject } from "../../../kube/object.ts";
import { blocked, done, type Outcome, waiting } from "../common/outcome.ts";
import type { Pass } from "../common/pass.ts";
import { cleanupJob } from "./build.ts";
import { boundTo, type CleanupWorld, cleanupWorld } from "./cleanup-world.ts";
import { type CleanupPlan, planCleanup } from "./plan-cleanup.ts";

/** Milliseconds after which it is looked again at what no watch tells: nodes, and Pods of Jobs. */
const againMs = 10_000;

/**
 * Destroys a cluster whose owner has confirmed that: a suspended Job for each node on which it has left something, then the end of every
 * daemon, then, node by node, the Job. Done when every node is clean that Kubernetes still has.
 *
 * From the first Job on there is no way back: daemons may be gone, so they are not started again, whatever needs them.
 */
export async function cleanup(pass: Pass): Promise<Outcome> {
  const { live } = pass.deps;
  const { namespace } = pass.context;
  const world = await cleanupWorld(pass);
  const secret = await live.get(Secret, { namespace, name: names.identity });
  const identity = secret && identityOf(secret);
  const plan = planCleanup(world, pass.context.spec.image);
  if (plan.create.length > 0 && identity === undefined) {
    // without an identity nothing was ever made, except where it was lost
    if (!world.wasMade && secret === undefined) return done;
    return blocked(
      "IdentityMissing",
      `Secret ${names.identity} is gone or damaged, so that nobody can tell which devices are this cluster's; restore it from a backup, or take cleanupPolicy.confirmation away to leave the data where it is`,
    );
  }
  if (pass.leftAlone.size > 0)
    return blocked(
      "Deleting",
      `Deleting: ${[...pass.leftAlone].sort().join(", ")} may not be stopped, since a Deployment has the label ${doNotReconcileLabel}; take it away to go on`,
      againMs,
    );
  if (world.oldJobs.length > 0) {
    await removeOld(pass, world.oldJobs);
    return waiting("Deleting", `Deleting: Job ${world.oldJobs[0]?.metadata.name ?? ""} of an older CephCluster is on its way out`, 1000);
  }
  try {
    for (const job of plan.replace) await remove(pass, job);
    if (identity !== undefined)
      for (const hostname of [...plan.create, ...plan.replace.flatMap((job) => boundTo(job) ?? [])])
        await create(pass, hostname, identity.fsid, world);
  } catch (error) {
    if (!isKubeError(error, "forbidden") || !error.message.includes("being terminated")) throw error;
    return blocked(
      "Deleting",
      `Deleting: namespace ${namespace} is being deleted, so that nothing can be made in it to clean the nodes; take cleanupPolicy.confirmation away to let the CephCluster go with the data left where it is`,
      againMs,
    );
  }
  await Promise.all(plan.stop.deployments.map((deployment) => stop(pass, Deployment, deployment)));
  await Promise.all(plan.stop.jobs.map((job) => stop(pass, Job, job)));
  // those whose node was busy just now are started when its last Pod has gone, which wakes a pass
  await Promise.all(plan.start.map((job) => start(pass, job)));
  for (const hostname of plan.skipped)
    pass.notes.push({
      type: "Warning",
      reason: "CleanupSkipped",
      message: `${hostname} is no node of this Kubernetes any more: what the cluster has left on its disks and in its folder ${pass.context.spec.dataDirHostPath} stays there`,
    });
  if (plan.waiting.length === 0) return finish(pass, plan);
  return waiting("Deleting", say(plan), againMs);
}

function say({ waiting: sentences, cleaned }: CleanupPlan): string {
  const more = sentences.length > 5 ? [`and ${sentences.length - 5} more nodes`] : [];
  return [`Deleting: ${cleaned.length} of ${cleaned.length + sentences.length} nodes cleaned`, ...sentences.slice(0, 5), ...more].join(
    "; ",
  );
}

/** Tells what was done: the CephCluster is about to be gone, its events stay for a while. */
function finish({ deps, cluster, notes }: Pass, { cleaned }: CleanupPlan): Outcome {
  for (const note of notes) deps.events.record(cluster, note);
  for (const { hostname, said } of cleaned)
    deps.events.record(cluster, { type: "Normal", reason: "CleanedUp", message: `${hostname}: ${said}` });
  return done;
}

async function create(pass: Pass, hostname: string, fsid: string, { deployments }: CleanupWorld): Promise<void> {
  // what runs is known to be there; the wanted image may be what is wrong
  const running = deployments.find(({ metadata }) => [apps.mon, apps.osd].some((app) => metadata.labels?.["app"] === app));
  const image = running?.spec?.template.spec?.containers[0]?.image ?? pass.context.spec.image;
  const job = cleanupJob(pass.context, { hostname, fsid, image });
  if (await createOnce(() => pass.deps.kube.create(Job, job))) pass.deps.log.info("created", { kind: "Job", name: job.metadata.name });
}

/** Ends a daemon or a Job. The object stays until its last Pod is gone: so long as it is there, none of them comes again. */
async function stop<T extends KubeObject>({ deps, context }: Pass, kind: Kind<T>, { metadata: { name = "", uid } }: T): Promise<void> {
  const options = { propagationPolicy: "Foreground" as const, ...(uid === undefined ? {} : { uid }) };
  await deps.kube.delete(kind, { namespace: context.namespace, name }, options);
  deps.log.info("deleted", { kind: kind.kind, name });
}

async function start({ deps, context }: Pass, job: Job): Promise<void> {
  const { name = "", uid } = job.metadata;
  await deps.kube.mergePatch(Job, { namespace: context.namespace, name }, { metadata: { uid }, spec: { suspend: false } });
  deps.log.info("started", { kind: "Job", name });
}

async function removeOld(pass: Pass, jobs: readonly Job[]): Promise<void> {
  // one that works still wipes what the older CephCluster has left
  for (const job of jobs) if ((job.status?.active ?? 0) === 0) await remove(pass, job);
}

async function remove({ deps, context }: Pass, { metadata: { name = "", uid } }: Job): Promise<void> {
  const options = { propagationPolicy: "Background" as const, ...(uid === undefined ? {} : { uid }) };
  await deps.kube.delete(Job, { namespace: context.namespace, name }, options);
}
