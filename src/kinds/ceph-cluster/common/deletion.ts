import type { Outcome } from "./outcome.ts";
import type { ClusterEvent, DeletionReason } from "./reasons.ts";

/** How far the deletion of a CephCluster is. */
export type Deletion =
  /** Something still needs it, or the operator cannot say whether something does: it is kept alive until that is gone. */
  | {
      readonly state: "blocked";
      readonly reason: Extract<DeletionReason, "ObjectHasDependents" | "VolumesExist" | "DependentsUnknown">;
      readonly message: string;
    }
  /** Its daemons and, where its owner has confirmed that, its data are being taken away. */
  | { readonly state: "going"; readonly outcome: Outcome; readonly notes?: readonly ClusterEvent[] }
  /** Not even known whether its end has begun: nothing is done. */
  | { readonly state: "unknown"; readonly outcome: Outcome }
  /** It was let go: Kubernetes removes it, and all that it owns. */
  | { readonly state: "released" };
