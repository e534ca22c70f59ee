import { isCephError } from "../../../ceph/ceph-error.ts";
import { type OsdMap, requireOsdRelease } from "../../../ceph/commands/osd.ts";
import { versionsOf } from "../../../ceph/daemons-at-version.ts";
import { majorOf } from "../../../ceph/releases.ts";
import { done, type Outcome, waiting } from "../outcome.ts";
import type { Pass } from "../pass.ts";
import { behindOf } from "../../../daemons/image/plan-versions.ts";

/**
 * Ends an update: once every OSD that runs has the wanted release, and none is made to run another, Ceph is told to count on it, which lets
 * the OSDs use what is new in it. From then on no older OSD can join. Without it Ceph warns, and a later update over two releases is not
 * possible; so it does not wait for OSDs that are out or dead.
 */
export async function requireRelease(pass: Pass, dump: OsdMap): Promise<Outcome> {
  const { versions: plan, ceph, leftAlone } = pass;
  if (plan?.target === undefined || ceph?.versions === undefined) return done;
  if (behindOf(plan, "osd", ceph.versions, leftAlone) !== undefined) return done;
  const [oldest] = versionsOf(ceph.versions, "osd");
  if (oldest === undefined || oldest.version.name === "") return done;
  const release = oldest.version.name;
  // one that has no known major is later than all that are known
  if ((majorOf(dump.require_osd_release) ?? Number.POSITIVE_INFINITY) >= oldest.version.major) return done;
  try {
    await requireOsdRelease(ceph.connection, release);
    return done;
  } catch (error) {
    if (!isCephError(error, "EPERM", "EINVAL")) throw error;
    return waiting("UpdatingOSDs", `Updating OSDs: Ceph refuses osd require-osd-release ${release}: ${error.words}`, 5000);
  }
}
