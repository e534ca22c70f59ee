import { describe, expect, test } from "@jest/globals";
import type { Ceph, CephCommand, CephCommandOptions } from "../ceph.ts";
import { CephError, type CephErrorCode } from "../ceph-error.ts";
import { authCaps, authGet, authGetOrCreate, authImport, authList, authRemove } from "./auth.ts";
import { clusterStatus, daemonVersions } from "./cluster.ts";
import { configDump, configRemove, configSet, settingOwner } from "./config.ts";
import { configKeyExists, configKeyGet, configKeySet } from "./config-key.ts";
import { createReplicatedRule, crushDump, crushRules, removeRule } from "./crush.ts";
import { erasureCodeProfile, removeErasureCodeProfile, setErasureCodeProfile } from "./erasure-code.ts";
import { healthDetail, muteHealth, unmuteHealth } from "./health.ts";
import { disableMgrModule, enableMgrModule, mgrDump, mgrModules, mgrServices, mgrStat } from "./mgr.ts";
import { monDump, monOkToStop, quorumStatus, removeMon, setMonCipher } from "./mon.ts";
import * as osd from "./osd.ts";
import { inactivePgs } from "./pg.ts";
import * as pools from "./pool.ts";
import { osdDaemonStatus } from "./tell.ts";

type Asked = [command: CephCommand, options?: CephCommandOptions];

/** Answers the same to everything, and keeps what was asked. */
function cephThatSays(answer: unknown) {
  const asked: Asked[] = [];
  const ceph: Ceph = {
    command: async <T>(command: CephCommand, options?: CephCommandOptions) => {
      asked.push(options === undefined ? [command] : [command, options]);
      if (answer instanceof Error) throw answer;
      return answer as T;
    },
    close: () => Promise.resolve(),
  };
  return { ceph, asked };
}

const refusing = (code: CephErrorCode) => cephThatSays(new CephError(code, "x", "no"));

describe("commands are sent in Ceph's own words", () => {
  test.each<[string, (ceph: Ceph) => Promise<unknown>, CephCommand, CephCommandOptions?]>([
    ["status", clusterStatus, { prefix: "status" }],
    ["versions", daemonVersions, { prefix: "versions" }],
    ["quorum_status", quorumStatus, { prefix: "quorum_status" }],
    ["mon dump", monDump, { prefix: "mon dump" }],
    ["mon rm", (c) => removeMon(c, "b"), { prefix: "mon rm", name: "b" }],
    [
      "mon set",
      (c) => setMonCipher(c, "auth_allowed_ciphers", "aes,aes256k"),
      { prefix: "mon set", name: "auth_allowed_ciphers", value: "aes,aes256k" },
    ],
    ["osd dump", osd.osdDump, { prefix: "osd dump" }],
    ["osd tree", osd.osdTree, { prefix: "osd tree" }],
    ["osd metadata", osd.osdMetadata, { prefix: "osd metadata" }],
    ["osd safe-to-destroy", (c) => osd.osdSafeToDestroy(c, [1]), { prefix: "osd safe-to-destroy", ids: ["1"] }, { target: "mgr" }],
    ["osd purge", (c) => osd.purgeOsd(c, 1), { prefix: "osd purge", id: 1, yes_i_really_mean_it: true }, { target: "mgr" }],
    ["osd out", (c) => osd.markOsdsOut(c, [1, 2]), { prefix: "osd out", ids: ["1", "2"] }],
    ["osd in", (c) => osd.markOsdsIn(c, [1]), { prefix: "osd in", ids: ["1"] }],
    ["osd set", (c) => osd.setOsdFlag(c, "noout"), { prefix: "osd set", key: "noout" }],
    ["osd unset", (c) => osd.unsetOsdFlag(c, "noout"), { prefix: "osd unset", key: "noout" }],
    ["osd set-nearfull-ratio", (c) => osd.setOsdRatio(c, "nearfull", 0.8), { prefix: "osd set-nearfull-ratio", ratio: 0.8 }],
    ["osd require-osd-release", (c) => osd.requireOsdRelease(c, "tentacle"), { prefix: "osd require-osd-release", release: "tentacle" }],
    ["osd crush rule dump", crushRules, { prefix: "osd crush rule dump" }],
    ["osd pool ls detail", pools.poolDetails, { prefix: "osd pool ls", detail: "detail" }],
    [
      "osd pool create",
      (c) => pools.createPool(c, { name: "a", type: "replicated", pgNum: 0, size: 3, rule: "a" }),
      { prefix: "osd pool create", pool: "a", pg_num: 0, pool_type: "replicated", rule: "a", size: 3 },
    ],
    [
      "osd pool create of one copy",
      (c) => pools.createPool(c, { name: "a", type: "replicated", pgNum: 8, size: 1, rule: "a", pgNumMin: 4 }),
      {
        prefix: "osd pool create",
        pool: "a",
        pg_num: 8,
        pool_type: "replicated",
        rule: "a",
        size: 1,
        pg_num_min: 4,
        yes_i_really_mean_it: true,
      },
    ],
    [
      "osd pool create of a name of Ceph's own",
      (c) => pools.createPool(c, { name: ".nfs", type: "erasure", pgNum: 0, profile: "p" }),
      {
        prefix: "osd pool create",
        pool: ".nfs",
        pg_num: 0,
        pool_type: "erasure",
        erasure_code_profile: "p",
        yes_i_really_mean_it: true,
      },
    ],
    [
      "osd pool delete",
      (c) => pools.deletePool(c, "a"),
      { prefix: "osd pool delete", pool: "a", pool2: "a", yes_i_really_really_mean_it: true },
    ],
    ["osd pool get", (c) => pools.poolSettings(c, "a"), { prefix: "osd pool get", pool: "a", var: "all" }],
    ["osd pool set", (c) => pools.setPool(c, "a", "bulk", "true"), { prefix: "osd pool set", pool: "a", var: "bulk", val: "true" }],
    [
      "osd pool set size 1",
      (c) => pools.setPool(c, "a", "size", "1"),
      { prefix: "osd pool set", pool: "a", var: "size", val: "1", yes_i_really_mean_it: true },
    ],
    [
      "osd pool set-quota",
      (c) => pools.setPoolQuota(c, "a", "max_objects", 5),
      { prefix: "osd pool set-quota", pool: "a", field: "max_objects", val: "5" },
    ],
    [
      "osd pool application enable",
      (c) => pools.enablePoolApplication(c, "a", "rbd"),
      { prefix: "osd pool application enable", pool: "a", app: "rbd", yes_i_really_mean_it: true },
    ],
    ["df", pools.poolUsage, { prefix: "df" }],
    ["osd crush dump", crushDump, { prefix: "osd crush dump" }],
    [
      "osd crush rule create-replicated",
      (c) => createReplicatedRule(c, { name: "a", root: "default", failureDomain: "host", deviceClass: "ssd" }),
      { prefix: "osd crush rule create-replicated", name: "a", root: "default", type: "host", class: "ssd" },
    ],
    ["osd crush rule rm", (c) => removeRule(c, "a"), { prefix: "osd crush rule rm", name: "a" }],
    ["osd erasure-code-profile get", (c) => erasureCodeProfile(c, "a"), { prefix: "osd erasure-code-profile get", name: "a" }],
    [
      "osd erasure-code-profile set",
      (c) => setErasureCodeProfile(c, "a", { k: "2", m: "1" }),
      { prefix: "osd erasure-code-profile set", name: "a", profile: ["k=2", "m=1"], force: true, yes_i_really_mean_it: true },
    ],
    ["osd erasure-code-profile rm", (c) => removeErasureCodeProfile(c, "a"), { prefix: "osd erasure-code-profile rm", name: "a" }],
    [
      "pg dump_stuck",
      async (c) => inactivePgs(c, 10).catch(() => undefined),
      { prefix: "pg dump_stuck", stuckops: ["inactive"], threshold: 10 },
      { target: "mgr" },
    ],
    [
      "auth caps",
      (c) => authCaps(c, "client.a", { mon: "allow r", osd: "allow w" }),
      { prefix: "auth caps", entity: "client.a", caps: ["mon", "allow r", "osd", "allow w"] },
    ],
    ["auth rm", (c) => authRemove(c, "client.a"), { prefix: "auth rm", entity: "client.a" }],
    ["config dump", configDump, { prefix: "config dump" }],
    [
      "config set",
      (c) => configSet(c, "osd/class:ssd", "a", "1", { force: true }),
      { prefix: "config set", who: "osd/class:ssd", name: "a", value: "1", force: true },
    ],
    ["config rm", (c) => configRemove(c, "global", "a"), { prefix: "config rm", who: "global", name: "a" }],
    ["config-key set", (c) => configKeySet(c, "k", "v"), { prefix: "config-key set", key: "k", val: "v" }],
    ["mgr stat", mgrStat, { prefix: "mgr stat" }],
    ["mgr dump", mgrDump, { prefix: "mgr dump" }],
    ["mgr module ls", mgrModules, { prefix: "mgr module ls" }],
    ["mgr module enable", (c) => enableMgrModule(c, "nfs"), { prefix: "mgr module enable", module: "nfs" }],
    ["mgr module disable", (c) => disableMgrModule(c, "nfs"), { prefix: "mgr module disable", module: "nfs" }],
    ["mgr services", mgrServices, { prefix: "mgr services" }],
    ["health detail", healthDetail, { prefix: "health", detail: "detail" }],
    ["health mute", (c) => muteHealth(c, "X", { ttl: "1h", sticky: true }), { prefix: "health mute", code: "X", ttl: "1h", sticky: true }],
    ["health unmute", (c) => unmuteHealth(c, "X"), { prefix: "health unmute", code: "X" }],
    ["tell osd.3 status", (c) => osdDaemonStatus(c, 3), { prefix: "status" }, { target: "osd.3" }],
  ])("%s", async (_name, send, ...request) => {
    const { ceph, asked } = cephThatSays({});

    await send(ceph);

    expect(asked).toEqual([request]);
  });
});

describe("answers of commands", () => {
  const entry = { entity: "client.a", key: "K", caps: { mon: "allow r" } };

  test("auth get gives the entity, or undefined where there is none", async () => {
    expect(await authGet(cephThatSays([entry]).ceph, "client.a")).toEqual(entry);
    expect(await authGet(refusing("ENOENT").ceph, "client.a")).toBeUndefined();
    await expect(authGet(refusing("EACCES").ceph, "client.a")).rejects.toMatchObject({ code: "EACCES" });
  });

  test("auth ls gives every entity", async () => {
    expect(await authList(cephThatSays({ auth_dump: [entry] }).ceph)).toEqual([entry]);
  });

  test("auth get-or-create asks for the key type only where one is given", async () => {
    const { ceph, asked } = cephThatSays([entry]);

    expect(await authGetOrCreate(ceph, "client.a", { mon: "allow r" })).toEqual(entry);
    await authGetOrCreate(ceph, "client.a", {}, "aes256k");

    expect(asked).toEqual([
      [{ prefix: "auth get-or-create", entity: "client.a", caps: ["mon", "allow r"] }],
      [{ prefix: "auth get-or-create", entity: "client.a", caps: [], key_type: "aes256k" }],
    ]);
  });

  test("auth import sends a keyring as input", async () => {
    const { ceph, asked } = cephThatSays("");

    await authImport(ceph, [entry]);

    expect(asked).toEqual([[{ prefix: "auth import" }, { input: '[client.a]\n\tkey = K\n\tcaps mon = "allow r"\n' }]]);
  });

  test("config-key get and exists take a missing key for an answer", async () => {
    expect(await configKeyGet(cephThatSays("1.0").ceph, "k")).toBe("1.0");
    expect(await configKeyGet(refusing("ENOENT").ceph, "k")).toBeUndefined();
    expect(await configKeyExists(cephThatSays("").ceph, "k")).toBe(true);
    expect(await configKeyExists(refusing("ENOENT").ceph, "k")).toBe(false);
    await expect(configKeyExists(refusing("timedOut").ceph, "k")).rejects.toMatchObject({ code: "timedOut" });
  });

  test.each([
    ["mons", (ceph: Ceph) => monOkToStop(ceph, ["a"])],
    ["OSDs", async (ceph: Ceph) => withoutReport(await osd.osdOkToStop(ceph, [0]))],
  ])("whether %s may be stopped is yes, no with Ceph's reason, or not known", async (_name, ask) => {
    expect(await ask(cephThatSays({}).ceph)).toEqual({ ok: true });
    expect(await ask(refusing("EBUSY").ceph)).toEqual({ ok: false, why: "no" });
    expect(await ask(refusing("EAGAIN").ceph)).toEqual({ ok: false, why: "no" });
    await expect(ask(refusing("timedOut").ceph)).rejects.toMatchObject({ code: "timedOut" });
  });

  test("the owner of a setting has its mask behind a slash", () => {
    expect(settingOwner({ section: "osd", mask: "host:node1" })).toBe("osd/host:node1");
    expect(settingOwner({ section: "global", mask: "" })).toBe("global");
  });
});

/** An OSD's verdict as a mon's: PGs are told of besides. */
function withoutReport(verdict: Awaited<ReturnType<typeof osd.osdOkToStop>>): { ok: boolean; why?: string } {
  return verdict.ok ? verdict : { ok: false, why: verdict.why };
}
