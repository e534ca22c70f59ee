import { type CephVersion, compareCephVersions } from "../../../ceph/ceph-version.ts";
import type { CephVersions } from "../../../ceph/commands/cluster.ts";
import type { HealthReport } from "../../../ceph/commands/health.ts";
import { isAtVersion, versionsOf } from "../../../ceph/daemons-at-version.ts";
import { majorOf } from "../../../ceph/releases.ts";
import type { CephImage, DaemonImage } from "../../../daemons/image/daemon-images.ts";
import { isUpdate, type VersionPlan } from "../../../daemons/image/plan-versions.ts";
import { monType, osdType, updatedTypes } from "../common/daemon-types.ts";

/** Why the daemons are not brought to the wanted Ceph. */
export type VersionRefusal =
  /** It is of an older release than what runs, at the newest. */
  | { readonly type: "olderRelease"; readonly newest: CephVersion }
  /** It is an older version of the same release. */
  | { readonly type: "olderVersion"; readonly newest: CephVersion }
  /** It is too many releases newer than what runs, at the oldest: `next` is the newest major version that may come next. */
  | { readonly type: "tooNew"; readonly oldest: CephVersion; readonly next: number }
  /** It is more than `stride` releases newer than `require_osd_release`; `running` is the release that the OSDs run, where Ceph says it. */
  | { readonly type: "requiredRelease"; readonly required: string; readonly running: string | undefined; readonly stride: number }
  /** Ceph is in HEALTH_ERR, with these errors. */
  | { readonly type: "unhealthy"; readonly errors: readonly string[] };

/** What is known when the wanted image is judged. */
export interface VersionQuestion {
  readonly wanted: CephImage;
  readonly daemons: readonly DaemonImage[];
  /** What `ceph versions` says; undefined where Ceph does not answer. */
  readonly versions: CephVersions | undefined;
  readonly health: HealthReport | undefined;
  /** `require_osd_release` of Ceph's OSD map, such as `reef`; undefined where Ceph does not answer. */
  readonly requiredRelease: string | undefined;
  readonly allowUnsupported: boolean;
  readonly skipUpgradeChecks: boolean;
}

/** Releases that one update may skip over, and one more: Ceph's daemons understand those of two releases before. */
const stride = 2;

/**
 * Why the daemons must not be brought to the wanted Ceph; undefined where they may be. Ceph cannot go back to an older
 * release; within a release the user may try it at their own risk. An update is not begun on a cluster in HEALTH_ERR; one that has begun goes on daemon by daemon,
 * as Ceph allows for each.
 */
export function refusalOf(question: VersionQuestion): VersionRefusal | undefined {
  const { wanted, daemons, versions, health, requiredRelease, allowUnsupported, skipUpgradeChecks } = question;
  if (!isUpdate({ target: wanted, daemons })) return undefined;
  const running = runningVersions(question);
  const [oldest, newest] = [running[0], running.at(-1)];
  if (oldest === undefined || newest === undefined) return undefined;
  if (compareCephVersions(wanted.version, newest) < 0) {
    if (wanted.version.major < newest.major) return { type: "olderRelease", newest };
    if (!allowUnsupported) return { type: "olderVersion", newest };
  }
  if (wanted.version.major - oldest.major > stride) return { type: "tooNew", oldest, next: oldest.major + stride };
  const hasOsds = daemons.some(({ type }) => type === osdType.type);
  const required = requiredRelease === undefined || !hasOsds ? undefined : majorOf(requiredRelease);
  if (requiredRelease !== undefined && required !== undefined && wanted.version.major - required > stride) {
    const release = versionsOf(versions, osdType.type)[0]?.version.name || undefined;
    return { type: "requiredRelease", required: requiredRelease, running: release, stride };
  }
  const hasBegun = daemons.some(({ image, type }) => type === monType.type && image === wanted.image);
  const isNewer = compareCephVersions(oldest, wanted.version) < 0;
  const errors = health?.status === "HEALTH_ERR" ? errorsOf(health) : [];
  return isNewer && !hasBegun && errors.length > 0 && !skipUpgradeChecks ? { type: "unhealthy", errors } : undefined;
}

/** What runs, oldest first: as Ceph says, or, where it does not answer, as the Deployments say. */
function runningVersions({ versions, daemons }: VersionQuestion): CephVersion[] {
  const told = updatedTypes.flatMap(({ type }) => versionsOf(versions, type).map(({ version }) => version));
  return (told.length > 0 ? told : daemons.map(({ version }) => version)).toSorted(compareCephVersions);
}

/** Errors that an update could make worse. Keys of an older release's kind are one since 20.2.4, for good, and no danger to data. */
function errorsOf({ checks }: HealthReport): string[] {
  return Object.entries(checks)
    .filter(([code, { severity, muted }]) => severity === "HEALTH_ERR" && !muted && !code.startsWith("AUTH_INSECURE_"))
    .map(([code, { summary }]) => `${code}: ${summary.message}`);
}

/** What daemons of a type run, oldest first. */
export interface RunningType {
  readonly type: string;
  readonly running: readonly { readonly version: CephVersion; readonly daemons: number }[];
}

/** The types whose daemons run other versions of the target's image, for good: of an image that was found to hold one version. */
export function otherVersions({ target, types, daemons, lasting }: VersionPlan, versions: CephVersions | undefined): RunningType[] {
  if (target === undefined || isUpdate({ target, daemons })) return [];
  return types
    .filter(({ type }) => lasting.has(type) && !isAtVersion(versions, type, target.version))
    .map(({ type }) => ({ type, running: versionsOf(versions, type) }));
}
