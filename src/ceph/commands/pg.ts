import type { Ceph, CephCommandOptions } from "../ceph.ts";

/** A PG that `pg dump_stuck` names, as far as it is used. */
export interface StuckPg {
  /** The pool's id before the dot: `2.1f`. */
  readonly pgid: string;
  /** `undersized+peered`, `unknown` … */
  readonly state: string;
}

/** PGs that have been inactive for so many seconds, as the mgr knows. Needs an active mgr. */
export async function inactivePgs(ceph: Ceph, seconds: number, options?: CephCommandOptions): Promise<readonly StuckPg[]> {
  const { stuck_pg_stats } = await ceph.command<{ readonly stuck_pg_stats: readonly StuckPg[] }>(
    { prefix: "pg dump_stuck", stuckops: ["inactive"], threshold: seconds },
    { target: "mgr", ...options },
  );
  return stuck_pg_stats;
}
