import type { Ceph, CephCommandOptions } from "../ceph.ts";

/** `osd crush dump`, as far as it is used. */
export interface CrushMap {
  /** OSDs; one without a class has none named. */
  readonly devices: readonly { readonly id: number; readonly name: string; readonly class?: string }[];
  /** Types of buckets, the OSD's own (`osd`, 0) first. */
  readonly types: readonly { readonly type_id: number; readonly name: string }[];
  /** Also the shadows that stand for a class in a bucket: `default~hdd`. */
  readonly buckets: readonly CrushBucket[];
  readonly rules: readonly CrushRule[];
}

export interface CrushBucket {
  /** Below 0. */
  readonly id: number;
  readonly name: string;
  readonly type_id: number;
  readonly type_name: string;
  /** Buckets below 0, OSDs from 0 on. */
  readonly items: readonly { readonly id: number }[];
}

export interface CrushRule {
  readonly rule_id: number;
  readonly rule_name: string;
  /** 1: replicated, 3: erasure coded. */
  readonly type: number;
  readonly steps: readonly CrushStep[];
}

/** `take` has item_name; what chooses has num and type. */
export interface CrushStep {
  readonly op: string;
  readonly item?: number;
  readonly item_name?: string;
  readonly num?: number;
  readonly type?: string;
}

export function crushDump(ceph: Ceph, options?: CephCommandOptions): Promise<CrushMap> {
  return ceph.command({ prefix: "osd crush dump" }, options);
}

/** What a rule for replicated pools is about. */
export interface ReplicatedRule {
  readonly name: string;
  readonly root: string;
  /** The type of bucket that copies are spread over. */
  readonly failureDomain: string;
  readonly deviceClass?: string;
}

/** Makes a rule. One of this name that is there already is left as it is, whatever it says. `ENOENT` without the root, `EINVAL` without the type or class. */
export async function createReplicatedRule(ceph: Ceph, { name, root, failureDomain, deviceClass }: ReplicatedRule): Promise<void> {
  const type = { type: failureDomain, ...(deviceClass === undefined ? {} : { class: deviceClass }) };
  await ceph.command({ prefix: "osd crush rule create-replicated", name, root, ...type });
}

/** Removes a rule; one that is not there is no error. `EBUSY` where a pool uses it. */
export async function removeRule(ceph: Ceph, name: string): Promise<void> {
  await ceph.command({ prefix: "osd crush rule rm", name });
}

/** Every rule; a shorter answer than all of the map. */
export function crushRules(ceph: Ceph, options?: CephCommandOptions): Promise<CrushRule[]> {
  return ceph.command({ prefix: "osd crush rule dump" }, options);
}

/** Sets a flag, such as `noout`, on all that is under a bucket of the CRUSH map. `EINVAL` where there is no such bucket. */
export async function setBucketFlag(ceph: Ceph, bucket: string, flag: string, options?: CephCommandOptions): Promise<void> {
  await ceph.command({ prefix: "osd set-group", flags: flag, who: [bucket] }, options);
}

/** Takes the flag away; one that is not set is no error. */
export async function unsetBucketFlag(ceph: Ceph, bucket: string, flag: string, options?: CephCommandOptions): Promise<void> {
  await ceph.command({ prefix: "osd unset-group", flags: flag, who: [bucket] }, options);
}

/** `osd crush class ls`: the classes that OSDs have. */
export function crushClasses(ceph: Ceph, options?: CephCommandOptions): Promise<readonly string[]> {
  return ceph.command<string[]>({ prefix: "osd crush class ls" }, options);
}
