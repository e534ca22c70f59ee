import { describe, expect, test } from "@jest/globals";
import { sayObstacle, sayRemark } from "./explain.ts";

type Obstacle = Parameters<typeof sayObstacle>[1];
type Remark = Parameters<typeof sayRemark>[1];

const lacks = { root: "default", deviceClass: "nvme", isComing: false } as const;
const conflict = (conflict: Extract<Obstacle, { type: "poolTypeConflict" }>["conflict"]): Obstacle => ({
  type: "poolTypeConflict",
  conflict,
});

describe("an obstacle", () => {
  test.each<[string, Obstacle, string, number, string]>([
    [
      "a type that CRUSH lacks",
      { type: "typeMissing", failureDomain: "shelf", known: ["osd", "host"] },
      "CrushFailureDomainMissing",
      10_000,
      "Pool a: CRUSH has no type shelf; failureDomain must be one of osd, host",
    ],
    [
      "a root that CRUSH lacks",
      { type: "rootMissing", root: "other", isComing: false },
      "CrushRootMissing",
      5000,
      "Pool a: CRUSH has no root other; correct crushRoot, or give OSDs that root",
    ],
    [
      "a class that no OSD has",
      { type: "classMissing", ...lacks, known: ["hdd", "ssd"] },
      "DeviceClassMissing",
      5000,
      "Pool a: no OSD below default is of device class nvme; there are hdd, ssd; correct deviceClass, or add such devices",
    ],
    [
      "a class where no OSD has any",
      { type: "classMissing", ...lacks, known: [] },
      "DeviceClassMissing",
      5000,
      "Pool a: no OSD below default is of device class nvme; there are none; correct deviceClass, or add such devices",
    ],
    [
      "a rule that another pool uses",
      { type: "ruleTaken", rule: "a" },
      "CrushRuleTaken",
      30_000,
      "Pool a: CRUSH rule a is used by another pool and says something else; give this pool another name",
    ],
    [
      "a profile that another pool uses",
      { type: "profileTaken", profile: "a_ecprofile" },
      "CrushRuleTaken",
      30_000,
      "Pool a: erasure code profile a_ecprofile is used by another pool and says something else; give this pool another name",
    ],
    [
      "a rule of two steps that is not there",
      { type: "ruleOfStepsMissing", rule: "mine", copiesEach: 2 },
      "CrushRuleMissing",
      30_000,
      "Pool a: replicated.replicasPerFailureDomain is 2, which needs a CRUSH rule of two steps, and such a rule is not made yet; make one called mine with crushtool, or take replicasPerFailureDomain away",
    ],
    [
      "a pool of a service",
      { type: "poolOfAnother", owner: "cephfs", application: "rbd" },
      "PoolOfAnother",
      60_000,
      "Pool a belongs to cephfs, and the spec asks for one of rbd; choose another name, or set application",
    ],
    [
      "a pool that is erasure coded",
      conflict({ type: "isErasureCoded" }),
      "PoolTypeConflict",
      60_000,
      "Pool a is erasure coded, and the spec asks for a replicated one; set the spec back, or make a new pool and move the data",
    ],
    [
      "a pool that is replicated",
      conflict({ type: "isReplicated" }),
      "PoolTypeConflict",
      60_000,
      "Pool a is replicated, and the spec asks for an erasure coded one; set the spec back, or make a new pool and move the data",
    ],
    [
      "a pool with other chunks",
      conflict({ type: "otherChunks", has: { data: "2", coding: undefined }, asked: { data: 4, coding: 2 } }),
      "PoolTypeConflict",
      60_000,
      "Pool a has 2 data and ? coding chunks, and the spec asks for 4 and 2; set the spec back, or make a new pool and move the data",
    ],
    [
      "a pool with another plugin",
      conflict({ type: "otherPlugin", has: "isa", asked: "jerasure" }),
      "PoolTypeConflict",
      60_000,
      "Pool a is coded by isa, and the spec asks for jerasure; set the spec back, or make a new pool and move the data",
    ],
  ])("%s is said with what helps", (_what, obstacle, reason, recheckAfterMs, message) => {
    expect(sayObstacle("a", obstacle)).toEqual({ state: "blocked", reason, message, recheckAfterMs });
  });

  test.each<[string, Obstacle]>([
    ["a root", { type: "rootMissing", root: "other", isComing: true }],
    ["a class", { type: "classMissing", ...lacks, known: [], isComing: true }],
  ])("%s that OSDs may bring lets the operator wait", (_what, obstacle) => {
    expect(sayObstacle("a", obstacle)).toMatchObject({ state: "waiting", recheckAfterMs: 5000 });
  });
});

describe("a remark", () => {
  const kept = (why: Extract<Remark, { type: "ruleKept" }>["why"]): Remark => ({
    type: "ruleKept",
    differs: [
      { field: "failureDomain", is: "host" },
      { field: "deviceClass", is: undefined },
    ],
    why,
  });
  const has = "pool a still has failureDomain host, deviceClass any: ";

  test.each<[string, Remark, string]>([
    [
      "an erasure coded pool keeps its rule",
      kept({ type: "erasureCoded" }),
      `${has}an erasure coded pool keeps the places it was made with`,
    ],
    ["a parameter names the rule", kept({ type: "ruleNamed", rule: "mine" }), `${has}parameters.crush_rule names mine, which decides`],
    [
      "the rule would tell copies apart",
      kept({ type: "copiesToldApart" }),
      `${has}a rule that tells copies apart is not made yet, so that the pool's stays`,
    ],
    ["the user has not asked for a move", kept({ type: "updatesOff" }), `${has}enableCrushUpdates: true moves it, with all its data`],
    [
      "the autoscaler decides",
      { type: "leftToAutoscaler", parameter: "pg_num" },
      "parameter pg_num is left to the autoscaler: set pg_num_min, or pg_autoscale_mode to off",
    ],
  ])("says that %s", (_what, remark, message) => {
    expect(sayRemark("a", remark)).toBe(message);
  });
});
