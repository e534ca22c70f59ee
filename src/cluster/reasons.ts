/** Reasons of the conditions `Ready` and `Progressing`; docs/reference.md lists them with their meaning. */
export type ConditionReason =
  | "ClusterCreated"
  | "InvalidSpec"
  | "IdentityMissing"
  | "DetectingVersion"
  | "UnsupportedVersion"
  | "NotEnoughNodes"
  | "StartingMons"
  | "MonCountChange"
  | "CephUnreachable"
  | "ConfiguringCeph"
  | "StartingMgrs"
  | "PreparingOSDs"
  | "DevicesRefused"
  | "NoUsableDevices"
  | "StartingOSDs"
  | "StartingCrashCollectors"
  | "ReconcileSkipped"
  | "StepFailed";

/** Every reason, for the test that compares them with the docs. */
export const conditionReasons: readonly ConditionReason[] = [
  "ClusterCreated",
  "InvalidSpec",
  "IdentityMissing",
  "DetectingVersion",
  "UnsupportedVersion",
  "NotEnoughNodes",
  "StartingMons",
  "MonCountChange",
  "CephUnreachable",
  "ConfiguringCeph",
  "StartingMgrs",
  "PreparingOSDs",
  "DevicesRefused",
  "NoUsableDevices",
  "StartingOSDs",
  "StartingCrashCollectors",
  "ReconcileSkipped",
  "StepFailed",
];

/** Reasons of events on the CephCluster; docs/reference.md lists them. */
export const eventReasons = [
  "ReconcileSucceeded",
  "ReconcileFailed",
  "ReconcileSkipped",
  "DeviceRefused",
  "NotYetSupported",
  "InvalidSpec",
] as const;
export type EventReason = (typeof eventReasons)[number];
