import { type CephVersion, compareCephVersions, formatCephVersion } from "../../ceph/ceph-version.ts";
import type { CephVersions } from "../../ceph/commands/cluster.ts";
import type { HealthReport } from "../../ceph/commands/health.ts";
import { typesAtVersion, versionsOf } from "../../ceph/daemons-at-version.ts";
import { majorOf } from "../../ceph/releases.ts";
import { doNotReconcileLabel } from "../labels.ts";
import { type CephImage, type DaemonImage, sayLabel, type UpdatedType, updateOrder } from "./daemon-images.ts";

/** Which Ceph each daemon is to run. */
export interface VersionPlan {
  /** What all of them are to run in the end; undefined where that is not known or cannot be: then each stays at what it runs. */
  readonly target: CephImage | undefined;
  readonly daemons: readonly DaemonImage[];
  /** Types whose Pods have run what their Deployments say for so long that Ceph's word on their versions is its last. */
  readonly lasting: ReadonlySet<UpdatedType>;
}

/** Why the wanted Ceph is not what the daemons are brought to. */
export interface VersionRefusal {
  readonly reason: "DowngradeRefused" | "UpgradeRefused";
  readonly message: string;
}

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
const longestStride = 2;

/**
 * Why the daemons must not be brought to the wanted Ceph; undefined where they may be. An older release is none that Ceph can go back to;
 * within a release it is the user's own risk. An update is not begun on a cluster in HEALTH_ERR; one that has begun goes on daemon by daemon,
 * as Ceph allows for each.
 */
export function refusalOf(question: VersionQuestion): VersionRefusal | undefined {
  const { wanted, daemons, health, allowUnsupported, skipUpgradeChecks } = question;
  if (!isUpdate({ target: wanted, daemons })) return undefined;
  const running = runningVersions(question);
  const [oldest, newest] = [running[0], running.at(-1)];
  if (oldest === undefined || newest === undefined) return undefined;
  const image = `cephVersion.image ${wanted.image} holds Ceph ${sayLabel(wanted.label)}`;
  if (compareCephVersions(wanted.version, newest) < 0) {
    const older = `${image}, older than ${sayVersion(newest)}, which runs`;
    if (wanted.version.major < newest.major)
      return { reason: "DowngradeRefused", message: `${older}; Ceph cannot go back to an older release: set the image back` };
    if (!allowUnsupported)
      return {
        reason: "DowngradeRefused",
        message: `${older}; Ceph does not promise that it can go back: set the image back, or cephVersion.allowUnsupported to try it all the same`,
      };
  }
  if (wanted.version.major - oldest.major > longestStride)
    return {
      reason: "UpgradeRefused",
      message: `${image}, but ${sayVersion(oldest)} runs, and Ceph can be updated over ${longestStride} releases at most; update to ${oldest.major + longestStride} first`,
    };
  const required = requiredMajor(question);
  if (required !== undefined && wanted.version.major - required > longestStride)
    return {
      reason: "UpgradeRefused",
      message: `${image}, but require_osd_release is ${question.requiredRelease ?? ""}, and Ceph lets no OSD start that is more than ${longestStride} releases newer than that; when every OSD runs ${sayRelease(question)}, ceph osd require-osd-release ${sayRelease(question)}`,
    };
  const hasBegun = daemons.some(({ image: its, type }) => type === "mon" && its === wanted.image);
  const isNewer = compareCephVersions(oldest, wanted.version) < 0;
  const errors = health?.status === "HEALTH_ERR" ? errorsOf(health) : [];
  if (isNewer && !hasBegun && errors.length > 0 && !skipUpgradeChecks)
    return {
      reason: "UpgradeRefused",
      message: `The update to Ceph ${sayLabel(wanted.label)} is not begun while Ceph's health is HEALTH_ERR (${errors.join("; ")}); mend that, or set skipUpgradeChecks`,
    };
  return undefined;
}

/** What runs, oldest first: as Ceph says, or, where it does not answer, as the Deployments say. */
function runningVersions({ versions, daemons }: VersionQuestion): CephVersion[] {
  const told = updateOrder.flatMap((type) => versionsOf(versions, type).map(({ version }) => version));
  return (told.length > 0 ? told : daemons.map(({ version }) => version)).toSorted(compareCephVersions);
}

/** What Ceph counts on of its OSDs, where there are any. */
function requiredMajor({ daemons, requiredRelease }: VersionQuestion): number | undefined {
  return requiredRelease === undefined || !daemons.some(({ type }) => type === "osd") ? undefined : majorOf(requiredRelease);
}

/** The release that OSDs run, as Ceph says; the oldest of them. */
function sayRelease({ versions }: VersionQuestion): string {
  return versionsOf(versions, "osd")[0]?.version.name || "the release that they run";
}

const sayVersion = (version: CephVersion) => sayLabel(formatCephVersion(version));

/** Errors that an update could make worse. Keys of an older release's kind are one since 20.2.4, for good, and no danger to data. */
function errorsOf({ checks }: HealthReport): string[] {
  return Object.entries(checks)
    .filter(([code, { severity, muted }]) => severity === "HEALTH_ERR" && !muted && !code.startsWith("AUTH_INSECURE_"))
    .map(([code, { summary }]) => `${code}: ${summary.message}`);
}

/** Whether some daemon is made to run another image than all are to. */
export function isUpdate({ target, daemons }: Pick<VersionPlan, "target" | "daemons">): boolean {
  return target !== undefined && daemons.some(({ image }) => image !== target.image);
}

/**
 * What a daemon is to run now. `own` is what its Deployment says; `isOpen`: all that comes before its type is done. Until then each keeps
 * its own, and one without a Deployment gets what its kind has, or what those before it still have: never something newer than they are.
 */
export function imageFor(
  plan: VersionPlan,
  type: UpdatedType | "rest",
  own: CephImage | undefined,
  isOpen: boolean,
): CephImage | undefined {
  if (plan.target !== undefined && (isOpen || !isUpdate(plan))) return plan.target;
  if (own !== undefined) return own;
  const byVersion = plan.daemons.toSorted((a, b) => compareCephVersions(a.version, b.version));
  const before = type === "rest" ? updateOrder : updateOrder.slice(0, updateOrder.indexOf(type));
  return byVersion.findLast((each) => each.type === type) ?? byVersion.find((each) => before.includes(each.type)) ?? byVersion[0];
}

/** What the mons run, the newest of them: what a cluster goes on with whose wanted image cannot be. Undefined where nothing runs. */
export function runningImage({ daemons }: VersionPlan): CephImage | undefined {
  const byVersion = daemons.toSorted((a, b) => compareCephVersions(a.version, b.version));
  return byVersion.findLast(({ type }) => type === "mon") ?? byVersion[0];
}

/** What all daemons run at least, by their Deployments: what keys and settings must suit. Undefined while there are none. */
export function oldestImage({ target, daemons }: VersionPlan): CephImage | undefined {
  return daemons.toSorted((a, b) => compareCephVersions(a.version, b.version))[0] ?? target;
}

/**
 * What of this type is not yet where all are to be, in words; undefined where nothing is: every Deployment says so, and Ceph says that
 * all that run do. Where they have run the image for long, its word is of no use: a tag may hold another version on another node. Daemons
 * that are left alone count, since what follows must not be newer than they are.
 */
export function behindOf(
  plan: VersionPlan,
  type: UpdatedType,
  versions: CephVersions | undefined,
  leftAlone: ReadonlySet<string>,
): { readonly daemon: string; readonly why: string } | undefined {
  const { target } = plan;
  if (target === undefined) return undefined;
  const ofType = plan.daemons.filter((each) => each.type === type);
  const behind = ofType.find(({ image }) => image !== target.image);
  if (behind !== undefined) {
    const daemon = `${type}.${behind.id}`;
    const why = leftAlone.has(daemon)
      ? `it is left alone at ${sayLabel(behind.label)}; remove its label ${doNotReconcileLabel}, or end its maintenance`
      : `it is at ${sayLabel(behind.label)}`;
    return { daemon, why };
  }
  if (plan.lasting.has(type) || isAtVersion(versions, type, target)) return undefined;
  const [oldest] = versionsOf(versions, type);
  return {
    daemon: `${type}.*`,
    why: `Ceph says that ${oldest?.daemons ?? 0} ${oldest?.daemons === 1 ? "still runs" : "still run"} ${oldest === undefined ? "" : sayVersion(oldest.version)}`,
  };
}

/** Which versions run of an image that was found to hold one, where they do so for good, in words; undefined where it is that one. */
export function otherVersions({ target, daemons, lasting }: VersionPlan, versions: CephVersions | undefined): string | undefined {
  if (target === undefined || isUpdate({ target, daemons })) return undefined;
  const others = updateOrder.filter((type) => lasting.has(type) && !isAtVersion(versions, type, target));
  if (others.length === 0) return undefined;
  const run = others.map((type) => {
    const each = versionsOf(versions, type).map(({ version, daemons: count }) => `${count} at ${sayVersion(version)}`);
    return `${type} ${each.join(", ")}`;
  });
  const all = others.flatMap((type) => versionsOf(versions, type).map(({ version }) => version)).toSorted(compareCephVersions);
  const newest = all.at(-1);
  const such = newest === undefined ? "" : `, such as v${sayVersion(newest)}`;
  return `cephVersion.image ${target.image} holds different versions of Ceph on different nodes: it was found to hold ${sayLabel(target.label)}, and there run ${run.join("; ")}; name a full version in its tag${such}`;
}

/** Whether Ceph tells of nothing else. Images with one version are none that it could tell apart. */
function isAtVersion(versions: CephVersions | undefined, type: UpdatedType, target: CephImage): boolean {
  return versions === undefined || typesAtVersion(versions, target.version).has(type) || versionsOf(versions, type).length === 0;
}
