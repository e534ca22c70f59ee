import { isCephError } from "../../../ceph/ceph-error.ts";
import { createSubvolumeGroup, csiGroup, subvolumeGroups } from "../../../ceph/commands/subvolume-groups.ts";
import { done, type StepOutcome, waiting } from "../../../resource/outcome.ts";
import { nameOf } from "../ceph-filesystem.ts";
import type { Pass } from "../look.ts";
import type { FilesystemReason } from "../reasons.ts";

/**
 * The group that CSI puts its volumes into. Without the mgr's module volumes there is none, and there are no volumes either: the file system
 * serves all the same, and it is only told.
 */
export async function ensureCsiGroup({
  ceph,
  object,
  status,
}: Pass): Promise<{ readonly outcome: StepOutcome<FilesystemReason>; readonly remarks: readonly string[] }> {
  const name = nameOf(object);
  const later = (why: string) => ({
    outcome: waiting<FilesystemReason>("MakingCsiGroup", `Making the group ${csiGroup} of ${name}: ${why}`, 2000),
    remarks: [],
  });
  if (!status.mgrmap.available) return later("no mgr is active");
  try {
    if (!(await subvolumeGroups(ceph, name)).includes(csiGroup)) await createSubvolumeGroup(ceph, name, csiGroup);
    return { outcome: done, remarks: [] };
  } catch (error) {
    if (isCephError(error, "EINVAL"))
      return {
        outcome: done,
        remarks: [`the group ${csiGroup} cannot be made, since the mgr's module volumes does not answer: ${error.message}`],
      };
    if (isCephError(error, "timedOut", "EAGAIN", "ENOENT", "EIO")) return later(error.message);
    throw error;
  }
}
