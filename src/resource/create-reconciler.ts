import { doNotReconcileLabel } from "../daemons/labels.ts";
import { isKubeError } from "../kube/kube-error.ts";
import type { Reconciler, Request, Result } from "../runtime/reconciler.ts";
import type { OperatorDependencies } from "./dependencies.ts";
import { hasFinalizer, heldByOthers, withFinalizer, withoutFinalizer } from "./finalizer.ts";
import { ObjectGoneError } from "./guarded.ts";
import type { Holding, ManagedKind, ManagedObject, Worked } from "./managed-kind.ts";
import { waiting } from "./outcome.ts";
import type { PassResult } from "./pass-result.ts";
import { report } from "./report.ts";
import { tellNotReconciled } from "./tell-not-reconciled.ts";

/**
 * The reconciler of a kind: what is the same for every kind. It leaves an object alone where a user wants that, lets the kind work, and tells
 * what it found in conditions and events. It keeps nothing between passes, and decides nothing by a status.
 */
export function createReconciler<T extends ManagedObject>(kind: ManagedKind<T>, deps: OperatorDependencies): Reconciler {
  return {
    async reconcile(request, signal) {
      const object = await deps.kube.get(kind.kind, request);
      if (object === undefined) {
        await kind.gone?.(deps, request);
        return {};
      }
      if (object.metadata.labels?.[doNotReconcileLabel] !== undefined) {
        await tellNotReconciled(deps, kind.kind, object, kind.traits.messageFields);
        return {};
      }
      try {
        const result = await work(kind, holdingOf(kind, deps, object, { request, signal }));
        if (result === "released" || result === undefined) return {};
        await report(kind, deps, result.latest ?? object, result);
        return again(result);
      } catch (error) {
        // the watch tells the rest
        if (error instanceof ObjectGoneError) return {};
        throw error;
      }
    },
  };
}

/** The kind's own work; nothing for an object that only others still hold. */
async function work<T extends ManagedObject>(kind: ManagedKind<T>, holding: Holding<T>): Promise<Worked<T>> {
  const { object } = holding;
  if (object.metadata.deletionTimestamp === undefined || hasFinalizer(kind.kind, object)) return kind.work(holding);
  const message = heldByOthers(kind.kind, object);
  return message === undefined ? undefined : { outcomes: [waiting("Deleting", message)], deletion: { state: "going" } };
}

function holdingOf<T extends ManagedObject>(
  { kind }: ManagedKind<T>,
  deps: OperatorDependencies,
  object: T,
  { request: key, signal }: { readonly request: Request; readonly signal: AbortSignal },
): Holding<T> {
  return {
    deps,
    object,
    signal,
    hold: async () => (hasFinalizer(kind, object) ? object : deps.kube.mergePatch(kind, key, withFinalizer(kind, object))),
    asItIsNow: async () => {
      const now = await deps.live.get(kind, key);
      return now !== undefined && now.metadata.uid === object.metadata.uid && hasFinalizer(kind, now) ? now : undefined;
    },
    release: async (latest) => {
      try {
        await deps.kube.mergePatch(kind, key, withoutFinalizer(kind, latest));
        deps.log.info("removed", { kind: kind.kind, ...key });
      } catch (error) {
        if (!isKubeError(error, "notFound")) throw error;
      }
    },
  };
}

function again({ outcomes, rechecks = [] }: PassResult): Result {
  const delays = outcomes.flatMap((o) => ("recheckAfterMs" in o && o.recheckAfterMs !== undefined ? [o.recheckAfterMs] : []));
  delays.push(...rechecks);
  return delays.length === 0 ? {} : { requeueAfterMs: Math.min(...delays) };
}
