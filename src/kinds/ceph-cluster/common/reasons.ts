import type { EventNote } from "../../../runtime/event-recorder.ts";
/** Reasons of the conditions `Ready` and `Progressing`; docs/reference.md lists them with their meaning. */
export type ConditionReason =
  | "ClusterCreated"
  | "InvalidSpec"
  | "IdentityMissing"
  | "DetectingVersion"
  | "UnsupportedVersion"
  | "DowngradeRefused"
  | "UpgradeRefused"
  | "NotEnoughNodes"
  | "NodeDrained"
  | "StartingMons"
  | "UpdatingMons"
  | "ReplacingMon"
  | "RemovingMon"
  | "MonFailoverBlocked"
  | "CephUnreachable"
  | "ConfiguringCeph"
  | "StartingMgrs"
  | "UpdatingMgrs"
  | "PreparingOSDs"
  | "DevicesRefused"
  | "NoUsableDevices"
  | "StartingOSDs"
  | "UpdatingOSDs"
  | "StartingCrashCollectors"
  | "Deleting"
  | "NamespaceTaken"
  | "DataDirTaken"
  | "FormerClusterGoing"
  | "NotReconciled"
  | "StepFailed";

/** Every reason, for the test that compares them with the docs. */
export const conditionReasons: readonly ConditionReason[] = [
  "ClusterCreated",
  "InvalidSpec",
  "IdentityMissing",
  "DetectingVersion",
  "UnsupportedVersion",
  "DowngradeRefused",
  "UpgradeRefused",
  "NotEnoughNodes",
  "NodeDrained",
  "StartingMons",
  "UpdatingMons",
  "ReplacingMon",
  "RemovingMon",
  "MonFailoverBlocked",
  "CephUnreachable",
  "ConfiguringCeph",
  "StartingMgrs",
  "UpdatingMgrs",
  "PreparingOSDs",
  "DevicesRefused",
  "NoUsableDevices",
  "StartingOSDs",
  "UpdatingOSDs",
  "StartingCrashCollectors",
  "Deleting",
  "NamespaceTaken",
  "DataDirTaken",
  "FormerClusterGoing",
  "NotReconciled",
  "StepFailed",
];

/** Reasons of the conditions `Deleting` and `DeletionIsBlocked`; docs/reference.md lists them. */
export const deletionReasons = [
  "ClusterDeleting",
  "ObjectHasDependents",
  "ObjectHasNoDependents",
  "VolumesExist",
  "DependentsUnknown",
] as const;
export type DeletionReason = (typeof deletionReasons)[number];

/** Reasons of events on the CephCluster; docs/reference.md lists them. */
export const eventReasons = [
  "ReconcileSucceeded",
  "ReconcileFailed",
  "NotReconciled",
  "DeviceRefused",
  "MonAdded",
  "MonFailover",
  "MonRemoved",
  "EvenMonCount",
  "NotYetSupported",
  "InvalidSpec",
  "Deleting",
  "ObjectHasDependents",
  "VolumesExist",
  "DependentsUnknown",
  "CleanupSkipped",
  "CleanedUp",
] as const;

export type EventReason = (typeof eventReasons)[number];

/** An event about a CephCluster. */
export interface ClusterEvent extends EventNote {
  readonly reason: EventReason;
}
