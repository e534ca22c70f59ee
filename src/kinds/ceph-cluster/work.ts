import { crushClasses } from "../../ceph/commands/crush.ts";
import { orUndefined, unansweredAgainMs } from "../../ceph/or-undefined.ts";
import { isMonDeployment } from "../../daemons/known-mons.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import type { OperatorDependencies } from "../../resource/dependencies.ts";
import { ObjectGoneError } from "../../resource/guarded.ts";
import type { Holding, Worked } from "../../resource/managed-kind.ts";
import type { CephCluster } from "../../schema/ceph-cluster.ts";
import { validateCluster } from "../../schema/validate-cluster.ts";
import type { Act } from "./common/act.ts";
import type { Deletion } from "./common/deletion.ts";
import { blocked, type Outcome, waiting } from "./common/outcome.ts";
import type { World } from "./common/world.ts";
import { deletion, deletionHeld } from "./deletion/step.ts";
import { type Observed, observe } from "./observe.ts";
import { type Findings, reconcileCluster } from "./reconcile.ts";
import { failed } from "./run-steps.ts";
import { statusFields } from "./status.ts";
import { formerOf } from "./tenancy/former.ts";
import { refusalOf } from "./tenancy/refusal.ts";

/** Milliseconds after which it is looked again at what keeps a CephCluster from being deleted: no watch tells of all of it. */
const blockersAgainMs = 5000;

/** A pass over a CephCluster: nothing where another one is in its way, else taking it away, or every step. */
export async function workOnCluster(holding: Holding<CephCluster>): Promise<Worked<CephCluster>> {
  const { deps, object, signal } = holding;
  const isDeleting = object.metadata.deletionTimestamp !== undefined;
  const refusal = isDeleting ? undefined : await whyNot(deps, object);
  const cluster = refusal !== undefined ? object : await (isDeleting ? holding.asItIsNow() : holding.hold());
  if (cluster === undefined) return undefined;
  const observed = await observe(deps, cluster, { signal, release: holding.release });
  const findings = refusal === undefined ? await work(deps, observed) : refused(observed, refusal);
  if (findings === "released") return "released";
  const classes = await deviceClassesOf(findings, observed.act);
  const { steps, seen, deletion: how } = findings;
  return {
    latest: cluster,
    outcomes: steps.map(({ outcome }) => outcome),
    status: statusFields({ ...findings, deviceClasses: classes.found }),
    notes: steps.flatMap(({ notes = [] }) => notes),
    remarks: steps.flatMap(({ remarks = [] }) => remarks),
    asides: sayLeftAlone(seen),
    deletion: how?.state === "released" ? undefined : how,
    rechecks: [...unanswered(observed.world), ...classes.rechecks, ...(how?.state === "blocked" ? [blockersAgainMs] : [])],
  };
}

/** Why nothing may be made for a CephCluster yet, because of another one that is or was there. */
async function whyNot({ kube, live }: OperatorDependencies, cluster: CephCluster): Promise<Outcome | undefined> {
  return (await refusalOf(kube, cluster)) ?? formerOf(kube, live, cluster);
}

/** What is told of a CephCluster for which nothing is done: what was seen of Ceph in the namespace is another's. */
function refused({ world: { ceph: _ceph, ...seen } }: Observed, outcome: Outcome): Findings {
  return { seen, steps: [{ outcome }] };
}

/** What is to be done: taking the cluster away, or every step. */
async function work(deps: OperatorDependencies, observed: Observed): Promise<Findings | "released"> {
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

async function remove({ dependentKinds }: OperatorDependencies, world: World, act: Act): Promise<Deletion> {
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

/** Daemons that a user wants to be left alone, in words. */
function sayLeftAlone({ leftAlone }: World): string[] {
  const daemons = [...leftAlone].sort();
  if (daemons.length === 0) return [];
  return [`${daemons.join(", ")} ${daemons.length > 1 ? "are" : "is"} left alone for the label ${doNotReconcileLabel}`];
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
