import { isCephError } from "../../ceph/ceph-error.ts";
import { unansweredAgainMs } from "../../ceph/or-undefined.ts";
import { isMonDeployment } from "../../daemons/known-mons.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import { hasFinalizer, heldByOthers, withFinalizer } from "../../resource/finalizer.ts";
import { ObjectGoneError } from "../../resource/guarded.ts";
import { tellNotReconciled } from "../../resource/tell-not-reconciled.ts";
import type { Reconciler, Result } from "../../runtime/reconciler.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import { withDefaults } from "../../schema/defaults.ts";
import { unsupportedFields } from "../../schema/unsupported.ts";
import { validateCluster } from "../../schema/validate-cluster.ts";
import type { Deletion } from "./common/deletion.ts";
import type { ClusterDependencies } from "./common/dependencies.ts";
import { blocked, type Outcome, waiting } from "./common/outcome.ts";
import type { Pass } from "./common/pass.ts";
import { cephConfig } from "./config/step.ts";
import { crashCollectors } from "./crash/step.ts";
import { deletion, deletionHeld } from "./deletion/step.ts";
import { disruptionBudgets } from "./drain/budgets.ts";
import { osdBudgets } from "./drain/step.ts";
import { protection } from "./identity/protection.ts";
import { identity } from "./identity/step.ts";
import { keyrings } from "./keys/step.ts";
import { mgrModules } from "./mgr/modules.ts";
import { monitoring } from "./mgr/services.ts";
import { mgrs } from "./mgr/step.ts";
import { mons } from "./mon/step.ts";
import { askCephAgain, look } from "./observe.ts";
import { osds } from "./osd/step.ts";
import { report } from "./report.ts";
import { formerOf } from "./tenancy/former.ts";
import { refusalOf } from "./tenancy/refusal.ts";
import { version } from "./version/step.ts";

/** A step of every pass: idempotent, waits for nothing, and says how far it is. `before` has the outcomes of the steps before it. */
type Step = (pass: Pass, before: Readonly<Record<string, Outcome>>) => Promise<Outcome>;

const isDone = (outcome: Outcome | undefined) => outcome?.state === "done";

/** Every step, in order. Each runs on each pass, from the top. */
const steps: readonly (readonly [name: string, step: Step])[] = [
  ["monitoring", monitoring],
  ["version", version],
  ["identity", identity],
  ["keyrings", keyrings],
  ["protection", protection],
  // before the steps that a drain holds up, so that it is told as the reason
  ["osdBudgets", osdBudgets],
  ["mons", mons],
  ["cephConfig", cephConfig],
  ["mgrs", (pass, before) => mgrs(pass, { monsAreDone: isDone(before["mons"]) })],
  ["osds", (pass, before) => osds(pass, { mgrsAreDone: isDone(before["mons"]) && isDone(before["mgrs"]) })],
  // after the OSDs, which need nothing of it: the dashboard takes seconds to be set up
  ["mgrModules", mgrModules],
  ["crashCollectors", (pass, before) => crashCollectors(pass, { osdsAreDone: isDone(before["osds"]) })],
  ["disruptionBudgets", disruptionBudgets],
];

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
      const pass = await look(deps, cluster, withDefaults(cluster.spec), signal);
      try {
        // what was seen in the namespace is another's, or about to go
        if (refusal !== undefined) delete pass.ceph;
        if (refusal !== undefined && seen.metadata.deletionTimestamp !== undefined) pass.deletion = { state: "going", outcome: refusal };
        const outcomes = refusal === undefined ? await work(pass) : [refusal];
        if (pass.deletion?.state === "released") return {};
        await report(pass, outcomes, unsupportedFields(cluster.spec));
        return again(pass, outcomes);
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

/** What is to be done: taking the cluster away, or every step. */
async function work(pass: Pass): Promise<Outcome[]> {
  const { metadata, spec } = pass.cluster;
  if (metadata.deletionTimestamp !== undefined) {
    pass.deletion = await remove(pass);
    if (pass.deletion.state === "going" || pass.deletion.state === "unknown") return [pass.deletion.outcome];
    if (pass.deletion.state === "released") return [];
    if (metadata.finalizers?.includes("foregroundDeletion") === true)
      return [
        waiting(
          "Deleting",
          "It is deleted in the foreground: Kubernetes takes away what belongs to it before it, and it cannot be kept alive meanwhile",
        ),
      ];
  }
  const problems = validateCluster(spec);
  // the status also reports Ceph's health: ask Ceph again soon, since an invalid spec wakes no pass
  if (problems.length > 0 && pass.ceph === undefined && pass.deployments.some(isMonDeployment)) pass.rechecks.push(unansweredAgainMs);
  if (problems.length > 0) return [blocked("InvalidSpec", problems.map((p) => `spec.${p.field} is ${p.value}: ${p.message}`).join("; "))];
  const outcomes: Record<string, Outcome> = {};
  for (const [name, step] of steps) outcomes[name] = await run(name, step, pass, outcomes);
  return Object.values(outcomes);
}

async function remove(pass: Pass): Promise<Deletion> {
  let state: "unknown" | "going" = "unknown";
  try {
    const held = await deletionHeld(pass);
    if (held !== undefined) return held;
    state = "going";
    return await deletion(pass);
  } catch (error) {
    if (error instanceof ObjectGoneError) throw error;
    return { state, outcome: failed("deletion", pass, error) };
  }
}

function again({ deletion: how, rechecks }: Pass, outcomes: readonly Outcome[]): Result {
  const delays = outcomes.flatMap((o) => ("recheckAfterMs" in o && o.recheckAfterMs !== undefined ? [o.recheckAfterMs] : []));
  delays.push(...rechecks);
  if (how?.state === "blocked") delays.push(blockersAgainMs);
  return delays.length === 0 ? {} : { requeueAfterMs: Math.min(...delays) };
}

/** A step that fails holds up those that need it, and no other: it is told in the status and tried again. */
async function run(name: string, step: Step, pass: Pass, before: Readonly<Record<string, Outcome>>): Promise<Outcome> {
  pass.signal.throwIfAborted();
  try {
    return await step(pass, before);
  } catch (error) {
    if (error instanceof ObjectGoneError) throw error;
    // else each of the steps that follow would wait as long for an answer
    if (isCephError(error) && error.unanswered) await askCephAgain(pass);
    return failed(name, pass, error);
  }
}

function failed(name: string, pass: Pass, error: unknown): Outcome {
  if (pass.signal.aborted) throw error;
  pass.deps.log.warn("step failed", { step: name, error });
  return blocked("StepFailed", `${name}: ${error instanceof Error ? error.message : String(error)}`, 3000);
}
