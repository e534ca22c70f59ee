import { isDeepStrictEqual } from "node:util";
import { type Condition, setCondition } from "../runtime/conditions.ts";
import type { ChildStatus, DeletionCondition } from "./child-kind.ts";
import { type Dependents, sayDependents } from "./dependents.ts";
import type { StepOutcome } from "./outcome.ts";

/** What a pass has to tell. */
export interface ChildSummary {
  readonly outcomes: readonly StepOutcome<string>[];
  readonly remarks: readonly string[];
  /** While it is being deleted: what it waits for. */
  readonly deletion: { readonly dependents: readonly Dependents[] } | undefined;
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Told beside `DeletionIsBlocked`. */
  readonly deletionCondition?: DeletionCondition | undefined;
  /** `CephBlockPool "rook-ceph/replicated"`, for the sentence about what uses it. */
  readonly who: string;
}

const deletionIsBlocked: Readonly<DeletionCondition> = {
  type: "DeletionIsBlocked",
  blocked: "ObjectHasDependents",
  free: "ObjectHasNoDependents",
};

/** The limit that keeps a status readable; Kubernetes' own is 32,768. */
const longest = 1024;

/** The conditions and the phase that say what a pass found. Only the times in `old` are carried over. */
export function childStatusOf(summary: ChildSummary, old: ChildStatus | undefined): Required<ChildStatus> {
  const { generation: observedGeneration, now, deletion } = summary;
  const { phase, reason, message, isReady, isProgressing } = verdictOf(summary);
  const deletionConditions =
    deletion === undefined ? [] : [deletionIsBlocked, ...(summary.deletionCondition === undefined ? [] : [summary.deletionCondition])];
  const wanted: Omit<Condition, "lastTransitionTime">[] = [
    { type: "Progressing", status: isProgressing ? "True" : "False", reason, message, observedGeneration },
    { type: "Ready", status: isReady ? "True" : "False", reason, message, observedGeneration },
    ...deletionConditions.map(({ type, blocked, free }) => {
      const isBlocked = (deletion?.dependents.length ?? 0) > 0;
      return {
        type,
        status: isBlocked ? ("True" as const) : ("False" as const),
        reason: isBlocked ? blocked : free,
        message: isBlocked ? message : `Nothing uses ${summary.who} any more`,
        observedGeneration,
      };
    }),
  ];
  let conditions = (old?.conditions ?? []).filter((c) => wanted.some(({ type }) => type === c.type));
  for (const condition of wanted) conditions = setCondition(conditions, condition, now);
  return { phase, observedGeneration, conditions };
}

function verdictOf({ outcomes, remarks, deletion, who }: ChildSummary): {
  phase: "Ready" | "Progressing" | "Failure" | "Deleting";
  reason: string;
  message: string;
  isReady: boolean;
  isProgressing: boolean;
} {
  if (deletion !== undefined && deletion.dependents.length > 0)
    return {
      phase: "Deleting",
      reason: "ObjectHasDependents",
      message: cut(`${who} will not be deleted until all dependents are removed: ${deletion.dependents.map(sayDependents).join(", ")}`),
      isReady: false,
      isProgressing: false,
    };
  const open = outcomes.filter((o) => o.state === "waiting" || o.state === "blocked");
  const [first] = open;
  const sentences = [...new Set(open.map(({ message }) => message))].join("; ");
  if (deletion !== undefined)
    return {
      phase: "Deleting",
      reason: first?.reason ?? "Deleting",
      message: cut(sentences || `Removing ${who}`),
      isReady: false,
      isProgressing: true,
    };
  if (first === undefined && outcomes.every(({ state }) => state === "done"))
    return {
      phase: "Ready",
      reason: "ReconcileSucceeded",
      message: cut(["Everything is as the spec asks", ...remarks].join("; ")),
      isReady: true,
      isProgressing: false,
    };
  const isBlocked = open.some(({ state }) => state === "blocked");
  return {
    phase: isBlocked ? "Failure" : "Progressing",
    reason: first?.reason ?? "CephUnreachable",
    message: cut(sentences || "Configuring"),
    isReady: false,
    isProgressing: first === undefined || open.some(({ state }) => state === "waiting"),
  };
}

/** Whether two statuses tell a reader the same. */
export function sameStatus(left: object | undefined, right: object): boolean {
  return left !== undefined && isDeepStrictEqual(JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right)));
}

const cut = (text: string) => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);
