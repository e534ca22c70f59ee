import type { Ceph, CephCommandOptions } from "../ceph.ts";
import { isCephError } from "../ceph-error.ts";

/** A profile's settings by name: k, m, plugin, technique, crush-failure-domain… */
export type ErasureCodeProfile = Readonly<Record<string, string>>;

/** A profile, with what Ceph added to what was set; undefined where there is none. */
export async function erasureCodeProfile(ceph: Ceph, name: string, options?: CephCommandOptions): Promise<ErasureCodeProfile | undefined> {
  try {
    return await ceph.command<ErasureCodeProfile>({ prefix: "osd erasure-code-profile get", name }, options);
  } catch (error) {
    if (isCephError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Makes a profile, or makes it so: only for one that no pool uses. */
export async function setErasureCodeProfile(ceph: Ceph, name: string, profile: ErasureCodeProfile): Promise<void> {
  await ceph.command({
    prefix: "osd erasure-code-profile set",
    name,
    profile: Object.entries(profile).map(([key, value]) => `${key}=${value}`),
    force: true,
    yes_i_really_mean_it: true,
  });
}

/** Removes a profile; one that is not there is no error. `EBUSY` where a pool uses it. */
export async function removeErasureCodeProfile(ceph: Ceph, name: string): Promise<void> {
  await ceph.command({ prefix: "osd erasure-code-profile rm", name });
}
