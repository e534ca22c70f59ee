import type { Meanings } from "../../resource/meanings.ts";

/** Reasons of a CephFilesystemSubVolumeGroup's conditions, beside those of every kind. */
export const groupReasons = {
  FilesystemMissing: {
    meaning: "there is no file system of the name `filesystemName` in Ceph",
    helps: "create a CephFilesystem of that name; the group is made as soon as it is served",
  },
  FilesystemNotServed: {
    meaning: "groups cannot be looked at or made now: no MDS serves the file system, or the mgr's module volumes does not answer",
    helps: "`kubectl describe cephfilesystem` says what the file system waits for; this goes on by itself then",
  },
  MakingGroup: {
    meaning: "the group is being made, for the first time or anew, or is about to be spread over MDSs in another way",
    helps: "–",
  },
  GroupTaken: {
    meaning: "an older CephFilesystemSubVolumeGroup is about the same group, which would change for ever between what the two ask for",
    helps: "delete one of the two; the group stays as long as the other is there",
  },
  GroupConflict: {
    meaning: "the group is there with its files in another pool than `dataPoolName`, which Ceph cannot change",
    helps: "set `dataPoolName` to the pool that the message names, or make a group of another name",
  },
  GroupRefused: {
    meaning: "Ceph refuses what the spec asks for, such as a quota below what the group holds, or a pool that is not the file system's",
    helps: "the message has Ceph's words; correct the spec",
  },
} as const satisfies Meanings;

export type GroupReason = keyof typeof groupReasons;
