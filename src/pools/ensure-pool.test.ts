import { beforeEach, describe, expect, test } from "@jest/globals";
import { createRunningCeph, type RunningCeph, type RunningOsd } from "../../test/support/running-ceph.ts";
import { clusterStatus } from "../ceph/commands/cluster.ts";
import { type CrushRule, crushDump } from "../ceph/commands/crush.ts";
import { erasureCodeProfile } from "../ceph/commands/erasure-code.ts";
import { poolDetails, poolSettings } from "../ceph/commands/pool.ts";
import { ensurePool, type PoolFindings } from "./ensure-pool.ts";
import type { PoolSpec, WantedPool } from "./pool-spec.ts";
import { removePool } from "./remove-pool.ts";

const threeNodes: readonly RunningOsd[] = ["node1", "node2", "node3"].map((node) => ({ node }));
const replicated = (size: number, more: Partial<PoolSpec> = {}): PoolSpec => ({ replicated: { size }, ...more });
const coded: PoolSpec = { erasureCoded: { dataChunks: 2, codingChunks: 1 } };

let running: RunningCeph;

const ensure = async (spec: PoolSpec, more: Partial<WantedPool> & { isForming?: boolean } = {}): Promise<PoolFindings> => {
  const { ceph, clock } = running;
  const { isForming = false, ...wanted } = more;
  return ensurePool(
    { ceph, status: await clusterStatus(ceph), now: clock.now(), isForming },
    { name: "a", application: "rbd", crushRoot: "default", spec, ...wanted },
  );
};
/** Until nothing is on its way any more. */
const settle = async (spec: PoolSpec, more: Parameters<typeof ensure>[1] = {}): Promise<PoolFindings> => {
  await ensure(spec, more);
  await running.clock.advance(2000);
  return ensure(spec, more);
};
/** Makes a rule by hand, as Ceph's own commands do not, and gives it to the pool. */
const giveRule = async (...steps: CrushRule["steps"]): Promise<void> => {
  running.fake.state()?.crushRules.push({ rule_id: 9, rule_name: "by-hand", type: 1, steps });
  await running.ceph.command({ prefix: "osd pool set", pool: "a", var: "crush_rule", val: "by-hand" });
};
const pool = async (name = "a") => (await poolDetails(running.ceph)).find(({ pool_name }) => pool_name === name);
const ruleOf = async (name = "a") => {
  const { rules } = await crushDump(running.ceph);
  const id = (await pool(name))?.crush_rule;
  const rule = rules.find(({ rule_id }) => rule_id === id);
  return [rule?.rule_name, rule?.steps[0]?.item_name, rule?.steps[1]?.type];
};
const rules = async () => (await crushDump(running.ceph)).rules.map(({ rule_name }) => rule_name);
/** The commands that changed Ceph since the last time. */
const changes = (): string[] => {
  const said = running.fake.mutations().map(({ prefix, ...rest }) => `${prefix} ${Object.values(rest).flat().join(" ")}`);
  running.fake.clearCommands();
  return said;
};

describe("a replicated pool", () => {
  beforeEach(async () => {
    running = await createRunningCeph(threeNodes);
  });

  test("is made with a rule of its name, and is done once its placement groups are there", async () => {
    expect((await ensure(replicated(3))).outcome).toMatchObject({ state: "waiting", reason: "CreatingPool" });
    await running.clock.advance(2000);

    const found = await ensure(replicated(3));
    expect(found).toMatchObject({ outcome: { state: "done" }, failureDomain: "host", remarks: [] });
    expect(found.pool).toMatchObject({ pool_id: 2, type: 1, size: 3, min_size: 2, application_metadata: { rbd: {} } });
    expect(await ruleOf()).toEqual(["a", "default", "host"]);
    expect(changes()).toEqual([
      "osd crush rule create-replicated a default host",
      "osd pool create a 0 replicated a 3",
      "osd pool application enable a rbd true",
    ]);
  });

  test("is left as it is by a further pass", async () => {
    const spec = replicated(2, {
      parameters: { compression_mode: "aggressive", pg_autoscale_mode: "off", pg_num: "8", bulk: "true", min_size: "1", pg_num_min: "4" },
      quotas: { maxSize: "1Gi", maxObjects: 1000 },
      failureDomain: "osd",
      deviceClass: "hdd",
    });
    await settle(spec);
    changes();

    expect((await ensure(spec)).outcome).toEqual({ state: "done" });
    expect(changes()).toEqual([]);
  });

  test.each<[string, NonNullable<PoolSpec["parameters"]>]>([
    ["a ratio without a digit before the point", { target_size_ratio: ".5" }],
    ["a size in large units", { target_size_bytes: "1P" }],
    ["nothing, said as a fraction", { target_size_ratio: "0.0" }],
    ["the size that the pool has anyway", { size: "2", min_size: "2" }],
    ["a pgp_num of its own", { pg_autoscale_mode: "off", pg_num: "8", pgp_num: "4" }],
    ["a pgp_num that follows pg_num", { pg_autoscale_mode: "off", pg_num: "8", pgp_num: "8" }],
  ])("is left as it is by a further pass with %s", async (_what, parameters) => {
    // a size that is changed brings its min_size along
    await settle(replicated(3));
    await settle(replicated(2, { parameters }));
    changes();

    expect((await ensure(replicated(2, { parameters }))).outcome).toEqual({ state: "done" });
    expect(changes()).toEqual([]);
  });

  test("has the rule that a parameter names, whatever else the spec says of places", async () => {
    await running.ceph.command({ prefix: "osd crush rule create-replicated", name: "mine", root: "default", type: "osd" });
    const spec = replicated(3, { parameters: { crush_rule: "mine" }, failureDomain: "host", enableCrushUpdates: true });
    expect((await settle(spec)).outcome).toEqual({ state: "done" });
    expect(await ruleOf()).toEqual(["mine", "default", "osd"]);
    changes();

    expect((await ensure(spec)).remarks).toEqual(["pool a still has failureDomain osd: parameters.crush_rule names mine, which decides"]);
    expect(changes()).toEqual([]);
    expect((await settle(replicated(3, { parameters: { crush_rule: "none-such" } }))).outcome).toMatchObject({
      reason: "ParametersRefused",
      message: expect.stringContaining("spec.parameters.crush_rule: crush_rule = none-such: "),
    });
  });

  test("gets its parameters, its quotas and its application", async () => {
    const spec = replicated(2, {
      parameters: { compression_mode: "force", pg_autoscale_mode: "warn", pg_num: "16", nodelete: "1" },
      quotas: { maxBytes: 5, maxSize: "10Gi", maxObjects: 7 },
    });
    await settle({ ...spec, replicated: { size: 2, targetSizeRatio: 0.5 } }, { application: "mine" });

    expect(await pool()).toMatchObject({
      quota_max_bytes: 10 * 2 ** 30,
      quota_max_objects: 7,
      pg_num: 16,
      application_metadata: { mine: {} },
    });
    expect(await poolSettings(running.ceph, "a")).toMatchObject({
      compression_mode: "force",
      target_size_ratio: 0.5,
      pg_autoscale_mode: "warn",
      nodelete: true,
    });
  });

  test("changes its size, and keeps the min_size that is asked for", async () => {
    await settle(replicated(3, { parameters: { min_size: "1" } }));
    await settle(replicated(2, { parameters: { min_size: "2" } }));
    expect(await pool()).toMatchObject({ size: 2, min_size: 2 });

    await settle(replicated(1));
    expect(await pool()).toMatchObject({ size: 1, min_size: 1 });
  });

  test("leaves to the autoscaler what it would change again, and says so", async () => {
    const found = await settle(replicated(3, { parameters: { pg_num: "64" } }));
    const again = await settle(replicated(3, { parameters: { pg_num: "32" } }));

    expect([(await pool())?.pg_num, found.outcome.state, found.remarks]).toEqual([64, "done", []]);
    expect(again.remarks).toEqual(["parameter pg_num is left to the autoscaler: set pg_num_min, or pg_autoscale_mode to off"]);
  });

  test("tells which setting Ceph refuses, and makes the others", async () => {
    const found = await settle(replicated(3, { parameters: { no_such: "1", bulk: "true" } }));

    expect(found.outcome).toMatchObject({ state: "blocked", reason: "ParametersRefused" });
    expect(found.outcome).toHaveProperty("message", expect.stringContaining("spec.parameters.no_such: no_such = 1"));
    expect(await poolSettings(running.ceph, "a")).toMatchObject({ bulk: true });
  });

  test("takes a rule of its name that a pool before it left, where it says the same, and replaces it where not", async () => {
    await running.ceph.command({ prefix: "osd crush rule create-replicated", name: "a", root: "default", type: "osd" });
    await settle(replicated(3));
    expect(await ruleOf()).toEqual(["a", "default", "host"]);
  });

  test("cannot become erasure coded", async () => {
    await settle(replicated(3));
    changes();

    expect((await ensure(coded)).outcome).toMatchObject({ state: "blocked", reason: "PoolTypeConflict" });
    expect(changes()).toEqual([]);
  });

  test("goes with its rule, and leaves what others use", async () => {
    await settle(replicated(3));
    await settle(replicated(3), { name: "b" });
    await running.ceph.command({ prefix: "osd pool set", pool: "b", var: "crush_rule", val: "a" });

    expect(await removePool(running.ceph, "a")).toEqual({ state: "done" });
    expect([await pool("a"), await rules()]).toEqual([undefined, ["replicated_rule", "a", "b"]]);
    await removePool(running.ceph, "b");
    expect(await rules()).toEqual(["replicated_rule", "a"]);
    changes();
    await removePool(running.ceph, "b");
    expect(changes()).toEqual([]);
  });

  test("never takes Ceph's own rule along, even where it bears the pool's name", async () => {
    await settle(replicated(3), { name: "replicated_rule" });
    await removePool(running.ceph, "replicated_rule");
    expect(await rules()).toEqual(["replicated_rule"]);
  });

  test("is not removed while the mons may not", async () => {
    await settle(replicated(3));
    await running.ceph.command({ prefix: "config set", who: "global", name: "mon_allow_pool_delete", value: "false" });

    expect(await removePool(running.ceph, "a")).toMatchObject({ state: "blocked", reason: "PoolDeletionRefused" });
    expect(await pool()).toBeDefined();
  });

  test("that loses its OSDs says so once its placement groups are inactive", async () => {
    await settle(replicated(3));
    running.setUp(0, false);
    expect((await ensure(replicated(3))).outcome).toEqual({ state: "done" });

    running.setUp(1, false);
    expect((await ensure(replicated(3))).outcome).toMatchObject({ state: "waiting", reason: "PlacementGroupsInactive" });
  });
});

describe("where a pool may be", () => {
  const racks: readonly RunningOsd[] = [
    { node: "node1", rack: "r1" },
    { node: "node2", rack: "r1", deviceClass: "ssd" },
    { node: "node3", rack: "r2" },
    { node: "node4", rack: "r2", deviceClass: "ssd" },
  ];

  beforeEach(async () => {
    running = await createRunningCeph(racks);
  });

  test.each<[string, PoolSpec, string, string]>([
    ["a type that CRUSH does not know", replicated(2, { failureDomain: "shelf" }), "CrushFailureDomainMissing", "CRUSH has no type shelf"],
    ["a root that is not there", replicated(2, { crushRoot: "other" }), "CrushRootMissing", "CRUSH has no root other"],
    ["a class that no OSD has", replicated(2, { deviceClass: "nvme" }), "DeviceClassMissing", "there are hdd, ssd;"],
    [
      "too few racks",
      replicated(3, { failureDomain: "rack" }),
      "NotEnoughDomains",
      "Pool a needs 3 of type rack with OSDs below default, and there are 2:",
    ],
    [
      "too few hosts of a class",
      replicated(3, { deviceClass: "ssd" }),
      "NotEnoughDomains",
      "3 of type host with OSDs of class ssd below default, and there are 2:",
    ],
    [
      "too few OSDs for the chunks",
      { failureDomain: "osd", erasureCoded: { dataChunks: 4, codingChunks: 2 } },
      "NotEnoughDomains",
      "needs 6 OSDs below default, and there are 4: nothing can be written",
    ],
  ])("%s is told", async (_what, spec, reason, message) => {
    const { outcome } = await settle(spec);

    expect(outcome).toMatchObject({ state: "blocked", reason, message: expect.stringContaining(message) });
  });

  test("while the cluster forms, what lacks is waited for", async () => {
    expect((await ensure(replicated(2, { deviceClass: "nvme" }), { isForming: true })).outcome).toMatchObject({
      state: "waiting",
      reason: "DeviceClassMissing",
    });
    running.addOsd({ node: "node5", deviceClass: "nvme" });
    running.addOsd({ node: "node6", deviceClass: "nvme" });

    expect((await settle(replicated(2, { deviceClass: "nvme" }))).outcome).toEqual({ state: "done" });
    expect(await ruleOf()).toEqual(["a", "default~nvme", "host"]);
  });

  test("is not changed unless enableCrushUpdates is set, and that is said", async () => {
    await settle(replicated(2));
    changes();

    const { outcome, remarks } = await ensure(replicated(2, { failureDomain: "rack", deviceClass: "ssd" }));
    expect([outcome.state, changes()]).toEqual(["done", []]);
    expect(remarks).toEqual(["pool a still has failureDomain host, deviceClass any: enableCrushUpdates: true moves it, with all its data"]);
  });

  test("is said with what lacks there, where it is not what the spec asks for", async () => {
    await settle(replicated(3, { failureDomain: "osd" }));
    const { outcome } = await ensure(replicated(5, { failureDomain: "host" }));
    expect(outcome).toMatchObject({
      reason: "NotEnoughDomains",
      message: expect.stringContaining("pool a still has failureDomain osd: enableCrushUpdates: true moves it, with all its data"),
    });
  });

  test.each<[string, Partial<PoolSpec>]>([
    ["which has copies on several classes", {}],
    [
      "as the spec has copies on several classes",
      { replicated: { size: 2, hybridStorage: { primaryDeviceClass: "ssd", secondaryDeviceClass: "hdd" } } },
    ],
  ])("is not changed with enableCrushUpdates %s", async (_what, more) => {
    await settle(replicated(2));
    await giveRule(
      { op: "take", item: -2, item_name: "default~ssd" },
      { op: "chooseleaf_firstn", num: 1, type: "host" },
      { op: "emit" },
      { op: "take", item: -3, item_name: "default~hdd" },
      { op: "chooseleaf_firstn", num: 0, type: "host" },
      { op: "emit" },
    );
    changes();

    const { outcome, failureDomain } = await ensure(replicated(2, { enableCrushUpdates: true, ...more }));
    expect([outcome.state, failureDomain, changes()]).toEqual(["done", "host", []]);
  });

  const inPairs: CrushRule["steps"] = [
    { op: "take", item: -1, item_name: "default" },
    { op: "choose_firstn", num: 2, type: "rack" },
    { op: "chooseleaf_firstn", num: 2, type: "host" },
    { op: "emit" },
  ];
  const pairs: PoolSpec = { replicated: { size: 4, replicasPerFailureDomain: 2 }, failureDomain: "rack" };

  test("needs half as many failure domains with two copies in each, by a rule that does so", async () => {
    await settle(replicated(4));
    await giveRule(...inPairs);
    expect((await settle(pairs)).outcome).toEqual({ state: "done" });
    expect((await settle({ ...pairs, replicated: { size: 6, replicasPerFailureDomain: 2 } })).outcome).toMatchObject({
      reason: "NotEnoughDomains",
      message: expect.stringContaining("Pool a needs 3 of type rack with 2 OSDs each below default, and there are 2:"),
    });
    await settle(replicated(2, { failureDomain: "rack", enableCrushUpdates: true, parameters: { crush_rule: "replicated_rule" } }));
    expect((await settle({ replicated: { size: 5, replicasPerFailureDomain: 2 } })).outcome).toMatchObject({
      message: expect.stringContaining("needs 5 of type host with OSDs below default, and there are 4:"),
    });
  });

  test("with two copies in a failure domain is not made by a plain rule, and is by one of two steps", async () => {
    expect((await settle(pairs)).outcome).toMatchObject({
      state: "blocked",
      reason: "CrushRuleMissing",
      message: expect.stringContaining("Pool a: replicated.replicasPerFailureDomain is 2, which needs a CRUSH rule of two steps"),
    });
    expect(changes()).toEqual([]);

    running.fake.state()?.crushRules.push({ rule_id: 9, rule_name: "a", type: 1, steps: inPairs });
    expect((await settle(pairs)).outcome).toEqual({ state: "done" });
    expect(await ruleOf()).toEqual(["a", "default", "rack"]);
  });

  test.each<[string, Partial<NonNullable<PoolSpec["replicated"]>>]>([
    ["classes", { hybridStorage: { primaryDeviceClass: "ssd", secondaryDeviceClass: "hdd" } }],
    ["copies of one failure domain", { replicasPerFailureDomain: 2 }],
    ["types of failure domain", { subFailureDomain: "host" }],
  ])("is not changed to a plain rule where the spec tells %s apart", async (_what, more) => {
    await settle(replicated(2));
    changes();

    const { remarks } = await ensure({ replicated: { size: 2, ...more }, failureDomain: "rack", enableCrushUpdates: true });
    expect(changes()).toEqual([]);
    expect(remarks).toEqual([
      "pool a still has failureDomain host: a rule that tells copies apart is not made yet, so that the pool's stays",
    ]);
  });

  test("is changed with enableCrushUpdates by a new rule, and the old one goes", async () => {
    await settle(replicated(2));
    const spec = replicated(2, { failureDomain: "rack", enableCrushUpdates: true });

    const { outcome, failureDomain } = await ensure(spec);
    expect([outcome.state, failureDomain]).toEqual(["done", "rack"]);
    expect(await ruleOf()).toEqual(["a_rack", "default", "rack"]);
    expect(await rules()).toEqual(["replicated_rule", "a_rack"]);

    await ensure({ ...spec, failureDomain: "host" });
    expect(await rules()).toEqual(["replicated_rule", "a"]);
    changes();
    await ensure({ ...spec, failureDomain: "host" });
    expect(changes()).toEqual([]);
  });
});

describe("an erasure coded pool", () => {
  beforeEach(async () => {
    running = await createRunningCeph(threeNodes);
  });

  test("is made with a profile and a rule of its own, and can be overwritten", async () => {
    const { outcome } = await settle({ erasureCoded: { ...coded.erasureCoded, algorithm: "jerasure" }, deviceClass: "hdd" } as PoolSpec);

    expect(outcome).toEqual({ state: "done" });
    expect(await pool()).toMatchObject({
      type: 3,
      size: 3,
      min_size: 2,
      erasure_code_profile: "a_ecprofile",
      flags_names: "hashpspool,ec_overwrites",
    });
    expect(await ruleOf()).toEqual(["a", "default~hdd", "host"]);
    expect(await erasureCodeProfile(running.ceph, "a_ecprofile")).toMatchObject({
      k: "2",
      m: "1",
      plugin: "jerasure",
      "crush-device-class": "hdd",
    });
  });

  test("is left as it is by a further pass", async () => {
    await settle(coded);
    changes();

    await ensure(coded);
    expect(changes()).toEqual([]);
  });

  test("makes a profile of its name, which nobody uses, as it should be", async () => {
    await running.ceph.command({ prefix: "osd erasure-code-profile set", name: "a_ecprofile", profile: ["k=4", "m=2"] });

    expect((await settle(coded)).outcome).toEqual({ state: "done" });
    expect(await pool()).toMatchObject({ size: 3 });
  });

  test("cannot change its code, nor its places", async () => {
    await settle(coded);
    changes();

    expect((await ensure({ erasureCoded: { dataChunks: 2, codingChunks: 2 } })).outcome).toMatchObject({
      state: "blocked",
      reason: "PoolTypeConflict",
      message: expect.stringContaining("has 2 data and 1 coding chunks, and the spec asks for 2 and 2"),
    });
    expect((await ensure({ ...coded, failureDomain: "osd", enableCrushUpdates: true })).remarks).toEqual([
      "pool a still has failureDomain host: an erasure coded pool keeps the places it was made with",
    ]);
    expect(changes()).toEqual([]);
  });

  test("goes with its rule and its profile", async () => {
    await settle(coded);

    await removePool(running.ceph, "a");
    expect([await pool(), await rules(), await erasureCodeProfile(running.ceph, "a_ecprofile")]).toEqual([
      undefined,
      ["replicated_rule"],
      undefined,
    ]);
  });
});
