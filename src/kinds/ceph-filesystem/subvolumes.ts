import { isCephError } from "../../ceph/ceph-error.ts";
import { type Filesystem, isServed, takenAway, wasServed } from "../../ceph/commands/fs.ts";
import { subvolumeGroups, subvolumes } from "../../ceph/commands/subvolume-groups.ts";
import type { Dependents } from "../../resource/child-kind.ts";
import { nameOf } from "./ceph-filesystem.ts";
import type { Pass } from "./look.ts";

/** What is in a file system that somebody could miss, or why nobody can say. */
export type Subvolumes =
  | { readonly state: "known"; readonly found: readonly Dependents[] }
  | { readonly state: "unknown"; readonly why: string };

/**
 * Asks Ceph for the subvolumes of a file system, group by group. One that no MDS ever served has none; one that was taken from its MDSs,
 * which is how files are repaired or protected, cannot be asked.
 */
export async function subvolumesOf({ ceph, object, status }: Pass, { mdsmap }: Filesystem): Promise<Subvolumes> {
  const name = nameOf(object);
  if (!wasServed(mdsmap)) return { state: "known", found: [] };
  if (!isServed(mdsmap)) {
    const taken = takenAway(mdsmap);
    return { state: "unknown", why: taken === undefined ? "no MDS serves it" : `it ${taken}` };
  }
  if (!status.mgrmap.available) return { state: "unknown", why: "no mgr is active" };
  try {
    const found: Dependents[] = [];
    const inNone = await subvolumes(ceph, name);
    if (inNone.length > 0) found.push({ what: "subvolumes in no group", count: inNone.length, names: inNone });
    for (const group of await subvolumeGroups(ceph, name)) {
      const inGroup = await subvolumes(ceph, name, group);
      if (inGroup.length > 0) found.push({ what: `subvolumes in group ${group}`, count: inGroup.length, names: inGroup });
    }
    return { state: "known", found };
  } catch (error) {
    if (!isCephError(error)) throw error;
    return { state: "unknown", why: `the mgr's module volumes does not answer: ${error.message}` };
  }
}
