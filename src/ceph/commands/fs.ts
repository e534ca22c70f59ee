import type { Ceph, CephCommandOptions } from "../ceph.ts";
import { CephError } from "../ceph-error.ts";

/** `ceph fs dump`, as far as it is used: every file system and every MDS. */
export interface FsMap {
  readonly epoch: number;
  readonly feature_flags: { readonly enable_multiple: boolean };
  /** MDSs that serve no file system now. */
  readonly standbys: readonly MdsInfo[];
  readonly filesystems: readonly Filesystem[];
}

/** A file system with its MDSs. */
export interface Filesystem {
  readonly id: number;
  readonly mdsmap: MdsMap;
}

export interface MdsMap {
  readonly fs_name: string;
  /** When the file system was made. */
  readonly created: string;
  /** When something of it last changed. */
  readonly modified: string;
  readonly flags_state: {
    /** False after `fs fail`: no MDS may serve it. */
    readonly joinable: boolean;
    readonly allow_standby_replay: boolean;
  };
  /** How many ranks there are to be; 0 after `fs set <name> down true`. */
  readonly max_mds: number;
  readonly standby_count_wanted: number;
  /** The ranks that there are, those that are stopping too. */
  readonly in: readonly number[];
  /** Ranks that an MDS had and none has now. */
  readonly failed: readonly number[];
  /** Ranks that there were, and that have handed over all they had. */
  readonly stopped: readonly number[];
  readonly damaged: readonly number[];
  /** Its MDSs, standby-replay ones too, by `gid_<gid>`. */
  readonly info: Readonly<Record<string, MdsInfo>>;
  /** Ids of pools; the first is the default one. */
  readonly data_pools: readonly number[];
  readonly metadata_pool: number;
}

/** One MDS. */
export interface MdsInfo {
  /** Another one each time that the daemon starts. */
  readonly gid: number;
  readonly name: string;
  /** -1: none. */
  readonly rank: number;
  readonly state: MdsState;
  /** `10.0.0.1:6801/1234`: the address with the nonce. */
  readonly addr: string;
  /** Since when it has sent no sign of life; only where that is so. */
  readonly laggy_since?: string;
}

/** Those on the way from one to the other are `up:creating`, `up:replay`, `up:resolve`, `up:reconnect`, `up:rejoin`… */
export type MdsState = "up:active" | "up:standby" | "up:standby-replay" | "up:stopping" | `up:${string}` | `down:${string}`;

/** Every file system with its MDSs. `EIO` where the answer does not tell. */
export async function fsDump(ceph: Ceph, options?: CephCommandOptions): Promise<FsMap> {
  const map = await ceph.command<Partial<FsMap> | undefined>({ prefix: "fs dump" }, options);
  // from an answer that says nothing of them, it would follow that there are none
  if (!Array.isArray(map?.filesystems) || !Array.isArray(map.standbys))
    throw new CephError("EIO", "fs dump", "the answer tells of nothing");
  return map as FsMap;
}

/** The file system of that name; undefined where there is none. */
export function filesystemIn(map: FsMap, name: string): Filesystem | undefined {
  return map.filesystems.find(({ mdsmap }) => mdsmap.fs_name === name);
}

/** Whether an MDS serves rank 0, without which the file system cannot be used. */
export function isServed({ info }: MdsMap): boolean {
  return Object.values(info).some(({ rank, state }) => rank === 0 && state === "up:active");
}

/** Whether an MDS has ever served it: only what none has served is known to hold nothing. */
export function wasServed({ in: ranks, failed, stopped, damaged }: MdsMap): boolean {
  return [ranks, failed, stopped, damaged].some((each) => each.length > 0);
}

/** Who has taken it from its MDSs, and what gives it back; undefined where nobody has. */
export function takenAway({ fs_name: name, flags_state, max_mds }: MdsMap): string | undefined {
  if (!flags_state.joinable) return `was taken from its MDSs (ceph fs fail); ceph fs set ${name} joinable true gives it back`;
  return max_mds === 0 ? `was taken down (ceph fs set ${name} down true); ceph fs set ${name} down false brings it back` : undefined;
}

/**
 * Makes a file system on two empty pools; one that is there with these pools is no error. `EINVAL` where a pool is not empty or is another's,
 * `ENOENT` where there is none.
 */
export async function newFilesystem(
  ceph: Ceph,
  fs_name: string,
  pools: { readonly metadata: string; readonly data: string },
): Promise<void> {
  await ceph.command({ prefix: "fs new", fs_name, ...pools });
}

/** Gives a file system one more data pool. `EINVAL` where it has it already, or the pool is another's. */
export async function addDataPool(ceph: Ceph, fs_name: string, pool: string): Promise<void> {
  await ceph.command({ prefix: "fs add_data_pool", fs_name, pool });
}

/**
 * Sets what a file system has of its own; `max_mds` gives a failed one back to its MDSs, too. `EPERM` from 20.2 on where an MDS has a health
 * warning and `max_mds` changes, unless `isSure`.
 */
export async function setFilesystem(
  ceph: Ceph,
  fs_name: string,
  setting: "max_mds" | "allow_standby_replay" | "standby_count_wanted",
  val: number | boolean,
  { isSure = false }: { readonly isSure?: boolean } = {},
): Promise<void> {
  await ceph.command({
    prefix: "fs set",
    fs_name,
    var: setting,
    val: String(val),
    ...(isSure ? { yes_i_really_mean_it: true } : {}),
  });
}

/** Lets there be more than one file system: so it is in a cluster made by a supported version, but may have been switched off. */
export async function allowSeveralFilesystems(ceph: Ceph): Promise<void> {
  await ceph.command({ prefix: "fs flag set", flag_name: "enable_multiple", val: "true", yes_i_really_mean_it: true });
}

/** Takes a file system from its MDSs, at once: clients wait. `ENOENT` where there is none. */
export async function failFilesystem(ceph: Ceph, fs_name: string): Promise<void> {
  await ceph.command({ prefix: "fs fail", fs_name, yes_i_really_mean_it: true });
}

/** Forgets a file system for good; its pools stay. `EINVAL` where an MDS serves it; one that is not there is no error. */
export async function removeFilesystem(ceph: Ceph, fs_name: string): Promise<void> {
  await ceph.command({ prefix: "fs rm", fs_name, yes_i_really_mean_it: true });
}
