import type { ChildKind, ChildObject } from "./child-kind.ts";
import type { StatusTraits } from "./managed-kind.ts";

/** How a kind that lives in a Ceph cluster tells what all kinds tell. */
export function childTraits<T extends ChildObject>({ deletionCondition }: ChildKind<T>): StatusTraits<T> {
  const ofDeletion = [
    { type: "DeletionIsBlocked", blocked: "ObjectHasDependents", free: "ObjectHasNoDependents" },
    ...(deletionCondition === undefined ? [] : [deletionCondition]),
  ];
  return {
    done: { reason: "ReconcileSucceeded", message: "Everything is as the spec asks" },
    unsaid: (who, isDeleting) =>
      isDeleting ? { reason: "Deleting", message: `Removing ${who}` } : { reason: "CephUnreachable", message: "Configuring" },
    blockedPhase: "Failure",
    deletionConditions: (who, deletion) =>
      ofDeletion.map(({ type, blocked, free }) =>
        deletion.state === "blocked"
          ? { type, status: "True", reason: blocked, message: deletion.message }
          : { type, status: "False", reason: free, message: `Nothing uses ${who} any more` },
      ),
  };
}
