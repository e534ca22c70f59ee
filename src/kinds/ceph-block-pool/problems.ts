import { poolProblems } from "../../pools/pool-problems.ts";
import type { SpecProblem } from "../../resource/child-kind.ts";
import { type CephBlockPool, poolNameOf } from "./ceph-block-pool.ts";

/** What the schema cannot tell of a CephBlockPool, and what would be right. */
export function blockPoolProblems(pool: CephBlockPool): SpecProblem[] {
  const problems = poolProblems(pool.spec);
  if (poolNameOf(pool) === ".mgr" && pool.spec.erasureCoded !== undefined && pool.spec.replicated === undefined)
    problems.push({ field: "erasureCoded", value: pool.spec.erasureCoded, message: "the pool .mgr is replicated, and cannot be another" });
  return problems;
}
