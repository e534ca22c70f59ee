import type { Ceph, CephCommandOptions } from "../ceph.ts";
import { isCephError } from "../ceph-error.ts";

/** The value of a key in the mons' store, as it was put there; undefined where there is none. */
export async function configKeyGet(ceph: Ceph, key: string, options?: CephCommandOptions): Promise<string | undefined> {
  try {
    return await ceph.command<string>({ prefix: "config-key get", key, format: "plain" }, options);
  } catch (error) {
    if (isCephError(error, "ENOENT")) return undefined;
    throw error;
  }
}

export async function configKeyExists(ceph: Ceph, key: string, options?: CephCommandOptions): Promise<boolean> {
  try {
    await ceph.command({ prefix: "config-key exists", key, format: "plain" }, options);
    return true;
  } catch (error) {
    if (isCephError(error, "ENOENT")) return false;
    throw error;
  }
}

export async function configKeySet(ceph: Ceph, key: string, val: string): Promise<void> {
  await ceph.command({ prefix: "config-key set", key, val });
}

/** Removes a key; one that is not there is no error. */
export async function configKeyRemove(ceph: Ceph, key: string): Promise<void> {
  await ceph.command({ prefix: "config-key rm", key });
}
