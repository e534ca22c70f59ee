import type { ChildKind } from "../../resource/child-kind.ts";
import { fieldsWithoutEffect } from "../../schema/unsupported.ts";
import { groupProblems } from "./problems.ts";
import { groupReasons } from "./reasons.ts";
import { reconcileGroup } from "./reconcile.ts";
import { groupDependents, removeGroup } from "./remove.ts";
import { CephFilesystemSubVolumeGroup } from "./subvolume-group.ts";

/** CephFilesystemSubVolumeGroup: a group of subvolumes in a CephFS. */
export const subvolumeGroupKind: Readonly<ChildKind<CephFilesystemSubVolumeGroup>> = {
  kind: CephFilesystemSubVolumeGroup,
  about:
    'A group of subvolumes in the CephFS `filesystemName`, with its quota, its pool and the way in which it is spread over MDSs. A group that is there already is taken over, such as `csi`. Deleting it takes the group out of the file system, except `csi`, which is the file system\'s own; it waits while there are subvolumes in it, unless it has the annotation `rook.io/force-deletion: "true"`: they go with it then, and their snapshots.',
  crd: async () => (await import("./schema.ts")).groupCrd,
  reasons: groupReasons,
  isDependent: true,
  reads: [],
  problems: groupProblems,
  withoutEffect: ({ spec }) =>
    fieldsWithoutEffect(spec, { acting: ["filesystemName", "name", "clusterID", "quota", "dataPoolName", "pinning"] }),
  reconcile: reconcileGroup,
  dependents: groupDependents,
  remove: removeGroup,
};
