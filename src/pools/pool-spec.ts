// No zod at run time here: the operator needs the types only, and zod costs memory.
import type { z } from "zod";
import type { poolSpec } from "../schema/pool-schema.ts";

/** A pool in Rook's words, as CephBlockPool has it in its spec and CephFilesystem in its lists. */
export type PoolSpec = z.input<typeof poolSpec>;

/** One pool as it should be in Ceph. Its spec has no problems; see `poolProblems`. */
export interface WantedPool {
  readonly name: string;
  /** What it is for: rbd, cephfs… */
  readonly application: string;
  readonly spec: PoolSpec;
  /** The CRUSH root where the spec names none. */
  readonly crushRoot: string;
}

/** Whether the spec asks for an erasure coded pool; a replicated one otherwise. */
export function isErasureCoded({ erasureCoded }: PoolSpec): boolean {
  return (erasureCoded?.dataChunks ?? 0) > 0 || (erasureCoded?.codingChunks ?? 0) > 0;
}

/** How many copies, or chunks of both kinds, there are of each object. */
export function sizeOf(spec: PoolSpec): number {
  const { erasureCoded, replicated } = spec;
  return isErasureCoded(spec) ? (erasureCoded?.dataChunks ?? 0) + (erasureCoded?.codingChunks ?? 0) : (replicated?.size ?? 0);
}

/** Whether the spec asks for a CRUSH rule that tells copies apart, which is not made yet: a plain one would put them elsewhere. */
export function wantsRuleOfSteps({ replicated }: PoolSpec): boolean {
  return Boolean(replicated?.hybridStorage) || Boolean(replicated?.subFailureDomain) || copiesPerDomainOf({ replicated }) > 1;
}

/** How many copies the spec puts into one failure domain. */
export function copiesPerDomainOf({ replicated }: PoolSpec): number {
  return replicated?.replicasPerFailureDomain ?? 1;
}

/** The type of bucket that the spec wants copies or chunks spread over. */
export function wantedFailureDomain({ failureDomain }: PoolSpec): string {
  return failureDomain || "host";
}
