import type { StatusTraits } from "../../resource/managed-kind.ts";
import type { DeletionState } from "../../resource/pass-result.ts";
import type { Condition } from "../../runtime/conditions.ts";
import type { CephCluster } from "../../schema/ceph-cluster.ts";
import type { ConditionReason, DeletionReason, EventReason } from "./common/reasons.ts";
import { stateOf, tellsTheSame } from "./status.ts";

interface Reason {
  readonly reason: ConditionReason;
  readonly message: string;
}

const done = { reason: "ClusterCreated", message: "Cluster created successfully" } as const satisfies Reason;
const unsaid = { reason: "StartingMons", message: "Configuring the Ceph cluster" } as const satisfies Reason;

/** How a CephCluster tells what all kinds tell. */
export const clusterTraits: Readonly<StatusTraits<CephCluster>> = {
  done,
  unsaid: () => unsaid,
  blockedPhase: "Progressing",
  deletionConditions: (who, deletion) => [
    { type: "Deleting", status: "True", ...because("ClusterDeleting", `${who} is being deleted`) },
    { type: "DeletionIsBlocked", ...blockedBy(who, deletion) },
  ],
  fieldsOf: stateOf,
  messageFields: ["message"],
  isSame: tellsTheSame,
  failureEvent: (reason): EventReason => (reason === "InvalidSpec" ? "InvalidSpec" : "ReconcileFailed"),
  tellsRemoval: true,
};

const because = (reason: DeletionReason, message: string) => ({ reason, message });

/** Whether something keeps it from being removed, in Rook's condition. */
function blockedBy(who: string, deletion: DeletionState): Pick<Condition, "status" | "reason" | "message"> {
  switch (deletion.state) {
    case "blocked":
      return { status: "True", reason: deletion.reason, message: deletion.message };
    case "going":
      return { status: "False", ...because("ObjectHasNoDependents", `Nothing needs ${who} any more`) };
    case "unknown":
      return { status: "Unknown", ...because("DependentsUnknown", `It could not be read how far the end of ${who} is`) };
  }
}
