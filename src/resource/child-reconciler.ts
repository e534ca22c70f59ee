import { isCephError } from "../ceph/ceph-error.ts";
import { doNotReconcileLabel } from "../daemons/labels.ts";
import { fieldManager } from "../daemons/names.ts";
import { ownerReference } from "../daemons/pod/metadata.ts";
import { applyWhenDifferent } from "../kube/apply-when-different.ts";
import { isKubeError } from "../kube/kube-error.ts";
import type { Kind, KubeObject } from "../kube/object.ts";
import type { Reconciler, Result } from "../runtime/reconciler.ts";
import type { CephCluster } from "../schema/ceph-cluster.ts";
import type { ChildKind, ChildObject } from "./child-kind.ts";
import type { ChildPass } from "./child-pass.ts";
import type { ChildResult } from "./child-result.ts";
import type { OperatorDependencies } from "./dependencies.ts";
import { hasFinalizer, heldByOthers, withFinalizer, withoutFinalizer } from "./finalizer.ts";
import { findCluster } from "./find-cluster.ts";
import { guarded, ObjectGoneError } from "./guarded.ts";
import { blocked, recheckDelay, type StepOutcome, waiting } from "./outcome.ts";
import { reachCeph } from "./reach-ceph.ts";
import { sayProblems } from "./say-problems.ts";
import { tellChild } from "./tell-child.ts";
import { tellNotReconciled } from "./tell-not-reconciled.ts";

/**
 * The reconciler of a kind that lives in a Ceph cluster: finds the cluster and asks Ceph itself whether it answers, keeps a finalizer while
 * there is something in Ceph, lets the kind make or remove it, and tells the outcome in conditions. It keeps nothing between passes, and
 * reads nothing from any status.
 */
export function createChildReconciler<T extends ChildObject>(kind: ChildKind<T>, deps: OperatorDependencies): Reconciler {
  return {
    async reconcile(request, signal) {
      const object = await deps.kube.get(kind.kind, request);
      if (object === undefined) return {};
      const isDeleting = object.metadata.deletionTimestamp !== undefined;
      if (isDeleting && !hasFinalizer(kind.kind, object)) {
        const message = heldByOthers(kind.kind, object);
        if (message !== undefined) await tellChild(kind, deps, object, going(waiting("Deleting", message)), []);
        return {};
      }
      if (object.metadata.labels?.[doNotReconcileLabel] !== undefined) {
        await tellNotReconciled(deps, kind.kind, object);
        return {};
      }
      try {
        const notes: ChildPass<T>["notes"] = [];
        const result = await work(kind, deps, object, notes, signal);
        if (result === "released") return {};
        await tellChild(kind, deps, object, result, notes);
        return again(result, object, deps.clock.now());
      } catch (error) {
        // the watch tells the rest
        if (error instanceof ObjectGoneError) return {};
        throw error;
      }
    },
  };
}

/** Nothing uses it any more, and it is on its way. */
const going = (outcome: StepOutcome<string>) => ({ outcomes: [outcome], status: undefined, remarks: [], deletion: { dependents: [] } });

type PassResult<T extends ChildObject> = ChildResult<NonNullable<T["status"]>>;

/** The pass itself; `released` where the object was let go. */
async function work<T extends ChildObject>(
  kind: ChildKind<T>,
  deps: OperatorDependencies,
  object: T,
  notes: ChildPass<T>["notes"],
  signal: AbortSignal,
): Promise<PassResult<T> | "released"> {
  const { namespace = "" } = object.metadata;
  const isDeleting = object.metadata.deletionTimestamp !== undefined;
  const stop = (outcome: StepOutcome<string>): PassResult<T> => ({ ...going(outcome), ...(isDeleting ? {} : { deletion: undefined }) });

  const cluster = await findCluster(deps.kube, namespace);
  if (cluster === "none" || cluster === "doomed") {
    // the cache may be late, and what is let go is never removed from Ceph
    if (isDeleting && typeof (await findCluster(deps.live, namespace)) === "string") {
      await release(kind, deps, object);
      return "released";
    }
    return stop(
      cluster === "none"
        ? waiting("ClusterMissing", `There is no CephCluster in namespace ${namespace}`)
        : waiting("ClusterDeleting", `The CephCluster in namespace ${namespace} is being deleted with all its data, and waits for this`),
    );
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
    notes,
  };
  try {
    if (!isDeleting) {
      if (!hasFinalizer(kind.kind, object)) await deps.kube.mergePatch(kind.kind, keyOf(object), withFinalizer(kind.kind, object));
      const findings = await kind.reconcile(pass);
      return { outcomes: findings.outcomes, status: findings.status, remarks: findings.remarks ?? [], deletion: undefined };
    }
    const dependents = await kind.dependents(pass);
    if (dependents.length > 0) return { outcomes: [], status: undefined, remarks: [], deletion: { dependents } };
    const outcome = await kind.remove(pass);
    if (outcome.state !== "done") return stop(outcome);
    await release(kind, deps, object);
    return "released";
  } catch (error) {
    if (signal.aborted || !isCephError(error)) throw error;
    deps.log.warn("step failed", { kind: kind.kind.kind, ...keyOf(object), error });
    return stop(error.unanswered ? waiting("CephUnreachable", error.message, 5000) : blocked("StepFailed", error.message, 10_000));
  }
}

function passOver<T extends ChildObject>(object: T, cluster: CephCluster, deps: OperatorDependencies, signal: AbortSignal) {
  return {
    deps,
    signal,
    now: deps.clock.now(),
    object,
    ...keyOf(object),
    owner: { ...ownerReference(object), controller: true, blockOwnerDeletion: true },
    cluster,
    apply: async <O extends KubeObject>(kind: Kind<O>, wanted: O) => {
      const { object: now, changed } = await applyWhenDifferent(deps.kube, kind, wanted, { fieldManager });
      if (changed) deps.log.info("applied", { kind: kind.kind, name: wanted.metadata.name });
      return now;
    },
  };
}

/** Lets the object go: the API server removes it when nobody else holds it. */
async function release<T extends ChildObject>(kind: ChildKind<T>, deps: OperatorDependencies, object: T): Promise<void> {
  try {
    await deps.kube.mergePatch(kind.kind, keyOf(object), withoutFinalizer(kind.kind, object));
    deps.log.info("removed", { kind: kind.kind.kind, ...keyOf(object) });
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
}

function again<S>({ outcomes, deletion }: ChildResult<S>, { metadata }: KubeObject, now: number): Result {
  const delays = outcomes.flatMap((o) => ("recheckAfterMs" in o && o.recheckAfterMs !== undefined ? [o.recheckAfterMs] : []));
  // no watch tells of what is in Ceph
  if (deletion !== undefined && deletion.dependents.length > 0)
    delays.push(recheckDelay(Date.parse(metadata.deletionTimestamp ?? ""), now));
  return delays.length === 0 ? {} : { requeueAfterMs: Math.min(...delays) };
}

const keyOf = ({ metadata: { namespace = "", name = "" } }: KubeObject) => ({ namespace, name });
