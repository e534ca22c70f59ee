import { describe, expect, test } from "@jest/globals";
import type { CrushMap, CrushRule } from "../ceph/commands/crush.ts";
import type { Places } from "./crush-places.ts";
import { isUsed, leftRules, missingInCrush, type RuleObstacle, ruleFor, ruleOf, samePlaces, wantedPlaces } from "./crush-rules.ts";
import type { PoolView } from "./look-at-pool.ts";
import type { PoolSpec } from "./pool-spec.ts";

const hosts: Places = { root: "default", deviceClass: undefined, failureDomain: "host" };
const racksOfSsds: Places = { root: "default", deviceClass: "ssd", failureDomain: "rack" };

/** A plain replicated rule; `taken`: a root, with its class after `~`. */
const rule = (rule_id: number, rule_name: string, failureDomain = "host", taken = "default", type = 1): CrushRule => ({
  rule_id,
  rule_name,
  type,
  steps: [{ op: "take", item_name: taken }, { op: "chooseleaf_firstn", num: 0, type: failureDomain }, { op: "emit" }],
});
const first = rule(0, "replicated_rule");
const ofSteps: CrushRule = {
  ...rule(1, "a"),
  steps: [
    { op: "take", item_name: "default" },
    { op: "choose_firstn", num: 2, type: "host" },
    { op: "chooseleaf_firstn", num: 2, type: "osd" },
    { op: "emit" },
  ],
};

/** `users`: pools by name, with the id of the rule that they have. */
const maps = (rules: readonly CrushRule[], users: Readonly<Record<string, number>> = {}) =>
  ({
    crush: { devices: [], types: [], buckets: [], rules },
    pools: Object.entries(users).map(([pool_name, crush_rule]) => ({ pool_name, crush_rule })),
  }) as unknown as Pick<PoolView, "crush" | "pools">;

describe("the rule that a pool has", () => {
  test.each([
    ["is the one of its id", 2, "b"],
    ["is unknown where the map lacks it", 3, undefined],
  ])("%s", (_what, crush_rule, expected) => {
    expect(ruleOf({ rules: [first, rule(2, "b")] }, { crush_rule })?.rule_name).toBe(expected);
  });
});

describe("the places that a spec wants", () => {
  test.each<[string, PoolSpec, Places]>([
    ["are hosts below the cluster's root, of any class", {}, { ...hosts, root: "ours" }],
    ["are what the spec names", { crushRoot: "default", deviceClass: "ssd", failureDomain: "rack" }, racksOfSsds],
    ["are not named by empty text", { crushRoot: "", deviceClass: "", failureDomain: "" }, { ...hosts, root: "ours" }],
  ])("%s", (_what, spec, expected) => {
    expect(wantedPlaces({ spec, crushRoot: "ours" })).toEqual(expected);
  });
});

describe("two places", () => {
  test.each<[string, Places | undefined, boolean]>([
    ["are the same where all fields are", { ...hosts }, true],
    ["differ by their root", { ...hosts, root: "other" }, false],
    ["differ by their class", { ...hosts, deviceClass: "ssd" }, false],
    ["differ by their failure domain", { ...hosts, failureDomain: "osd" }, false],
    ["differ where one is not known", undefined, false],
  ])("%s", (_what, left, expected) => {
    expect(samePlaces(left, hosts)).toBe(expected);
  });
});

describe("what CRUSH lacks", () => {
  const types = ["osd", "host", "rack", "root"].map((name, type_id) => ({ type_id, name }));
  const crush: CrushMap = {
    types,
    devices: [
      { id: 0, name: "osd.0", class: "ssd" },
      { id: 1, name: "osd.1", class: "hdd" },
      { id: 2, name: "osd.2", class: "hdd" },
      { id: 3, name: "osd.3" },
    ],
    buckets: [
      { id: -1, name: "default", type_id: 3, type_name: "root", items: [{ id: 0 }, { id: 1 }] },
      { id: -2, name: "other", type_id: 3, type_name: "root", items: [{ id: 2 }, { id: 3 }] },
    ],
    rules: [],
  };

  test.each<[string, Partial<Places>, RuleObstacle | undefined]>([
    ["is nothing where all is there", racksOfSsds, undefined],
    [
      "is a type, with those to choose from",
      { failureDomain: "shelf" },
      { type: "typeMissing", failureDomain: "shelf", known: ["osd", "host", "rack"] },
    ],
    ["is a root", { root: "gone" }, { type: "rootMissing", root: "gone", isComing: false }],
    [
      "is a class below the root, with those that there are",
      { root: "other", deviceClass: "ssd" },
      { type: "classMissing", root: "other", deviceClass: "ssd", known: ["hdd", "ssd"], isComing: false },
    ],
    [
      "is the type before all else",
      { failureDomain: "shelf", root: "gone", deviceClass: "nvme" },
      { type: "typeMissing", failureDomain: "shelf", known: ["osd", "host", "rack"] },
    ],
    ["is the root before the class", { root: "gone", deviceClass: "nvme" }, { type: "rootMissing", root: "gone", isComing: false }],
  ])("%s", (_what, places, expected) => {
    expect(missingInCrush(crush, { ...hosts, ...places }, false)).toEqual(expected);
  });

  test.each<[string, Partial<Places>, boolean | undefined]>([
    ["brings a root", { root: "gone" }, true],
    ["brings a class", { deviceClass: "nvme" }, true],
    ["brings no type", { failureDomain: "shelf" }, undefined],
  ])("a cluster that forms %s", (_what, places, expected) => {
    const missing = missingInCrush(crush, { ...hosts, ...places }, true);
    expect(missing && "isComing" in missing ? missing.isComing : undefined).toBe(expected);
  });
});

describe("the rule for pool a", () => {
  const made = (name: string) => ({ type: "createRule", rule: { name, root: "default", failureDomain: "host" } });

  test.each<[string, Parameters<typeof maps>, ReturnType<typeof ruleFor> | { rule: string; actions: unknown[] }]>([
    ["is made by its name", [[first]], { rule: "a", actions: [made("a")] }],
    ["is taken as it is where it puts things there", [[rule(1, "a")], { b: 1 }], { rule: "a", actions: [] }],
    [
      "is replaced where a pool that is gone left it",
      [[rule(1, "a", "osd")], { b: 0 }],
      { rule: "a", actions: [{ type: "removeRule", name: "a" }, made("a")] },
    ],
    [
      "has another name where a pool uses the one of its name",
      [[rule(1, "a", "osd")], { a: 1 }],
      { rule: "a_host", actions: [made("a_host")] },
    ],
    [
      "is its other one where that puts things there",
      [[rule(1, "a", "osd"), rule(2, "a_host")], { a: 1 }],
      { rule: "a_host", actions: [] },
    ],
    [
      "replaces its other one where no pool uses that",
      [[rule(1, "a", "osd"), rule(2, "a_host", "rack")], { a: 1 }],
      { rule: "a_host", actions: [{ type: "removeRule", name: "a_host" }, made("a_host")] },
    ],
    ["is none where pools use both names", [[rule(1, "a", "osd"), rule(2, "a_host", "rack")], { a: 1, b: 2 }], undefined],
    ["is no rule for erasure coded pools", [[rule(1, "a", "host", "default", 3)], { b: 1 }], { rule: "a_host", actions: [made("a_host")] }],
    ["is no rule of two steps", [[ofSteps], { b: 1 }], { rule: "a_host", actions: [made("a_host")] }],
    ["is never made in place of Ceph's first rule", [[rule(0, "a", "osd")]], { rule: "a_host", actions: [made("a_host")] }],
  ])("%s", (_what, args, expected) => {
    expect(ruleFor(maps(...args), "a", hosts)).toEqual(expected);
  });

  test("has the device class in the rule, and in its other name", () => {
    expect(ruleFor(maps([rule(1, "a")], { a: 1 }), "a", racksOfSsds)).toEqual({
      rule: "a_rack_ssd",
      actions: [{ type: "createRule", rule: { name: "a_rack_ssd", root: "default", failureDomain: "rack", deviceClass: "ssd" } }],
    });
  });
});

describe("the rules that pool a has left", () => {
  test.each<[string, Parameters<typeof maps>, string[]]>([
    [
      "are those of its names",
      [[first, rule(1, "a"), rule(2, "a_rack", "rack"), rule(3, "a_rack_ssd", "rack", "default~ssd")]],
      ["a", "a_rack", "a_rack_ssd"],
    ],
    ["are not those of other names", [[rule(1, "b"), rule(2, "ab"), rule(3, "b_rack", "rack")]], []],
    ["are none that puts things elsewhere than its name says", [[rule(1, "a_rack", "host"), rule(2, "a_host", "host", "default~ssd")]], []],
    ["are none that a pool uses", [[rule(1, "a"), rule(2, "a_rack", "rack")], { a: 1, b: 2 }], []],
    ["are none that bears the name of another pool", [[rule(1, "a_rack", "rack")], { a_rack: 0 }], []],
    ["may be of a form that is not known, by its own name", [[{ ...rule(1, "a"), steps: [] }]], ["a"]],
    ["are never Ceph's first rule", [[rule(0, "a")]], []],
  ])("%s", (_what, args, expected) => {
    expect(leftRules(maps(...args), "a")).toEqual(expected);
  });

  test("are not the one to keep", () => {
    expect(leftRules(maps([rule(1, "a"), rule(2, "a_rack", "rack")]), "a", 1)).toEqual(["a_rack"]);
  });
});

describe("a rule", () => {
  test.each([
    ["is used where a pool has it", 2, true],
    ["is not used where none has it", 1, false],
    ["is always used where it is Ceph's first", 0, true],
  ])("%s", (_what, id, expected) => {
    expect(isUsed([{ crush_rule: 2 }, { crush_rule: 3 }], id)).toBe(expected);
  });
});
