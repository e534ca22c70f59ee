import type { EventMeanings, Meanings } from "../../../resource/meanings.ts";
import type { EventNote } from "../../../runtime/event-recorder.ts";

/** Reasons of the conditions `Ready` and `Progressing`. */
export const clusterReasons = {
  ClusterCreated: { meaning: "everything is as the spec asks", helps: "–" },
  InvalidSpec: {
    meaning: "a field of the spec cannot be; the message names the field, its value and what would be right",
    helps: "correct the field; nothing was changed meanwhile",
  },
  IdentityMissing: {
    meaning: "the Secret `rook-ceph-mon` is lost or damaged while mons exist",
    helps: "restore the Secret: fsid and keys cannot be made again",
  },
  DetectingVersion: {
    meaning: "a Job asks the image which Ceph it holds",
    helps: "if the message names a Pod's trouble (image pull, scheduling), cure that",
  },
  UnsupportedVersion: {
    meaning: "the image holds a Ceph older than 18.2, or newer than 20.2 without `allowUnsupported`",
    helps: "choose another image",
  },
  DowngradeRefused: {
    meaning: "the image holds a Ceph older than what runs; nothing is touched, and the cluster goes on at what it runs",
    helps: "set the image back; within one release `allowUnsupported` tries it all the same",
  },
  UpgradeRefused: {
    meaning:
      "the update is not begun: Ceph's health is HEALTH_ERR, it would skip more than one release, or Ceph still counts on OSDs of too old a release (`require_osd_release`)",
    helps: "mend what the message names, or update in two steps",
  },
  NotEnoughNodes: {
    meaning: "fewer nodes can take a mon than `mon.count`; the message says why each other one cannot",
    helps: "add nodes, lower `mon.count`, or set `mon.allowMultiplePerNode`",
  },
  NodeDrained: {
    meaning: "a node is cordoned, and daemons that cannot run elsewhere are away",
    helps:
      "finish the work and `kubectl uncordon` it; the message says what is down since when, and until when the data stays where it is ([failure modes](failure-modes.md#drained-nodes))",
  },
  StartingMons: {
    meaning: "not every mon is in quorum, or one more is joining",
    helps: "the message names the mon, its node and its obstacle, and when it is replaced unless it comes back",
  },
  UpdatingMons: {
    meaning: "mons are being changed, one by one: by another image, or by another template of their Pods",
    helps: "the message says how far it is, which mon is next and what it waits for",
  },
  ReplacingMon: {
    meaning: "a mon is lost ([mons](design/0003-mons.md)); a new one is joining in its place",
    helps: "nothing, unless the message names an obstacle of the new one",
  },
  RemovingMon: {
    meaning: "there is a mon too many, and it is leaving",
    helps: "nothing; if it waits, the message names the mon that has to be in quorum first",
  },
  MonFailoverBlocked: {
    meaning: "a mon is lost, but no node can take a new one, or no majority of mons is left",
    helps:
      "the message says why no node can; without a majority, bring mons back or restore the quorum ([failure modes](failure-modes.md))",
  },
  CephUnreachable: { meaning: "a lost key can only come back from Ceph, and the mons do not answer", helps: "bring the mons back" },
  ConfiguringCeph: {
    meaning: "Ceph refuses a value of `cephConfig`, or the image lacks a mgr module",
    helps: "correct the value the message names",
  },
  StartingMgrs: { meaning: "not every mgr runs, or a module is loading", helps: "the message names the mgr and its obstacle" },
  UpdatingMgrs: { meaning: "mgrs are being changed, one by one, the active one last", helps: "as for UpdatingMons" },
  PreparingOSDs: { meaning: "a Job looks at a node's devices", helps: "if it failed, the message says why; it is tried again after 30 s" },
  DevicesRefused: {
    meaning: "a device or node that the spec names cannot be used",
    helps:
      "the message says why for each; a device is looked at again after 10 minutes, or at once when its Job `rook-ceph-osd-prepare-<node>` is deleted",
  },
  NoUsableDevices: { meaning: "the selection found no device that is empty", helps: "the message says why for each" },
  StartingOSDs: { meaning: "not every OSD is up and in", helps: "the message names the OSD, its node and its obstacle" },
  UpdatingOSDs: {
    meaning: "OSDs are being changed, in batches of one failure domain",
    helps: "the message says how far it is, and names the OSD that waits, and the pool or the PGs behind it",
  },
  StartingCrashCollectors: { meaning: "a crash collector does not run yet", helps: "the message names its trouble" },
  Deleting: {
    meaning: "the CephCluster is being deleted: its daemons and, where that is confirmed, its data are being taken away",
    helps: "the message names what it waits for",
  },
  NamespaceTaken: {
    meaning: "another CephCluster has the namespace; nothing was made for this one",
    helps: "create it in a namespace of its own",
  },
  DataDirTaken: {
    meaning: "another CephCluster has the same `dataDirHostPath`, or one that overlaps with it; nothing was made for this one",
    helps: "create it with another folder",
  },
  FormerClusterGoing: {
    meaning: "Kubernetes is still deleting the objects of an earlier CephCluster in this namespace",
    helps: "wait; if it lasts, remove the finalizer from the object that the message names",
  },
  NotReconciled: {
    meaning: "the label `ceph.rook.io/do-not-reconcile` is set; `Ready` is Unknown, since the operator does not reconcile it",
    helps: "remove the label",
  },
  StepFailed: { meaning: "a step met an error it has no better word for; it is tried again", helps: "the message has the error" },
} as const satisfies Meanings;

export type ConditionReason = keyof typeof clusterReasons;

/** Reasons of the conditions `Deleting` and `DeletionIsBlocked`. */
export const deletionReasons = {
  ClusterDeleting: { meaning: "`Deleting=True`: a user has deleted it", helps: "–" },
  ObjectHasDependents: {
    meaning: "`DeletionIsBlocked=True`: other objects of ceph.rook.io in its namespace need it; the message names them with their number",
    helps: "delete them",
  },
  VolumesExist: {
    meaning: "`DeletionIsBlocked=True`: PersistentVolumes have their data in it; the message names them",
    helps: "delete them, or set `cleanupPolicy.allowUninstallWithVolumes`",
  },
  DependentsUnknown: {
    meaning:
      "`DeletionIsBlocked=True`, or `Unknown`: the API server does not say whether something needs it; Unknown: nor whether its clean-up has begun, and nothing is done until it does",
    helps: "see its words: often permissions that are older than the operator (manifests/common.yaml)",
  },
  ObjectHasNoDependents: { meaning: "`DeletionIsBlocked=False`: nothing needs it any more", helps: "–" },
} as const satisfies Meanings;

export type DeletionReason = keyof typeof deletionReasons;

/** Reasons of events on the CephCluster. */
export const clusterEvents = {
  ReconcileSucceeded: { type: "Normal", meaning: "`Ready` became true", helps: "–" },
  ReconcileFailed: { type: "Warning", meaning: "something holds the cluster up that a user has to mend", helps: "–" },
  NotReconciled: { type: "Normal", meaning: "the label `ceph.rook.io/do-not-reconcile` is set", helps: "–" },
  DeviceRefused: { type: "Warning", meaning: "a device was not used; says which and why", helps: "–" },
  MonAdded: { type: "Normal", meaning: "a mon was added, since `mon.count` asks for more", helps: "–" },
  MonFailover: { type: "Warning", meaning: "a mon is lost; says since when, and which new one takes its place", helps: "–" },
  MonRemoved: { type: "Normal", meaning: "a mon has left the monmap", helps: "–" },
  EvenMonCount: { type: "Warning", meaning: "`mon.count` is even, which survives the loss of no more mons than one less does", helps: "–" },
  NotYetSupported: { type: "Warning", meaning: "the spec sets fields that have no effect yet; names them", helps: "–" },
  InvalidSpec: { type: "Warning", meaning: "a field of the spec cannot be", helps: "–" },
  Deleting: { type: "Normal", meaning: "nothing blocks its deletion any more", helps: "–" },
  ObjectHasDependents: { type: "Warning", meaning: "its deletion waits for the objects that the message names", helps: "–" },
  VolumesExist: { type: "Warning", meaning: "its deletion waits for the volumes that the message names", helps: "–" },
  DependentsUnknown: { type: "Warning", meaning: "its deletion waits, since it could not be read what needs it", helps: "–" },
  CleanupSkipped: { type: "Warning", meaning: "a node that is no more could not be cleaned", helps: "–" },
  CleanedUp: {
    type: "Normal",
    meaning: "a node was cleaned, with the devices that were wiped and the folders that were removed; one for each node, when all are done",
    helps: "–",
  },
} as const satisfies EventMeanings;

export type EventReason = keyof typeof clusterEvents;

/** An event about a CephCluster. */
export interface ClusterEvent extends EventNote {
  readonly reason: EventReason;
}
