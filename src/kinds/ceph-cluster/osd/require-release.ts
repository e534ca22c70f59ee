import { isCephError } from "../../../ceph/ceph-error.ts";
import { requireOsdRelease } from "../../../ceph/commands/osd.ts";
import { versionsOf } from "../../../ceph/daemons-at-version.ts";
import { majorOf } from "../../../ceph/releases.ts";
import { behindOf } from "../../../daemons/image/plan-versions.ts";
import type { Act } from "../common/act.ts";
import { done, type Outcome, waiting } from "../common/outcome.ts";
import type { Versions } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import type { FoundOsds } from "./step.ts";

/**
 * Ends an update: once every OSD that is in runs the wanted release, and no Deployment asks for another, the operator sets
 * require-osd-release, and the OSDs use the features of that release. From then on no older OSD can join: one that is down may never have run
 * it, and may have to go back. Without it Ceph warns, and a later update over two releases is not possible; so it does not wait for OSDs that are out: Ceph takes those out
 * that are down for long.
 */
export async function requireRelease(
  world: World,
  act: Act,
  { osds, versions }: { osds: FoundOsds | undefined; versions: Versions | undefined },
): Promise<Outcome> {
  const { ceph, leftAlone } = world;
  const plan = versions?.plan;
  // neither a device that cannot be used nor an OSD that is out or dead keeps an update from its end
  if (osds?.isUpdated !== true || plan?.target === undefined || ceph?.versions === undefined) return done;
  const { dump } = osds;
  if (behindOf(plan, "osd", ceph.versions, leftAlone) !== undefined) return done;
  const running = versionsOf(ceph.versions, "osd");
  const up = dump.osds.filter((osd) => osd.up === 1).length;
  // one that came up since the versions were asked for is not in them
  if (dump.osds.some((osd) => osd.in === 1 && osd.up === 0) || running.reduce((sum, { daemons }) => sum + daemons, 0) < up) return done;
  const [oldest] = running;
  if (oldest === undefined || oldest.version.name === "") return done;
  const release = oldest.version.name;
  // one that has no known major is later than all that are known
  if ((majorOf(dump.require_osd_release) ?? Number.POSITIVE_INFINITY) >= oldest.version.major) return done;
  try {
    await requireOsdRelease(act.ceph, release);
    return done;
  } catch (error) {
    if (!isCephError(error, "EPERM", "EINVAL")) throw error;
    return waiting("UpdatingOSDs", `Updating OSDs: Ceph refuses osd require-osd-release ${release}: ${error.words}`, 5000);
  }
}
