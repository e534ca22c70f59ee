import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../kube/object.ts";
import { type ConditionUpdate, setCondition } from "../runtime/conditions.ts";
import type { EventNote } from "../runtime/event-recorder.ts";
import type { OperatorDependencies } from "./dependencies.ts";
import { keptFields } from "./kept-fields.ts";
import type { ManagedKind, ManagedObject, ManagedStatus } from "./managed-kind.ts";
import type { PassResult } from "./pass-result.ts";
import { patchStatus } from "./patch-status.ts";
import { cut, type Verdict, verdictOf } from "./verdict.ts";

/** Tells what a pass found: the status, where it tells something new, and events with it. */
export async function report<T extends ManagedObject>(
  kind: ManagedKind<T>,
  deps: OperatorDependencies,
  object: T,
  result: PassResult,
): Promise<void> {
  const { namespace = "", name = "" } = object.metadata;
  const unsupported = kind.withoutEffect(object);
  const told = { ...result, remarks: [...(result.remarks ?? []), ...sayUnsupported(unsupported)] };
  const verdict = verdictFor(kind, object, told);
  // a pass that could not look leaves what an earlier one found: it is told again, not used
  const kept = Object.fromEntries(Object.entries(object.status ?? {}).filter(([field]) => keptFields.includes(field)));
  const wanted = {
    ...kept,
    ...(result.status ?? object.status),
    ...kind.traits.fieldsOf?.(verdict, result.deletion),
    ...commonStatus(kind, object, told, { verdict, now: deps.clock.now() }),
  };
  if (tellsTheSame(kind, object.status, wanted as NonNullable<T["status"]>)) return;
  const { isReady, reason, message } = verdict;
  deps.log.info(message, { kind: kind.kind.kind, namespace, name, ready: isReady ? "True" : "False", reason });
  if (!(await patchStatus(deps, kind.kind, object, wanted))) return;
  for (const note of result.notes ?? []) deps.events.record(object, note);
  const [field] = kind.traits.messageFields ?? [];
  const said = field === undefined ? verdict.message : String((wanted as Readonly<Record<string, unknown>>)[field]);
  for (const note of eventsOf(kind, object, { ...told, unsupported, verdict, said })) deps.events.record(object, note);
}

/** Fields of the spec that have no effect yet, in words; empty where there are none. */
function sayUnsupported(unsupported: readonly string[]): string[] {
  if (unsupported.length === 0) return [];
  const more = unsupported.length > 10 ? ` and ${unsupported.length - 10} more` : "";
  return [`not yet supported and without effect: ${unsupported.slice(0, 10).join(", ")}${more}`];
}

/** `CephBlockPool "rook-ceph/replicated"` */
export function whoIs({ kind, metadata: { namespace = "", name = "" } }: KubeObject): string {
  return `${kind} "${namespace}/${name}"`;
}

function verdictFor<T extends ManagedObject>({ traits }: ManagedKind<T>, object: T, result: PassResult): Verdict {
  const unsaid = traits.unsaid(whoIs(object), result.deletion !== undefined);
  return verdictOf(result, { done: traits.done, unsaid });
}

/** The phase and the conditions, in which only the times of the old ones are carried over. */
function commonStatus<T extends ManagedObject>(
  { traits }: ManagedKind<T>,
  object: T,
  { deletion }: PassResult,
  { verdict, now }: { readonly verdict: Verdict; readonly now: number },
): ManagedStatus {
  const { isReady, isProgressing, isBlocked, reason, message } = verdict;
  const observedGeneration = object.metadata.generation ?? 0;
  const ofDeletion = deletion === undefined ? [] : traits.deletionConditions(whoIs(object), deletion);
  const wanted: ConditionUpdate[] = [
    { type: "Progressing", status: isProgressing ? "True" : "False", reason, message, observedGeneration },
    { type: "Ready", status: isReady ? "True" : "False", reason, message, observedGeneration },
    ...ofDeletion.map((condition) => ({ ...condition, message: cut(condition.message ?? ""), observedGeneration })),
  ];
  let conditions = (object.status?.conditions ?? []).filter((c) => wanted.some(({ type }) => type === c.type));
  for (const condition of wanted) conditions = setCondition(conditions, condition, now);
  const open = isBlocked ? traits.blockedPhase : "Progressing";
  return { phase: deletion !== undefined ? "Deleting" : isReady ? "Ready" : open, observedGeneration, conditions };
}

function tellsTheSame<T extends ManagedObject>(
  { traits }: ManagedKind<T>,
  old: T["status"] | undefined,
  wanted: NonNullable<T["status"]>,
): boolean {
  if (old === undefined) return false;
  if (traits.isSame !== undefined) return traits.isSame(old, wanted);
  return isDeepStrictEqual(JSON.parse(JSON.stringify(old)), JSON.parse(JSON.stringify(wanted)));
}

/** Events on edges: what the status now says and did not say before. */
function eventsOf<T extends ManagedObject>(
  { traits, ...kind }: ManagedKind<T>,
  object: T,
  told: PassResult & {
    readonly unsupported: readonly string[];
    readonly verdict: Verdict;
    /** The message of the status. */
    readonly said: string;
  },
): EventNote[] {
  const { deletion, unsupported, verdict, said } = told;
  const had = (type: string, status: string) => object.status?.conditions?.some((c) => c.type === type && c.status === status) === true;
  const { message: bare } = verdictFor({ traits, ...kind }, object, { ...told, asides: [] });
  const notes: EventNote[] = [];
  if (unsupported.length > 0)
    notes.push({
      type: "Warning",
      reason: "NotYetSupported",
      message: `These fields of the spec are not yet supported and have no effect: ${unsupported.join(", ")}`,
    });
  if (verdict.isReady && !had("Ready", "True")) notes.push({ type: "Normal", reason: "ReconcileSucceeded", message: said });
  if (deletion?.state === "blocked") notes.push({ type: "Warning", reason: deletion.reason, message: deletion.message });
  if (traits.tellsRemoval === true && deletion?.state === "going" && !had("DeletionIsBlocked", "False"))
    notes.push({ type: "Normal", reason: "Deleting", message: bare });
  if (verdict.isBlocked) notes.push({ type: "Warning", reason: traits.failureEvent?.(verdict.reason) ?? "ReconcileFailed", message: bare });
  return notes;
}
