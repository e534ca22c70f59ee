import type { Ceph, CephCommandOptions } from "../ceph.ts";
import { isCephError } from "../ceph-error.ts";

/** A pool, as in `osd dump` and `osd pool ls detail`; the id is `pool` in the one and `pool_id` in the other. */
export interface PoolDetail {
  readonly pool?: number;
  readonly pool_id?: number;
  readonly pool_name: string;
  /** When it was made, `2026-11-23T22:52:57.850453+0000`. */
  readonly create_time: string;
  /** Words with commas between: `hashpspool`, `creating` until all its PGs have been made, `ec_overwrites`, `nodelete`… */
  readonly flags_names: string;
  /** 1: replicated, 3: erasure coded. */
  readonly type: number;
  /** Copies, or chunks of all kinds. */
  readonly size: number;
  readonly min_size: number;
  /** The id of its CRUSH rule. */
  readonly crush_rule: number;
  readonly pg_num: number;
  readonly pg_num_target: number;
  /** Of `pgp_num`. */
  readonly pg_placement_num_target: number;
  readonly pg_autoscale_mode: string;
  /** 0: no limit. */
  readonly quota_max_bytes: number;
  readonly quota_max_objects: number;
  readonly erasure_code_profile: string;
  readonly application_metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a new pool is made with; what is absent follows Ceph's defaults. */
export interface NewPool {
  readonly name: string;
  readonly type: "replicated" | "erasure";
  /** 0: as Ceph likes. */
  readonly pgNum: number;
  /** Of a replicated pool. */
  readonly size?: number;
  /** The CRUSH rule; an erasure coded pool without one gets one of its own name. */
  readonly rule?: string;
  /** Of an erasure coded pool. */
  readonly profile?: string;
  /** `pg_num` must not be less, where it is not 0. */
  readonly pgNumMin?: number;
}

/** A pool's settings by the names that `setPool` takes; those that are not set are absent. Its CRUSH rule is told by name here. */
export type PoolSettings = Readonly<Record<string, string | number | boolean>>;

/** What a pool holds, as the mgr last heard; some seconds old. */
export interface PoolUsage {
  readonly name: string;
  readonly id: number;
  readonly stats: { readonly stored: number; readonly objects: number; readonly bytes_used: number; readonly max_avail: number };
}

export function poolDetails(ceph: Ceph, options?: CephCommandOptions): Promise<PoolDetail[]> {
  return ceph.command({ prefix: "osd pool ls", detail: "detail" }, options);
}

/** Makes a pool. One that is there already is left as it is; `EINVAL` where it is of the other type. */
export async function createPool(ceph: Ceph, { name, type, pgNum, size, rule, profile, pgNumMin }: NewPool): Promise<void> {
  await ceph.command({
    prefix: "osd pool create",
    pool: name,
    pg_num: pgNum,
    pool_type: type,
    ...(profile === undefined ? {} : { erasure_code_profile: profile }),
    ...(rule === undefined ? {} : { rule }),
    ...(size === undefined ? {} : { size }),
    ...(pgNumMin === undefined ? {} : { pg_num_min: pgNumMin }),
    // Ceph asks twice before it makes a pool that keeps one copy, or has a name of its own
    ...(size === 1 || name.startsWith(".") ? { yes_i_really_mean_it: true } : {}),
  });
}

/** Removes a pool with all that is in it; one that is not there is no error. `EPERM` unless mon_allow_pool_delete is true. */
export async function deletePool(ceph: Ceph, name: string): Promise<void> {
  await ceph.command({ prefix: "osd pool delete", pool: name, pool2: name, yes_i_really_really_mean_it: true });
}

/** `osd pool get … all`; undefined where there is no such pool. */
export async function poolSettings(ceph: Ceph, pool: string, options?: CephCommandOptions): Promise<PoolSettings | undefined> {
  try {
    return await ceph.command<PoolSettings>({ prefix: "osd pool get", pool, var: "all" }, options);
  } catch (error) {
    if (isCephError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Sets one of a pool's settings. `EINVAL` where Ceph does not know it or its value. A size of 1 is set without asking again. */
export async function setPool(ceph: Ceph, pool: string, name: string, val: string): Promise<void> {
  const sure = name === "size" && Number(val) === 1 ? { yes_i_really_mean_it: true } : {};
  await ceph.command({ prefix: "osd pool set", pool, var: name, val, ...sure });
}

/** Limits what a pool may hold; 0: no limit. */
export async function setPoolQuota(ceph: Ceph, pool: string, field: "max_bytes" | "max_objects", limit: number): Promise<void> {
  await ceph.command({ prefix: "osd pool set-quota", pool, field, val: String(limit) });
}

/** Says what a pool is for; what else it was for, it stays for. */
export async function enablePoolApplication(ceph: Ceph, pool: string, app: string): Promise<void> {
  await ceph.command({ prefix: "osd pool application enable", pool, app, yes_i_really_mean_it: true });
}

/** `ceph df`, as far as it is about pools. */
export async function poolUsage(ceph: Ceph, options?: CephCommandOptions): Promise<readonly PoolUsage[]> {
  return (await ceph.command<{ readonly pools: readonly PoolUsage[] }>({ prefix: "df" }, options)).pools;
}
