import type { Ceph, CephCommandOptions } from "../ceph.ts";
import { isCephError } from "../ceph-error.ts";
import { parseStamp } from "../stamp.ts";
import type { AddressVector } from "./mon.ts";
import type { PoolDetail } from "./pool.ts";
import { type StopVerdict, stopVerdict } from "./stop-verdict.ts";

/** `ceph osd dump`, as far as it is used. */
export interface OsdMap {
  readonly epoch: number;
  readonly fsid: string;
  readonly modified: string;
  /** Names of the flags that are set, such as `noout`. */
  readonly flags_set: readonly string[];
  readonly full_ratio: number;
  readonly backfillfull_ratio: number;
  readonly nearfull_ratio: number;
  /** A release's name, such as `tentacle`. */
  readonly require_osd_release: string;
  readonly require_min_compat_client: string;
  readonly pools: readonly PoolDetail[];
  readonly osds: readonly OsdMapEntry[];
  /** Flags of buckets and single OSDs, by name: `{"node2": ["noout"]}`. */
  readonly crush_node_flags: Readonly<Record<string, readonly string[]>>;
}

export interface OsdMapEntry {
  readonly osd: number;
  readonly uuid: string;
  readonly up: 0 | 1;
  readonly in: 0 | 1;
  readonly weight: number;
  /** The epoch in which it last came up; 0: it never was. */
  readonly up_from: number;
  /** The epoch in which it last went down; `osdMapTime` tells when that was. 0: it never did. */
  readonly down_at: number;
  readonly public_addrs: AddressVector;
  /** Words such as `exists`, `up`, `new`, `destroyed`, `autoout`. */
  readonly state: readonly string[];
}

/** A node of `ceph osd tree`: a bucket (negative id) or an OSD. */
export interface OsdTreeNode {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly type_id: number;
  /** Of buckets. */
  readonly children?: readonly number[];
  /** The rest is of OSDs. */
  readonly device_class?: string;
  readonly crush_weight?: number;
  readonly status?: "up" | "down" | "destroyed";
  readonly reweight?: number;
}

export interface OsdTree {
  readonly nodes: readonly OsdTreeNode[];
  /** OSDs that have no place in CRUSH. */
  readonly stray: readonly OsdTreeNode[];
}

/** What an OSD told when it last started; an OSD that never ran has only its id. Numbers come as text. */
export interface OsdMetadata {
  readonly id: number;
  readonly hostname?: string;
  readonly ceph_version?: string;
  readonly ceph_version_short?: string;
  readonly devices?: string;
  readonly device_ids?: string;
  readonly default_device_class?: string;
  readonly osd_objectstore?: string;
  readonly bluestore_bdev_size?: string;
  readonly [name: string]: string | number | undefined;
}

export function osdDump(ceph: Ceph, options?: CephCommandOptions): Promise<OsdMap> {
  return ceph.command({ prefix: "osd dump" }, options);
}

/**
 * When an epoch of the map was made, in milliseconds since 1970; undefined for one that the mons no longer have. They keep at least 500
 * epochs, and all since the PGs were last clean. (The `down_stamp` in the map does not tell when an OSD went down: one that says goodbye,
 * as one that is stopped does, keeps its old stamp.)
 */
export async function osdMapTime(ceph: Ceph, epoch: number, options?: CephCommandOptions): Promise<number | undefined> {
  try {
    return parseStamp((await ceph.command<Pick<OsdMap, "modified">>({ prefix: "osd dump", epoch }, options)).modified);
  } catch (error) {
    if (isCephError(error, "ENOENT")) return undefined;
    throw error;
  }
}

export function osdTree(ceph: Ceph, options?: CephCommandOptions): Promise<OsdTree> {
  return ceph.command({ prefix: "osd tree" }, options);
}

export function osdMetadata(ceph: Ceph, options?: CephCommandOptions): Promise<OsdMetadata[]> {
  return ceph.command({ prefix: "osd metadata" }, options);
}

/** What comes with Ceph's word on stopping OSDs: PGs (`2.1a`, the pool's id first) by why they must not lose these OSDs. Absent: none. */
export interface OsdStopReport {
  readonly unknown_pgs?: readonly string[];
  readonly bad_no_pool_pgs?: readonly string[];
  readonly bad_already_inactive?: readonly string[];
  readonly bad_become_inactive?: readonly string[];
}

/** Whether every PG would stay available without these OSDs. Needs an active mgr. */
export async function osdOkToStop(
  ceph: Ceph,
  ids: readonly number[],
  options?: Omit<CephCommandOptions, "target">,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string; readonly report: OsdStopReport }> {
  const verdict: StopVerdict = await stopVerdict(ceph, { prefix: "osd ok-to-stop", ids: ids.map(String) }, { ...options, target: "mgr" });
  return verdict.ok ? verdict : { ok: false, why: verdict.why, report: verdict.answer ?? {} };
}

/** Which of these OSDs hold nothing that is not elsewhere. Needs an active mgr. Ceph refuses (`EBUSY`, `EAGAIN`) where it cannot tell of any. */
export function osdSafeToDestroy(
  ceph: Ceph,
  ids: readonly number[],
): Promise<{
  readonly safe_to_destroy: readonly number[];
  readonly active: readonly number[];
  readonly missing_stats: readonly number[];
  readonly stored_pgs: readonly number[];
}> {
  return ceph.command({ prefix: "osd safe-to-destroy", ids: ids.map(String) }, { target: "mgr" });
}

export async function markOsdsOut(ceph: Ceph, ids: readonly number[]): Promise<void> {
  await ceph.command({ prefix: "osd out", ids: ids.map(String) });
}

export async function markOsdsIn(ceph: Ceph, ids: readonly number[]): Promise<void> {
  await ceph.command({ prefix: "osd in", ids: ids.map(String) });
}

/** Removes an OSD's id, key and place in CRUSH for good. Needs an active mgr, and the OSD down. The caller has made sure that it is safe. */
export async function purgeOsd(ceph: Ceph, id: number): Promise<void> {
  await ceph.command({ prefix: "osd purge", id, yes_i_really_mean_it: true }, { target: "mgr" });
}

/** Sets a flag of all OSDs, such as `noout`. */
export async function setOsdFlag(ceph: Ceph, flag: string): Promise<void> {
  await ceph.command({ prefix: "osd set", key: flag });
}

export async function unsetOsdFlag(ceph: Ceph, flag: string): Promise<void> {
  await ceph.command({ prefix: "osd unset", key: flag });
}

/**
 * Sets one of the ratios at which OSDs count as nearly full, too full to backfill, and full: between 0 and 1. `EINVAL` for 0 and 1
 * themselves: Ceph takes no whole number for a fraction.
 */
export async function setOsdRatio(ceph: Ceph, name: "full" | "backfillfull" | "nearfull", ratio: number): Promise<void> {
  await ceph.command({ prefix: `osd set-${name}-ratio`, ratio });
}

/** Ends the ability to go back before `release`, such as `tentacle`. */
export async function requireOsdRelease(ceph: Ceph, release: string): Promise<void> {
  await ceph.command({ prefix: "osd require-osd-release", release });
}
