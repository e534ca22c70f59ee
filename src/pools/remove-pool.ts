import type { Ceph } from "../ceph/ceph.ts";
import { isCephError } from "../ceph/ceph-error.ts";
import { crushDump, removeRule } from "../ceph/commands/crush.ts";
import { erasureCodeProfile, removeErasureCodeProfile } from "../ceph/commands/erasure-code.ts";
import { deletePool, poolDetails } from "../ceph/commands/pool.ts";
import { blocked, done, type StepOutcome } from "../resource/outcome.ts";
import { leftRules } from "./crush-rules.ts";
import { profileNameOf } from "./look-at-pool.ts";
import type { PoolReason } from "./reasons.ts";

/**
 * Removes a pool with all its data, then its CRUSH rules and its erasure code profile where no other pool uses them. Idempotent. The caller
 * has made sure that nobody needs the data, and that no other object is about the same pool.
 */
export async function removePool(ceph: Ceph, name: string): Promise<StepOutcome<PoolReason>> {
  if ((await poolDetails(ceph)).some(({ pool_name }) => pool_name === name)) {
    try {
      await deletePool(ceph, name);
    } catch (error) {
      if (!isCephError(error, "EPERM")) throw error;
      return blocked("PoolDeletionRefused", `Removing pool ${name}: ${error.message}`, 10_000);
    }
  }
  const pools = await poolDetails(ceph);
  for (const rule of leftRules({ crush: await crushDump(ceph), pools }, name)) await tolerant(() => removeRule(ceph, rule));
  const profile = profileNameOf(name);
  const isUsed = pools.some(({ erasure_code_profile }) => erasure_code_profile === profile);
  if (!isUsed && (await erasureCodeProfile(ceph, profile)) !== undefined) await tolerant(() => removeErasureCodeProfile(ceph, profile));
  return done;
}

/** Somebody who uses it since we looked may keep it. */
async function tolerant(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isCephError(error, "EBUSY")) throw error;
  }
}
