import { isCephError } from "../ceph/ceph-error.ts";
import { fieldManager } from "../daemons/names.ts";
import { ownerReference } from "../daemons/pod/metadata.ts";
import { applyWhenDifferent } from "../kube/apply-when-different.ts";
import type { Kind, KubeObject } from "../kube/object.ts";
import type { CephCluster } from "../schema/ceph-cluster.ts";
import type { ChildKind, ChildObject } from "./child-kind.ts";
import type { ChildPass } from "./child-pass.ts";
import type { OperatorDependencies } from "./dependencies.ts";
import { type Dependents, sayDependents } from "./dependents.ts";
import { findCluster } from "./find-cluster.ts";
import { guarded } from "./guarded.ts";
import type { Holding } from "./managed-kind.ts";
import { blocked, recheckDelay, type StepOutcome, waiting } from "./outcome.ts";
import type { PassResult } from "./pass-result.ts";
import { reachCeph } from "./reach-ceph.ts";
import { whoIs } from "./report.ts";
import { sayProblems } from "./say-problems.ts";

/**
 * A pass over an object that lives in a Ceph cluster: finds the cluster and asks Ceph itself whether it answers, keeps a finalizer while there
 * is something in Ceph, and lets the kind make or remove it.
 */
export async function workOnChild<T extends ChildObject>(kind: ChildKind<T>, holding: Holding<T>): Promise<PassResult | "released"> {
  const { deps, object, signal } = holding;
  const { namespace = "", deletionTimestamp } = object.metadata;
  const isDeleting = deletionTimestamp !== undefined;
  const stop = (outcome: StepOutcome<string>): PassResult => ({
    outcomes: [outcome],
    ...(isDeleting ? { deletion: { state: "going" } } : {}),
  });

  const cluster = await findCluster(deps.kube, namespace);
  if (cluster === "none" || cluster === "doomed") {
    // the cache may be late, and what is let go is never removed from Ceph
    if (isDeleting && typeof (await findCluster(deps.live, namespace)) === "string") return letGo(holding);
    return stop(withoutCluster(cluster, namespace));
  }
  const problems = isDeleting ? [] : kind.problems(object);
  if (problems.length > 0) return stop(blocked("InvalidSpec", sayProblems(problems)));

  const reached = await reachCeph(deps, namespace, signal);
  if (reached.state === "unreachable") return stop(waiting("CephUnreachable", reached.message, reached.recheckAfterMs));
  const guard = guarded(kind.kind, object, deps);
  const pass: ChildPass<T> = {
    ...passOver(object, cluster, { ...deps, kube: guard.kube }, signal),
    ceph: guard.ceph(reached.connection),
    status: reached.status,
    notes: [],
  };
  try {
    if (!isDeleting) {
      await holding.hold();
      const findings = await kind.reconcile(pass);
      return { ...findings, notes: pass.notes };
    }
    const dependents = await kind.dependents(pass);
    if (dependents.length > 0) return { ...heldUp(object, dependents, pass.now), notes: pass.notes };
    const outcome = await kind.remove(pass);
    return outcome.state === "done" ? await letGo(holding) : { ...stop(outcome), notes: pass.notes };
  } catch (error) {
    if (signal.aborted || !isCephError(error)) throw error;
    deps.log.warn("step failed", { kind: kind.kind.kind, namespace, name: pass.name, error });
    const failed = error.unanswered ? waiting("CephUnreachable", error.message, 5000) : blocked("StepFailed", error.message, 10_000);
    return { ...stop(failed), notes: pass.notes };
  }
}

async function letGo<T extends ChildObject>({ object, release }: Holding<T>): Promise<"released"> {
  await release(object);
  return "released";
}

function withoutCluster(cluster: "none" | "doomed", namespace: string): StepOutcome<string> {
  return cluster === "none"
    ? waiting("ClusterMissing", `There is no CephCluster in namespace ${namespace}`)
    : waiting("ClusterDeleting", `The CephCluster in namespace ${namespace} is being deleted with all its data, and waits for this`);
}

/** What uses the object has to go first; no watch tells of what is in Ceph. */
function heldUp(object: ChildObject, dependents: readonly Dependents[], now: number): PassResult {
  const message = `${whoIs(object)} will not be deleted until all dependents are removed: ${dependents.map(sayDependents).join(", ")}`;
  return {
    outcomes: [],
    deletion: { state: "blocked", reason: "ObjectHasDependents", message },
    rechecks: [recheckDelay(Date.parse(object.metadata.deletionTimestamp ?? ""), now)],
  };
}

function passOver<T extends ChildObject>(object: T, cluster: CephCluster, deps: OperatorDependencies, signal: AbortSignal) {
  const { namespace = "", name = "" } = object.metadata;
  return {
    deps,
    signal,
    now: deps.clock.now(),
    object,
    namespace,
    name,
    owner: { ...ownerReference(object), controller: true, blockOwnerDeletion: true },
    cluster,
    apply: async <O extends KubeObject>(kind: Kind<O>, wanted: O) => {
      const { object: now, changed } = await applyWhenDifferent(deps.kube, kind, wanted, { fieldManager });
      if (changed) deps.log.info("applied", { kind: kind.kind, name: wanted.metadata.name });
      return now;
    },
  };
}
