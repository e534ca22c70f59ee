import type { OsdStopReport } from "../../../ceph/commands/osd.ts";
import type { PoolDetail } from "../../../ceph/commands/pool.ts";
import type { OsdStopRefusal } from "./osd-stop-verdict.ts";

/** Pools that are named at most, of each reason. */
const mostPools = 3;

/** Why an OSD must not be stopped, in words: which pool's PGs need it, and what would help. */
export function whyNotStop(refusal: OsdStopRefusal, pools: readonly PoolDetail[]): string {
  switch (refusal.type) {
    case "noMgr":
      return "no mgr is active, which knows whether it may be stopped";
    case "noAnswer":
      return `the active mgr does not answer whether it may be stopped: ${refusal.words}`;
    case "refused":
      return `Ceph says it is not ok to stop: ${sayReport(refusal.report, pools) || refusal.words}`;
  }
}

function sayReport(report: OsdStopReport, pools: readonly PoolDetail[]): string {
  const groups = (pgs: readonly string[] = []) =>
    [...Map.groupBy(pgs, (pg) => pools.find((pool) => String(pool.pool ?? pool.pool_id) === pg.split(".")[0]))].slice(0, mostPools);
  const reasons = [
    ...groups(report.bad_already_inactive).map(([pool, pgs]) => `${sayPgs(pgs, pool)} ${pgs.length === 1 ? "is" : "are"} inactive already`),
    ...groups(report.bad_become_inactive).map(
      ([pool, pgs]) =>
        `${sayPgs(pgs, pool)} would become inactive${pool !== undefined && pool.size <= pool.min_size ? "; raise its size or lower min_size" : ", as copies are missing now"}`,
    ),
    ...groups(report.unknown_pgs).map(([pool, pgs]) => `the mgr does not know the state of ${sayPgs(pgs, pool)} yet`),
    ...groups(report.bad_no_pool_pgs).map(([pool, pgs]) => `no pool is known for ${sayPgs(pgs, pool)}`),
  ];
  return reasons.join("; ");
}

/** `12 PGs of pool rbd (size 2, min_size 2)` */
function sayPgs(pgs: readonly string[], pool: PoolDetail | undefined): string {
  const count = pgs.length === 1 ? "1 PG" : `${pgs.length} PGs`;
  return pool === undefined
    ? `${count} (${pgs[0] ?? ""})`
    : `${count} of pool ${pool.pool_name} (size ${pool.size}, min_size ${pool.min_size})`;
}
