import { type CephVersion, compareCephVersions } from "../../ceph/ceph-version.ts";
import type { CephVersions } from "../../ceph/commands/cluster.ts";
import { isAtVersion, versionsOf } from "../../ceph/daemons-at-version.ts";
import type { DaemonType } from "../daemon-type.ts";
import type { CephImage, DaemonImage } from "./daemon-images.ts";

/** Which Ceph each daemon is to run. */
export interface VersionPlan {
  /** What all of them are to run in the end; undefined where that is not known or cannot be: then each stays at what it runs. */
  readonly target: CephImage | undefined;
  /** The types of daemons that change one after the other, in that order. */
  readonly types: readonly DaemonType[];
  /** Every daemon of these types. */
  readonly daemons: readonly DaemonImage[];
  /** Types whose Pods have run what their Deployments say for so long that Ceph's word on their versions is its last. */
  readonly lasting: ReadonlySet<string>;
}

/** Whether some daemon is made to run another image than all are to. */
export function isUpdate({ target, daemons }: Pick<VersionPlan, "target" | "daemons">): boolean {
  return target !== undefined && daemons.some(({ image }) => image !== target.image);
}

/**
 * What a daemon is to run now. `type` is its type, or `rest` for what comes after all types; `own` is what its Deployment says; `isOpen`: all
 * that comes before its type is done. Until then each keeps its own, and one without a Deployment gets what its type has, or what those before
 * it still have: never something newer than they are.
 */
export function imageFor(plan: VersionPlan, type: string, own: CephImage | undefined, isOpen: boolean): CephImage | undefined {
  if (plan.target !== undefined && (isOpen || !isUpdate(plan))) return plan.target;
  if (own !== undefined) return own;
  const byVersion = plan.daemons.toSorted((a, b) => compareCephVersions(a.version, b.version));
  const order = plan.types.map((row) => row.type);
  const before = order.slice(0, order.includes(type) ? order.indexOf(type) : undefined);
  return byVersion.findLast((each) => each.type === type) ?? byVersion.find((each) => before.includes(each.type)) ?? byVersion[0];
}

/** What the newest daemon of the first type runs: what a cluster goes on with whose wanted image cannot be. Undefined where nothing runs. */
export function runningImage({ types: [first], daemons }: VersionPlan): CephImage | undefined {
  const byVersion = daemons.toSorted((a, b) => compareCephVersions(a.version, b.version));
  return byVersion.findLast(({ type }) => type === first?.type) ?? byVersion[0];
}

/** What all daemons run at least, by their Deployments: what keys and settings must suit. Undefined while there are none. */
export function oldestImage({ target, daemons }: VersionPlan): CephImage | undefined {
  return daemons.toSorted((a, b) => compareCephVersions(a.version, b.version))[0] ?? target;
}

/** Why a type is not yet where all are to be. Labels are as Deployments have them: `18.2.7-0`. */
export type BehindReason =
  /** A user wants the daemon to be left alone. */
  | { readonly type: "leftAlone"; readonly label: string }
  | { readonly type: "isAt"; readonly label: string }
  /** Every Deployment is, and Ceph says that so many daemons still run another version. */
  | { readonly type: "stillRuns"; readonly daemons: number; readonly version: CephVersion | undefined };

/** A daemon that is behind; `osd.*` where that is known of the type alone. */
export interface Behind {
  readonly daemon: string;
  readonly why: BehindReason;
}

/**
 * What of this type is not yet where all are to be; undefined where nothing is: every Deployment says so, and Ceph says that
 * all that run do. Where they have run the image for long, its word is of no use: a tag may hold another version on another node. Daemons
 * that are left alone count, since what follows must not be newer than they are.
 */
export function behindOf(
  plan: VersionPlan,
  type: string,
  versions: CephVersions | undefined,
  leftAlone: ReadonlySet<string>,
): Behind | undefined {
  const { target } = plan;
  if (target === undefined) return undefined;
  const behind = plan.daemons.find((each) => each.type === type && each.image !== target.image);
  if (behind !== undefined) {
    const daemon = `${type}.${behind.id}`;
    return { daemon, why: { type: leftAlone.has(daemon) ? "leftAlone" : "isAt", label: behind.label } };
  }
  if (plan.lasting.has(type) || isAtVersion(versions, type, target.version)) return undefined;
  const [oldest] = versionsOf(versions, type);
  return { daemon: `${type}.*`, why: { type: "stillRuns", daemons: oldest?.daemons ?? 0, version: oldest?.version } };
}

/** Whether every type is where all are to be: the turn of what follows them. */
export function isDone(plan: VersionPlan, versions: CephVersions | undefined, leftAlone: ReadonlySet<string>): boolean {
  return plan.types.every(({ type }) => behindOf(plan, type, versions, leftAlone) === undefined);
}
