import type { SpecProblem } from "../../resource/child-kind.ts";
import { type CephFilesystemSubVolumeGroup, groupNameOf, quotaOf } from "./subvolume-group.ts";

/** Folders beside the groups that Ceph's module volumes keeps for itself: https://docs.ceph.com/en/latest/cephfs/fs-volumes/ */
const reserved: readonly string[] = ["_nogroup", "_legacy", "_deleting", "_index"];

/** What the schema cannot tell of a CephFilesystemSubVolumeGroup, and what would be right. */
export function groupProblems(group: CephFilesystemSubVolumeGroup): SpecProblem[] {
  const { filesystemName, quota } = group.spec;
  const name = groupNameOf(group);
  const bytes = quotaOf(group);
  return [
    ...(filesystemName === ""
      ? [{ field: "filesystemName", value: filesystemName, message: "name the CephFilesystem that it is in" }]
      : []),
    ...(reserved.includes(name) || name.includes("/")
      ? [{ field: "name", value: name, message: "Ceph keeps this name for itself, or it has a slash; choose another" }]
      : []),
    ...(quota !== undefined && (bytes === "infinite" || bytes < 1)
      ? [{ field: "quota", value: quota, message: "it must be at least one byte; leave it out for a group without a quota" }]
      : []),
  ];
}
