import type { EventMeanings, Meanings } from "./meanings.ts";

/** Reasons that the conditions of every kind in a Ceph cluster may have. */
export const commonReasons = {
  ReconcileSucceeded: { meaning: "everything is as the spec asks", helps: "–" },
  InvalidSpec: {
    meaning: "a field of the spec cannot be; the message names the field, its value and what would be right",
    helps: "correct the field; nothing was changed meanwhile",
  },
  ClusterMissing: {
    meaning: "there is no CephCluster in the namespace",
    helps: "create one, or create the object where the CephCluster is",
  },
  ClusterDeleting: {
    meaning:
      "the CephCluster is being deleted with all its data (`cleanupPolicy.confirmation`), and nothing more is done for what lives in it",
    helps: "delete the object, which goes at once; or take the confirmation away",
  },
  CephUnreachable: {
    meaning: "the Ceph cluster does not answer: it has no mons yet, or no quorum",
    helps: "`kubectl describe cephcluster` says what the cluster waits for; this goes on by itself then",
  },
  StepFailed: { meaning: "Ceph or Kubernetes refused something; it is tried again", helps: "the message has their words" },
  Deleting: { meaning: "it is being removed from Ceph", helps: "–" },
  ObjectHasDependents: { meaning: "it is to be deleted, but something still uses it", helps: "delete what the message names" },
  ObjectHasNoDependents: { meaning: "nothing uses it any more", helps: "–" },
  NotReconciled: {
    meaning: "the label `ceph.rook.io/do-not-reconcile` is set; `Ready` is Unknown, since the operator does not reconcile it",
    helps: "remove the label",
  },
} as const satisfies Meanings;

export type CommonReason = keyof typeof commonReasons;

/** Reasons of the events of every kind in a Ceph cluster. */
export const commonEvents = {
  ReconcileSucceeded: { type: "Normal", meaning: "`Ready` became true", helps: "–" },
  ReconcileFailed: { type: "Warning", meaning: "something holds it up that a user has to mend", helps: "the message says what" },
  NotReconciled: { type: "Normal", meaning: "the label `ceph.rook.io/do-not-reconcile` is set", helps: "remove the label" },
  NotYetSupported: { type: "Warning", meaning: "the spec sets fields that have no effect yet; names them", helps: "–" },
  ObjectHasDependents: { type: "Warning", meaning: "its deletion waits for what still uses it", helps: "delete what the message names" },
} as const satisfies EventMeanings;
