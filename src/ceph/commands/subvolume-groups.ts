import type { Ceph, CephCommand } from "../ceph.ts";
import { CephError, isCephError } from "../ceph-error.ts";

// All of these are the mgr's, of its module volumes. EINVAL where no mgr has the module, or it has not loaded it yet. They take a rank
// that serves: without one they wait, and time out.

/** The group that CSI puts its volumes into, unless it is told another; every CephFilesystem gets it. */
export const csiGroup = "csi";

/** `ceph fs subvolumegroup info`, as far as it is used. */
export interface SubvolumeGroup {
  /** Bytes, or `infinite`. */
  readonly bytes_quota: number | "infinite";
  readonly bytes_used: number;
  readonly data_pool: string;
  /** When it was made, in seconds: `2026-11-23 22:56:19`. */
  readonly created_at: string;
}

/** How a group's folders are spread over ranks; the setting as Ceph takes it. */
export interface GroupPin {
  readonly type: "export" | "distributed" | "random";
  readonly setting: string;
}

const ask = <T>(ceph: Ceph, command: CephCommand) => ceph.command<T>(command, { target: "mgr" });

/** Names of a file system's groups. `ENOENT` where there is no such file system. */
export async function subvolumeGroups(ceph: Ceph, vol_name: string): Promise<string[]> {
  return names(await ask(ceph, { prefix: "fs subvolumegroup ls", vol_name }), "fs subvolumegroup ls");
}

/** Names of the subvolumes in a group; without one, of those in none. `ENOENT` where there is no such group. */
export async function subvolumes(ceph: Ceph, vol_name: string, group_name?: string): Promise<string[]> {
  const command = { prefix: "fs subvolume ls", vol_name, ...(group_name === undefined ? {} : { group_name }) };
  return names(await ask(ceph, command), command.prefix);
}

/** Names of a subvolume's snapshots. `ENOENT` where there is no such subvolume. */
export async function subvolumeSnapshots(ceph: Ceph, vol_name: string, group_name: string, sub_name: string): Promise<string[]> {
  return names(await ask(ceph, { prefix: "fs subvolume snapshot ls", vol_name, group_name, sub_name }), "fs subvolume snapshot ls");
}

/** Removes a snapshot; one that is not there is no error. `EAGAIN` while it is being cloned. A subvolume that was only kept for it goes with the last. */
export async function removeSubvolumeSnapshot(
  ceph: Ceph,
  vol_name: string,
  group_name: string,
  sub_name: string,
  snap_name: string,
): Promise<void> {
  await ask(ceph, { prefix: "fs subvolume snapshot rm", vol_name, group_name, sub_name, snap_name, force: true });
}

/** Removes a subvolume with its files; one that is not there is no error. `ENOTEMPTY` while it has snapshots, `EAGAIN` while it is being made from one. */
export async function removeSubvolume(ceph: Ceph, vol_name: string, group_name: string, sub_name: string): Promise<void> {
  await ask(ceph, { prefix: "fs subvolume rm", vol_name, group_name, sub_name, force: true });
}

/** A group; undefined where the file system has none of that name, or is not there. `EIO` where the answer does not tell. */
export async function subvolumeGroup(ceph: Ceph, vol_name: string, group_name: string): Promise<SubvolumeGroup | undefined> {
  try {
    const found = await ask<Partial<SubvolumeGroup> | undefined>(ceph, { prefix: "fs subvolumegroup info", vol_name, group_name });
    if (found?.bytes_quota === undefined) throw new CephError("EIO", "fs subvolumegroup info", "the answer tells of no group");
    return found as SubvolumeGroup;
  } catch (error) {
    if (isCephError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Makes a group; of one that is there it changes the quota only. `EINVAL` where the pool is none of the file system's data pools. */
export async function createSubvolumeGroup(
  ceph: Ceph,
  vol_name: string,
  group_name: string,
  options: { readonly size?: number; readonly pool_layout?: string } = {},
): Promise<void> {
  await ask(ceph, { prefix: "fs subvolumegroup create", vol_name, group_name, ...options });
}

/** Sets a group's quota in bytes. With `noShrink`, `EINVAL` where it holds more already. */
export async function resizeSubvolumeGroup(
  ceph: Ceph,
  vol_name: string,
  group_name: string,
  size: number | "infinite",
  { noShrink = false }: { readonly noShrink?: boolean } = {},
): Promise<void> {
  await ask(ceph, {
    prefix: "fs subvolumegroup resize",
    vol_name,
    group_name,
    new_size: String(size),
    ...(noShrink ? { no_shrink: true } : {}),
  });
}

/** Spreads a group's folders over ranks. Ceph tells nobody how they are. */
export async function pinSubvolumeGroup(ceph: Ceph, vol_name: string, group_name: string, pin: GroupPin): Promise<void> {
  await ask(ceph, { prefix: "fs subvolumegroup pin", vol_name, group_name, pin_type: pin.type, pin_setting: pin.setting });
}

/** Removes a group; one that is not there is no error. `ENOTEMPTY` where it holds subvolumes, or snapshots of deleted ones. */
export async function removeSubvolumeGroup(ceph: Ceph, vol_name: string, group_name: string): Promise<void> {
  await ask(ceph, { prefix: "fs subvolumegroup rm", vol_name, group_name, force: true });
}

function names(answer: unknown, prefix: string): string[] {
  if (!Array.isArray(answer)) throw new CephError("EIO", prefix, "the answer is no list");
  return answer.map(({ name }: { name: string }) => name);
}
