import type { EventNote } from "../runtime/event-recorder.ts";
import type { ChildKind, ChildObject, ChildStatus } from "./child-kind.ts";
import type { ChildResult } from "./child-result.ts";
import { childStatusOf, sameStatus } from "./child-status.ts";
import type { OperatorDependencies } from "./dependencies.ts";
import { keptFields } from "./kept-fields.ts";
import { patchStatus } from "./patch-status.ts";

/** Tells what a pass found: the status, where it tells something new, and events with it. */
export async function tellChild<T extends ChildObject>(
  kind: ChildKind<T>,
  deps: OperatorDependencies,
  object: T,
  result: ChildResult<NonNullable<T["status"]>>,
  notes: readonly EventNote[],
): Promise<void> {
  const { namespace = "", name = "", generation = 0 } = object.metadata;
  const withoutEffect = kind.withoutEffect(object);
  const remarks = [
    ...result.remarks,
    ...(withoutEffect.length === 0 ? [] : [`not yet supported and without effect: ${withoutEffect.slice(0, 10).join(", ")}`]),
  ];
  const common = childStatusOf(
    {
      outcomes: result.outcomes,
      remarks,
      deletion: result.deletion,
      deletionCondition: kind.deletionCondition,
      generation,
      now: deps.clock.now(),
      who: `${kind.kind.kind} "${namespace}/${name}"`,
    },
    object.status,
  );
  // a pass that could not look leaves what an earlier one found: it is told again, not used
  const kept = Object.fromEntries(Object.entries(object.status ?? {}).filter(([field]) => keptFields.includes(field)));
  const wanted = { ...kept, ...(result.status ?? object.status), ...common };
  if (sameStatus(object.status, wanted)) return;
  const ready = common.conditions?.find((c) => c.type === "Ready");
  deps.log.info(ready?.message ?? "", { kind: kind.kind.kind, namespace, name, ready: ready?.status, reason: ready?.reason });
  if (!(await patchStatus(deps, kind.kind, object, wanted))) return;
  for (const note of notes) deps.events.record(object, note);
  for (const note of eventsOf(result, withoutEffect, object.status, ready?.message ?? "")) deps.events.record(object, note);
}

/** Events on edges: what the status now says and did not say before. */
function eventsOf<S>(
  { outcomes, deletion }: ChildResult<S>,
  withoutEffect: readonly string[],
  old: ChildStatus | undefined,
  message: string,
): EventNote[] {
  const wasReady = old?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
  const isReady = deletion === undefined && outcomes.every(({ state }) => state === "done");
  const notes: EventNote[] = [];
  if (withoutEffect.length > 0)
    notes.push({
      type: "Warning",
      reason: "NotYetSupported",
      message: `These fields of the spec are not yet supported and have no effect: ${withoutEffect.join(", ")}`,
    });
  if (isReady && !wasReady) notes.push({ type: "Normal", reason: "ReconcileSucceeded", message });
  if (deletion !== undefined && deletion.dependents.length > 0) notes.push({ type: "Warning", reason: "ObjectHasDependents", message });
  if (outcomes.some(({ state }) => state === "blocked")) notes.push({ type: "Warning", reason: "ReconcileFailed", message });
  return notes;
}
