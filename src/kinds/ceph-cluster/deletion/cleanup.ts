import { identityOf } from "../../../daemons/identity.ts";
import { doNotReconcileLabel } from "../../../daemons/labels.ts";
import { apps, names } from "../../../daemons/names.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { Deployment, Job, Secret } from "../../../kube/kinds.ts";
import { isKubeError } from "../../../kube/kube-error.ts";
import type { Kind, KubeObject } from "../../../kube/object.ts";
import type { Act } from "../common/act.ts";
import { blocked, done, waiting } from "../common/outcome.ts";
import type { ClusterEvent } from "../common/reasons.ts";
import type { Step } from "../common/step.ts";
import type { World } from "../common/world.ts";
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
export async function cleanup(world: World, act: Act): Promise<Step<never>> {
  const { live } = act;
  const { namespace } = world.context;
  const seen = await cleanupWorld(world, act);
  const secret = await live.get(Secret, { namespace, name: names.identity });
  const identity = secret && identityOf(secret);
  const plan = planCleanup(seen, world.context.spec.image);
  if (plan.create.length > 0 && identity === undefined) {
    // without an identity nothing was ever made, except where it was lost
    if (!seen.wasMade && secret === undefined) return { outcome: done };
    return {
      outcome: blocked(
        "IdentityMissing",
        `Secret ${names.identity} is gone or damaged, so that nobody can tell which devices are this cluster's; restore it from a backup, or take cleanupPolicy.confirmation away to leave the data where it is`,
      ),
    };
  }
  if (world.leftAlone.size > 0)
    return {
      outcome: blocked(
        "Deleting",
        `Deleting: ${[...world.leftAlone].sort().join(", ")} may not be stopped, since a Deployment has the label ${doNotReconcileLabel}; take it away to go on`,
        againMs,
      ),
    };
  if (seen.oldJobs.length > 0) {
    await removeOld(world, act, seen.oldJobs);
    return {
      outcome: waiting("Deleting", `Deleting: Job ${seen.oldJobs[0]?.metadata.name ?? ""} of an older CephCluster is on its way out`, 1000),
    };
  }
  try {
    for (const job of plan.replace) await remove(world, act, job);
    if (identity !== undefined)
      for (const hostname of [...plan.create, ...plan.replace.flatMap((job) => boundTo(job) ?? [])])
        await create(world, act, hostname, identity.fsid, seen);
  } catch (error) {
    if (!isKubeError(error, "forbidden") || !error.message.includes("being terminated")) throw error;
    return {
      outcome: blocked(
        "Deleting",
        `Deleting: namespace ${namespace} is being deleted, so that nothing can be made in it to clean the nodes; take cleanupPolicy.confirmation away to let the CephCluster go with the data left where it is`,
        againMs,
      ),
    };
  }
  await Promise.all(plan.stop.deployments.map((deployment) => stop(world, act, Deployment, deployment)));
  await Promise.all(plan.stop.jobs.map((job) => stop(world, act, Job, job)));
  // those whose node was busy just now are started when its last Pod has gone, which wakes a pass
  await Promise.all(plan.start.map((job) => start(world, act, job)));
  return tellEnd(world, act, plan);
}

/** How far it is; once every node is clean, the events that say so: the CephCluster is about to be gone, its events stay for a while. */
function tellEnd({ context }: World, act: Act, plan: CleanupPlan): Step<never> {
  const skipped = plan.skipped.map(
    (hostname): ClusterEvent => ({
      type: "Warning",
      reason: "CleanupSkipped",
      message: `${hostname} is no node of this Kubernetes any more: what the cluster has left on its disks and in its folder ${context.spec.dataDirHostPath} stays there`,
    }),
  );
  if (plan.waiting.length > 0) return { outcome: waiting("Deleting", say(plan), againMs), notes: skipped };
  const cleaned = plan.cleaned.map(
    ({ hostname, said }): ClusterEvent => ({ type: "Normal", reason: "CleanedUp", message: `${hostname}: ${said}` }),
  );
  for (const note of [...skipped, ...cleaned]) act.tell(note);
  return { outcome: done };
}

function say({ waiting: sentences, cleaned }: CleanupPlan): string {
  const more = sentences.length > 5 ? [`and ${sentences.length - 5} more nodes`] : [];
  return [`Deleting: ${cleaned.length} of ${cleaned.length + sentences.length} nodes cleaned`, ...sentences.slice(0, 5), ...more].join(
    "; ",
  );
}

async function create(world: World, act: Act, hostname: string, fsid: string, { deployments }: CleanupWorld): Promise<void> {
  // what runs is known to be there; the wanted image may be what is wrong
  const running = deployments.find(({ metadata }) => [apps.mon, apps.osd].some((app) => metadata.labels?.["app"] === app));
  const image = running?.spec?.template.spec?.containers[0]?.image ?? world.context.spec.image;
  const job = cleanupJob(world.context, { hostname, fsid, image });
  if (await createOnce(() => act.kube.create(Job, job))) act.log.info("created", { kind: "Job", name: job.metadata.name });
}

/** Ends a daemon or a Job. The object stays until its last Pod is gone: so long as it is there, none of them comes again. */
async function stop<T extends KubeObject>(world: World, act: Act, kind: Kind<T>, { metadata: { name = "", uid } }: T): Promise<void> {
  const { context } = world;
  const options = { propagationPolicy: "Foreground" as const, ...(uid === undefined ? {} : { uid }) };
  await act.kube.delete(kind, { namespace: context.namespace, name }, options);
  act.log.info("deleted", { kind: kind.kind, name });
}

async function start(world: World, act: Act, job: Job): Promise<void> {
  const { context } = world;
  const { name = "", uid } = job.metadata;
  await act.kube.mergePatch(Job, { namespace: context.namespace, name }, { metadata: { uid }, spec: { suspend: false } });
  act.log.info("started", { kind: "Job", name });
}

async function removeOld(world: World, act: Act, jobs: readonly Job[]): Promise<void> {
  // one that works still wipes what the older CephCluster has left
  for (const job of jobs) if ((job.status?.active ?? 0) === 0) await remove(world, act, job);
}

async function remove(world: World, act: Act, { metadata: { name = "", uid } }: Job): Promise<void> {
  const { context } = world;
  const options = { propagationPolicy: "Background" as const, ...(uid === undefined ? {} : { uid }) };
  await act.kube.delete(Job, { namespace: context.namespace, name }, options);
}
