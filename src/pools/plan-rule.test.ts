import { describe, expect, test } from "@jest/globals";
import type { CrushRule } from "../ceph/commands/crush.ts";
import type { PoolDetail } from "../ceph/commands/pool.ts";
import type { PoolView } from "./look-at-pool.ts";
import { planRule, type RulePlan, type WhyRuleStays } from "./plan-rule.ts";
import type { PoolSpec } from "./pool-spec.ts";

const plain = (rule_id: number, rule_name: string, failureDomain: string, taken = "default"): CrushRule => ({
  rule_id,
  rule_name,
  type: 1,
  steps: [{ op: "take", item_name: taken }, { op: "chooseleaf_firstn", num: 0, type: failureDomain }, { op: "emit" }],
});

/** Pool a has the rule of the id 1. */
const plan = (spec: PoolSpec, rules = [plain(1, "a", "host")], others: Readonly<Record<string, number>> = {}): RulePlan => {
  const pools = Object.entries({ a: 1, ...others }).map(([pool_name, crush_rule]) => ({ pool_name, crush_rule }) as PoolDetail);
  const view: PoolView = {
    crush: {
      devices: [{ id: 0, name: "osd.0", class: "hdd" }],
      types: ["osd", "host", "rack", "root"].map((name, type_id) => ({ type_id, name })),
      buckets: [{ id: -1, name: "default", type_id: 3, type_name: "root", items: [{ id: 0 }] }],
      rules,
    },
    pools,
    pool: pools[0],
    settings: {},
    profile: undefined,
  };
  return planRule(view, { pool_name: "a", crush_rule: 1 } as PoolDetail, { name: "a", application: "rbd", crushRoot: "default", spec });
};
const elsewhere = { failureDomain: "rack", enableCrushUpdates: true } as const;
const set = (value: string) => ({ type: "set", name: "crush_rule", value, field: "failureDomain" });

describe("the rule of a pool that is there", () => {
  test.each<[string, PoolSpec, WhyRuleStays]>([
    ["without enableCrushUpdates", { enableCrushUpdates: false }, { type: "updatesOff" }],
    ["with chunks", { erasureCoded: { dataChunks: 2, codingChunks: 1 } }, { type: "erasureCoded" }],
    ["where a parameter names it", { parameters: { crush_rule: "mine" } }, { type: "ruleNamed", rule: "mine" }],
    ["where it is to tell copies apart", { replicated: { size: 2, subFailureDomain: "osd" } }, { type: "copiesToldApart" }],
    [
      "with chunks, whatever else would keep it",
      {
        erasureCoded: { dataChunks: 2, codingChunks: 1 },
        parameters: { crush_rule: "mine" },
        replicated: { size: 2, subFailureDomain: "osd" },
      },
      { type: "erasureCoded" },
    ],
    [
      "where a parameter names it, and it is to tell copies apart",
      { parameters: { crush_rule: "mine" }, replicated: { size: 2, subFailureDomain: "osd" }, enableCrushUpdates: false },
      { type: "ruleNamed", rule: "mine" },
    ],
  ])("stays %s", (_what, spec, why) => {
    expect(plan({ ...elsewhere, ...spec })).toEqual({ type: "ruleKept", differs: [{ field: "failureDomain", is: "host" }], why });
  });

  test("stays with all that differs, in the order of the fields", () => {
    expect(plan({ failureDomain: "rack", deviceClass: "ssd", crushRoot: "other" })).toMatchObject({
      differs: [
        { field: "failureDomain", is: "host" },
        { field: "deviceClass", is: undefined },
        { field: "crushRoot", is: "default" },
      ],
    });
  });

  test.each<[string, PoolSpec, CrushRule[], unknown[]]>([
    ["stays without a word where the spec says nothing else", {}, [plain(1, "a", "rack", "other~ssd")], []],
    ["stays where its form is not known", elsewhere, [{ ...plain(1, "a", "host"), steps: [] }], []],
    ["stays where the map lacks it", elsewhere, [], []],
    [
      "stays where it is as asked, and those before it go",
      elsewhere,
      [plain(1, "a_rack", "rack"), plain(2, "a", "host")],
      [{ type: "removeRule", name: "a" }],
    ],
    [
      "is made and changed, and the one before it goes",
      elsewhere,
      [plain(1, "a", "host")],
      [
        { type: "createRule", rule: { name: "a_rack", root: "default", failureDomain: "rack" } },
        set("a_rack"),
        { type: "removeRule", name: "a" },
      ],
    ],
    ["is changed to one that is there", elsewhere, [plain(1, "by-hand", "host"), plain(2, "a", "rack")], [set("a")]],
  ])("%s", (_what, spec, rules, actions) => {
    expect(plan(spec, rules)).toEqual({ type: "change", actions });
  });

  test.each<[string, PoolSpec, Parameters<typeof plan>[1], Parameters<typeof plan>[2], RulePlan]>([
    [
      "where CRUSH lacks what the spec wants",
      { crushRoot: "other" },
      undefined,
      undefined,
      { type: "obstacle", obstacle: { type: "rootMissing", root: "other", isComing: false } },
    ],
    [
      "where other pools use its names",
      {},
      [plain(1, "a", "host"), plain(2, "a_rack", "osd")],
      { b: 2 },
      { type: "obstacle", obstacle: { type: "ruleTaken", rule: "a" } },
    ],
  ])("cannot be changed %s", (_what, spec, rules, others, expected) => {
    expect(plan({ ...elsewhere, ...spec }, rules, others)).toEqual(expected);
  });
});
