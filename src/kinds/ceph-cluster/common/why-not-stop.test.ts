import { describe, expect, test } from "@jest/globals";
import type { PoolDetail } from "../../../ceph/commands/pool.ts";
import { whyNotStop } from "./why-not-stop.ts";

const pool = (id: number, pool_name: string, size: number, min_size: number): PoolDetail => ({
  pool: id,
  pool_name,
  size,
  min_size,
  type: 1,
  crush_rule: 0,
  pg_num: 8,
  pg_num_target: 8,
  pg_placement_num_target: 8,
  pg_autoscale_mode: "on",
  erasure_code_profile: "",
  application_metadata: {},
  create_time: "",
  flags_names: "",
  quota_max_bytes: 0,
  quota_max_objects: 0,
});
const pools = [pool(1, ".mgr", 3, 2), pool(2, "rbd", 2, 2)];

describe("why an OSD may not be stopped", () => {
  test.each([
    [
      "a pool that spares no copy is named, with what helps",
      { bad_become_inactive: ["2.0", "2.1a"] },
      "2 PGs of pool rbd (size 2, min_size 2) would become inactive; raise its size or lower min_size",
    ],
    [
      "a pool that lacks copies now is named",
      { bad_become_inactive: ["1.0"] },
      "1 PG of pool .mgr (size 3, min_size 2) would become inactive, as copies are missing now",
    ],
    [
      "PGs that are inactive are named by their pool",
      { bad_already_inactive: ["1.0"] },
      "1 PG of pool .mgr (size 3, min_size 2) is inactive already",
    ],
    [
      "a mgr that does not know yet is named",
      { unknown_pgs: ["1.0", "2.0"] },
      "the mgr does not know the state of 1 PG of pool .mgr (size 3, min_size 2) yet; the mgr does not know the state of 1 PG of pool rbd (size 2, min_size 2) yet",
    ],
    ["a pool that is gone leaves its PG's name", { bad_no_pool_pgs: ["9.3"] }, "no pool is known for 1 PG (9.3)"],
    ["without a report Ceph's own words stand", {}, "unsafe to stop osd(s) at this time"],
  ])("%s", (_what, report, expected) => {
    expect(whyNotStop({ type: "refused", words: "unsafe to stop osd(s) at this time", report }, pools)).toBe(
      `Ceph says it is not ok to stop: ${expected}`,
    );
  });

  test("an mgr that does not answer is told of", () => {
    expect(whyNotStop({ type: "noAnswer", words: "no answer within 5 s" }, pools)).toBe(
      "the active mgr does not answer whether it may be stopped: no answer within 5 s",
    );
  });
});
