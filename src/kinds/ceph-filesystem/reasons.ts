import { poolReasons } from "../../pools/reasons.ts";
import type { Meanings } from "../../resource/meanings.ts";

/** Reasons of a CephFilesystem's conditions, beside those of every kind. */
export const filesystemReasons = {
  WaitingForDaemons: {
    meaning: "the CephCluster's mons do not say which Ceph they run, so no MDS can be made yet",
    helps: "`kubectl describe cephcluster` says what the cluster waits for",
  },
  StartingMDSs: {
    meaning: "MDSs are being made, or one is not back; the message names it and its trouble",
    helps: "the message has what its Pod says",
  },
  UpdatingMDSs: {
    meaning: "MDSs are being changed, one at a time, those that stand by first; the message says what the next one waits for",
    helps: "what the message names",
  },
  ScalingMDSs: {
    meaning: "there are more or fewer ranks than asked for, and Ceph is on its way: a rank that goes hands over all it has first",
    helps: "–",
  },
  MakingCsiGroup: {
    meaning: "the group that CSI puts its volumes into is not there yet, since the mgr has not made it",
    helps: "–",
  },
  FilesystemRefused: {
    meaning: "Ceph refuses to make the file system, or to give it a pool; the message has Ceph's words",
    helps: "where a pool is not empty: give the pool another name, or remove it if nobody needs what it holds",
  },
  PoolTaken: {
    meaning: "a pool that the spec names is there and is something else's; it is not touched",
    helps: "name another pool",
  },
  FilesystemConflict: {
    meaning: "a file system of this name is there with other pools than the spec names first, which Ceph cannot change",
    helps: "set the spec back, or make a file system of another name and move the files",
  },
  FilesystemFailed: {
    meaning: "somebody has taken the file system from its MDSs (`ceph fs fail`, `ceph fs set <name> down true`); nothing of it is changed",
    helps: "`ceph fs set <name> joinable true`, or `… down false`, gives it back",
  },
  FilesystemDamaged: {
    meaning: "a rank is marked damaged: its metadata cannot be read",
    helps: "see Ceph's page on disaster recovery of CephFS; `ceph health detail` names what is damaged",
  },
  SubvolumesUnknown: {
    meaning:
      "it is to be deleted, and nobody can say whether there are subvolumes in it: no MDS serves it, somebody has taken it from them, or the mgr's module volumes does not answer",
    helps: 'what the message names; the annotation `rook.io/force-deletion: "true"` says that it may go with all it holds',
  },
  ...poolReasons,
} as const satisfies Meanings;

export type FilesystemReason = keyof typeof filesystemReasons;
