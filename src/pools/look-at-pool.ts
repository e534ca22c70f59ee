import type { Ceph, CephCommandOptions } from "../ceph/ceph.ts";
import { type CrushMap, crushDump } from "../ceph/commands/crush.ts";
import { type ErasureCodeProfile, erasureCodeProfile } from "../ceph/commands/erasure-code.ts";
import { type PoolDetail, type PoolSettings, poolDetails, poolSettings } from "../ceph/commands/pool.ts";
import { isErasureCoded, type WantedPool } from "./pool-spec.ts";
import { wantedSettings } from "./wanted-settings.ts";

/** What Ceph's maps say about a pool and what it is built of. */
export interface PoolView {
  /** Every pool. */
  readonly pools: readonly PoolDetail[];
  readonly crush: CrushMap;
  /** The pool itself, where it is there. */
  readonly pool: PoolDetail | undefined;
  /** Its settings by name; empty where there is no pool, or none is asked for. */
  readonly settings: PoolSettings;
  /** The erasure code profile that it has, or of the name that it would have; undefined where it is not there, or none is asked for. */
  readonly profile: ErasureCodeProfile | undefined;
}

/** The name of the erasure code profile of a pool, as Rook names it. */
export function profileNameOf(pool: string): string {
  return `${pool}_ecprofile`;
}

/** Asks Ceph: two questions, and one more where the spec has parameters or an erasure code. */
export async function lookAtPool(ceph: Ceph, { name, spec }: WantedPool, options?: CephCommandOptions): Promise<PoolView> {
  const [pools, crush] = await Promise.all([poolDetails(ceph, options), crushDump(ceph, options)]);
  const pool = pools.find(({ pool_name }) => pool_name === name);
  const profile = pool?.erasure_code_profile || profileNameOf(name);
  return {
    pools,
    crush,
    pool,
    settings: pool === undefined || wantedSettings(spec).size === 0 ? {} : ((await poolSettings(ceph, name, options)) ?? {}),
    profile: isErasureCoded(spec) ? await erasureCodeProfile(ceph, profile, options) : undefined,
  };
}
