import { isCephError } from "../../ceph/ceph-error.ts";
import { type OsdMap, requireOsdRelease } from "../../ceph/commands/osd.ts";
import { versionsOf } from "../../ceph/daemons-at-version.ts";
import { done, type Outcome, waiting } from "../outcome.ts";
import type { Pass } from "../pass.ts";
import { behindOf } from "../plan-versions.ts";

/** Ceph's releases, oldest first; a later one is told by its own daemons. */
const releases = ["luminous", "mimic", "nautilus", "octopus", "pacific", "quincy", "reef", "squid", "tentacle"];

/**
 * Ends an update: once every OSD runs the wanted release, Ceph is told to count on it, which lets the OSDs use what is new in it. From then
 * on no older OSD can join. Without it Ceph warns, and a later update over two releases is not possible.
 */
export async function requireRelease(pass: Pass, dump: OsdMap): Promise<Outcome> {
  const { versions: plan, ceph, leftAlone } = pass;
  if (plan?.target === undefined || ceph?.versions === undefined) return done;
  if (behindOf(plan, "osd", ceph.versions, leftAlone) !== undefined) return done;
  const release = versionsOf(ceph.versions, "osd")[0]?.version.name ?? "";
  if (release === "" || releases.indexOf(dump.require_osd_release) >= rankOf(release)) return done;
  try {
    await requireOsdRelease(ceph.connection, release);
    return done;
  } catch (error) {
    if (!isCephError(error, "EPERM", "EINVAL")) throw error;
    return waiting("UpdatingOSDs", `Updating OSDs: Ceph refuses osd require-osd-release ${release}: ${error.words}`, 5000);
  }
}

const rankOf = (release: string) => (releases.includes(release) ? releases.indexOf(release) : releases.length);
