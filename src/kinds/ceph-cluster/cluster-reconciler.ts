import { crushClasses } from "../../ceph/commands/crush.ts";
import { orUndefined, unansweredAgainMs } from "../../ceph/or-undefined.ts";
import { isMonDeployment } from "../../daemons/known-mons.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import { hasFinalizer, heldByOthers, withFinalizer } from "../../resource/finalizer.ts";
import { ObjectGoneError } from "../../resource/guarded.ts";
import { tellNotReconciled } from "../../resource/tell-not-reconciled.ts";
import type { Reconciler, Result } from "../../runtime/reconciler.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import { validateCluster } from "../../schema/validate-cluster.ts";
import type { Act } from "./common/act.ts";
import type { Deletion } from "./common/deletion.ts";
import type { ClusterDependencies } from "./common/dependencies.ts";
import { blocked, type Outcome, waiting } from "./common/outcome.ts";
import type { World } from "./common/world.ts";
import { deletion, deletionHeld } from "./deletion/step.ts";
import { type Observed, observe } from "./observe.ts";
import { reconcileCluster } from "./reconcile.ts";
import { type Findings, report } from "./report.ts";
import { failed } from "./run-steps.ts";
import { formerOf } from "./tenancy/former.ts";
import { refusalOf } from "./tenancy/refusal.ts";

/** Milliseconds after which it is looked again at what keeps a CephCluster from being deleted: no watch tells of all of it. */
const blockersAgainMs = 5000;

/** The reconciler of CephClusters. It keeps nothing between passes: all it decides follows from the spec, the objects, and Ceph. */
export function createClusterReconciler(deps: ClusterDependencies): Reconciler {
  return {
    async reconcile(request, signal) {
      const seen = await deps.kube.get(CephCluster, request);
      if (seen === undefined) {
        // nobody waits for it: a call into a cluster that is gone returns late
        if ((await deps.kube.list(CephCluster, { namespace: request.namespace })).length === 0)
          void deps.connector.release(request.namespace);
        return {};
      }
      if (seen.metadata.labels?.[doNotReconcileLabel] !== undefined) {
        await tellNotReconciled(deps, CephCluster, seen, ["message"]);
        return {};
      }
      const refusal = seen.metadata.deletionTimestamp === undefined ? await whyNot(deps, seen) : heldUp(seen);
      const cluster = refusal === undefined ? await held(deps, seen) : seen;
      if (cluster === undefined) return {};
      const observed = await observe(deps, cluster, signal);
      try {
        const findings = refusal === undefined ? await work(deps, observed) : refused(observed, refusal);
        if (findings === "released") return {};
        const classes = await deviceClassesOf(findings, observed.act);
        await report(deps, observed, { ...findings, deviceClasses: classes.found });
        return again(findings, [...unanswered(observed.world), ...classes.rechecks]);
      } catch (error) {
        // the watch tells the rest
        if (error instanceof ObjectGoneError) return {};
        throw error;
      }
    },
  };
}

/** Why nothing may be made for a CephCluster yet, because of another one that is or was there. */
async function whyNot({ kube, live }: ClusterDependencies, cluster: CephCluster): Promise<Outcome | undefined> {
  return (await refusalOf(kube, cluster)) ?? formerOf(kube, live, cluster);
}

/** What the status says of a CephCluster that only finalizers of other controllers keep; undefined for any other. */
function heldUp(cluster: CephCluster): Outcome | undefined {
  const message = heldByOthers(CephCluster, cluster);
  return message === undefined ? undefined : waiting("Deleting", message);
}

/**
 * The CephCluster with its finalizer, without which nothing is made for it. One that is being deleted is read anew, since what is taken away
 * is decided by what the API server says now. Undefined where it is not ours any more: what it owned goes with it, by its owner references.
 */
async function held(deps: ClusterDependencies, seen: CephCluster): Promise<CephCluster | undefined> {
  const { namespace = "", name = "", uid, deletionTimestamp } = seen.metadata;
  const key = { namespace, name };
  if (deletionTimestamp === undefined)
    return hasFinalizer(CephCluster, seen) ? seen : deps.kube.mergePatch(CephCluster, key, withFinalizer(CephCluster, seen));
  const now = await deps.live.get(CephCluster, key);
  return now !== undefined && now.metadata.uid === uid && hasFinalizer(CephCluster, now) ? now : undefined;
}

/** What is told of a CephCluster for which nothing is done: what was seen of Ceph in the namespace is another's, or about to go. */
function refused({ world: { ceph: _ceph, ...seen } }: Observed, outcome: Outcome): Findings {
  const isDeleting = seen.cluster.metadata.deletionTimestamp !== undefined;
  return { seen, steps: [{ outcome }], ...(isDeleting ? { deletion: { state: "going", outcome } } : {}) };
}

/** What is to be done: taking the cluster away, or every step. */
async function work(deps: ClusterDependencies, observed: Observed): Promise<Findings | "released"> {
  const { world, act } = observed;
  const { metadata, spec } = world.cluster;
  const isDeleting = metadata.deletionTimestamp !== undefined;
  const deletion = isDeleting ? await remove(deps, world, act) : undefined;
  if (deletion?.state === "released") return "released";
  const stop = (outcome: Outcome, more: Partial<Findings> = {}): Findings => ({
    seen: world,
    steps: [{ outcome }],
    ...(deletion === undefined ? {} : { deletion }),
    ...more,
  });
  if (deletion?.state === "going") return stop(deletion.outcome, { steps: [deletion] });
  if (deletion?.state === "unknown") return stop(deletion.outcome);
  if (isDeleting && metadata.finalizers?.includes("foregroundDeletion") === true)
    return stop(
      waiting(
        "Deleting",
        "It is deleted in the foreground: Kubernetes takes away what belongs to it before it, and it cannot be kept alive meanwhile",
      ),
    );
  const problems = validateCluster(spec);
  if (problems.length > 0) {
    // the status also reports Ceph's health: ask Ceph again soon, since an invalid spec wakes no pass
    const isSilent = world.ceph === undefined && world.deployments.some(isMonDeployment);
    const message = problems.map((p) => `spec.${p.field} is ${p.value}: ${p.message}`).join("; ");
    return stop(isSilent ? blocked("InvalidSpec", message, unansweredAgainMs) : blocked("InvalidSpec", message));
  }
  const findings = await reconcileCluster(observed, { patienceMs: deps.cephPatienceMs, isDeleting });
  return deletion === undefined ? findings : { ...findings, deletion };
}

async function remove({ dependentKinds }: ClusterDependencies, world: World, act: Act): Promise<Deletion> {
  let state: "unknown" | "going" = "unknown";
  try {
    const blocker = await deletionHeld(world, act, dependentKinds);
    if (blocker !== undefined) return blocker;
    state = "going";
    return await deletion(world, act);
  } catch (error) {
    if (error instanceof ObjectGoneError) throw error;
    return { state, outcome: failed("deletion", act, error) };
  }
}

/** When to ask Ceph again, which gave no answer to the question what its daemons run. */
const unanswered = ({ ceph }: World): number[] => (ceph !== undefined && ceph.versions === undefined ? [unansweredAgainMs] : []);

/** The OSDs' classes, where there are OSDs to have some and Ceph tells. */
async function deviceClassesOf(
  { seen: { ceph }, osds }: Findings,
  act: Act,
): Promise<{ readonly found?: readonly string[]; readonly rechecks: readonly number[] }> {
  if (ceph === undefined || osds === undefined || osds.up === 0) return { rechecks: [] };
  const found = await orUndefined(crushClasses(act.ceph));
  return found === undefined ? { rechecks: [unansweredAgainMs] } : { found, rechecks: [] };
}

function again({ steps, deletion: how }: Findings, rechecks: readonly number[]): Result {
  const delays = steps.flatMap(({ outcome: o }) => ("recheckAfterMs" in o && o.recheckAfterMs !== undefined ? [o.recheckAfterMs] : []));
  delays.push(...rechecks);
  if (how?.state === "blocked") delays.push(blockersAgainMs);
  return delays.length === 0 ? {} : { requeueAfterMs: Math.min(...delays) };
}
