import { isCephError } from "../../ceph/ceph-error.ts";
import {
  csiGroup,
  removeSubvolume,
  removeSubvolumeGroup,
  removeSubvolumeSnapshot,
  resizeSubvolumeGroup,
  subvolumeSnapshots,
  subvolumes,
} from "../../ceph/commands/subvolume-groups.ts";
import { defineKind } from "../../kube/object.ts";
import type { ChildReason, Dependents } from "../../resource/child-kind.ts";
import { isForced } from "../../resource/is-forced.ts";
import { done, recheckDelay, type StepOutcome, waiting } from "../../resource/outcome.ts";
import { look, type Pass } from "./look.ts";
import type { GroupReason } from "./reasons.ts";
import { CephFilesystemSubVolumeGroup, groupNameOf } from "./subvolume-group.ts";

/** Kinds do not know each other: only whether it is there is looked at. */
const Filesystem = defineKind({ apiVersion: "ceph.rook.io/v1", kind: "CephFilesystem", plural: "cephfilesystems", namespaced: true });

/** How many subvolumes go in one pass: each takes the mgr a moment. */
const atOnce = 50;

/** The subvolumes in the group, unless another object stands for the same one, or they may go with it. Their volumes are found by what the object says. */
export async function groupDependents(pass: Pass): Promise<readonly Dependents[]> {
  const { ceph, object } = pass;
  const view = await look(pass);
  if (isForced(object) || view.state !== "served" || view.group === undefined || (await isSharedBy(pass))) return [];
  const name = groupNameOf(object);
  const inside = await subvolumes(ceph, object.spec.filesystemName, name);
  return inside.length === 0 ? [] : [{ what: `subvolumes in group ${name}`, count: inside.length, names: inside }];
}

/**
 * Takes the group out of the file system; Ceph itself refuses that while it holds anything, which goes first where its user says so. The group csi is the file system's own, and only
 * loses its quota. A file system that nobody serves and that is to go, or is nobody's any more, keeps the group: it looks itself for what is
 * in it before it goes.
 */
export async function removeGroup(pass: Pass): Promise<StepOutcome<ChildReason<GroupReason>>> {
  const { ceph, deps, object, namespace, now } = pass;
  const { filesystemName } = object.spec;
  const name = groupNameOf(object);
  const view = await look(pass);
  if (view.state === "missing" || (await isSharedBy(pass))) return done;
  if (view.state === "unserved") {
    const filesystem = await deps.live.get(Filesystem, { namespace, name: filesystemName });
    if (filesystem === undefined || filesystem.metadata.deletionTimestamp !== undefined) return done;
    const since = Date.parse(object.metadata.deletionTimestamp ?? "");
    return waiting(
      "FilesystemNotServed",
      `Nobody can say whether there are subvolumes in group ${name} of file system ${filesystemName}, since ${view.why}`,
      recheckDelay(since, now),
    );
  }
  if (view.group === undefined) return done;
  try {
    if (isForced(object)) {
      const left = await empty(pass, name);
      if (left > 0)
        return waiting("Deleting", `Removing group ${name} of file system ${filesystemName} with all in it: ${left} subvolumes left`, 200);
    }
    if (name !== csiGroup) await removeSubvolumeGroup(ceph, filesystemName, name);
    else if (view.group.bytes_quota !== "infinite") await resizeSubvolumeGroup(ceph, filesystemName, name, "infinite");
    return done;
  } catch (error) {
    // subvolumes that came since we looked, snapshots of deleted ones, or one that is being cloned
    if (!isCephError(error, "ENOTEMPTY", "EAGAIN")) throw error;
    return waiting("ObjectHasDependents", `Removing group ${name} of file system ${filesystemName}: ${error.message}`, 10_000);
  }
}

/** Takes subvolumes out of the group, with their snapshots; the answer is how many are left. */
async function empty({ ceph, object }: Pass, group: string): Promise<number> {
  const { filesystemName } = object.spec;
  const inside = await subvolumes(ceph, filesystemName, group);
  for (const subvolume of inside.slice(0, atOnce)) {
    for (const snapshot of await subvolumeSnapshots(ceph, filesystemName, group, subvolume))
      await removeSubvolumeSnapshot(ceph, filesystemName, group, subvolume, snapshot);
    await removeSubvolume(ceph, filesystemName, group, subvolume);
  }
  return Math.max(inside.length - atOnce, 0);
}

/** Whether another object stands for the same group, and is to stay. */
async function isSharedBy({ deps, object, namespace }: Pass): Promise<boolean> {
  const all = await deps.live.list(CephFilesystemSubVolumeGroup, { namespace });
  return all.some(
    (other) =>
      other.metadata.uid !== object.metadata.uid &&
      other.metadata.deletionTimestamp === undefined &&
      other.spec.filesystemName === object.spec.filesystemName &&
      groupNameOf(other) === groupNameOf(object),
  );
}
