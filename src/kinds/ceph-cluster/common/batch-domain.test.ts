import { describe, expect, test } from "@jest/globals";
import type { CrushRule } from "../../../ceph/commands/crush.ts";
import type { PoolDetail } from "../../../ceph/commands/pool.ts";
import { batchDomain, bucketOf } from "./batch-domain.ts";

const rule = (rule_id: number, type: string): CrushRule => ({
  type: 1,
  rule_id,
  rule_name: `by-${type}`,
  steps: [{ op: "take" }, { op: "chooseleaf_firstn", type }, { op: "emit" }],
});
const rules = [rule(0, "host"), rule(1, "rack"), rule(2, "osd"), rule(3, "zone")];
const poolsWith = (...ids: number[]) => ids.map((crush_rule) => ({ crush_rule }) as PoolDetail);

describe("the failure domain of a batch", () => {
  test.each([
    ["is the lowest that any pool spreads by", poolsWith(3, 1), "rack"],
    ["is the host where any pool spreads by it", poolsWith(1, 0), "host"],
    ["is above OSDs", poolsWith(2), "host"],
    ["is the host where there is no pool", [], "host"],
  ])("%s", (_what, pools, type) => {
    expect(batchDomain(rules, pools)).toBe(type);
  });

  test("a place's bucket is that of this type, or its host", () => {
    expect(bucketOf("root=default rack=r1 host=node1", "rack")).toBe("rack=r1");
    expect(bucketOf("root=default host=node1", "zone")).toBe("host=node1");
  });
});
