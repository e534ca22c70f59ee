import { isCephError } from "../../ceph/ceph-error.ts";
import { filesystemIn, fsDump, isServed } from "../../ceph/commands/fs.ts";
import { type SubvolumeGroup, subvolumeGroup } from "../../ceph/commands/subvolume-groups.ts";
import type { ChildPass } from "../../resource/child-pass.ts";
import { type CephFilesystemSubVolumeGroup, groupNameOf } from "./subvolume-group.ts";

export type Pass = ChildPass<CephFilesystemSubVolumeGroup>;

/** What Ceph says of the group. */
export type View =
  /** There is no such file system. */
  | { readonly state: "missing" }
  /** Nobody can say, and nobody can change anything. */
  | { readonly state: "unserved"; readonly why: string }
  /** Undefined: the file system has no such group. */
  | { readonly state: "served"; readonly group: SubvolumeGroup | undefined };

/** Asks Ceph itself for the file system and the group. */
export async function look({ ceph, status, object }: Pass): Promise<View> {
  const filesystem = filesystemIn(await fsDump(ceph), object.spec.filesystemName);
  if (filesystem === undefined) return { state: "missing" };
  if (!isServed(filesystem.mdsmap)) return { state: "unserved", why: "no MDS serves it" };
  if (!status.mgrmap.available) return { state: "unserved", why: "no mgr is active" };
  try {
    return { state: "served", group: await subvolumeGroup(ceph, object.spec.filesystemName, groupNameOf(object)) };
  } catch (error) {
    if (!isCephError(error)) throw error;
    return { state: "unserved", why: `the mgr's module volumes does not answer: ${error.message}` };
  }
}
