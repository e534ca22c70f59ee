import { beforeEach, describe, expect, test } from "@jest/globals";
import { hosts, identity, key, Pods } from "../../test/support/daemon-pods.ts";
import type { Ceph } from "../ceph/ceph.ts";
import { cephxKeyType } from "../ceph/cephx-key.ts";
import { authCaps, authGet, authGetOrCreate, authImport, authList, authRemove } from "../ceph/commands/auth.ts";
import { clusterStatus, daemonVersions } from "../ceph/commands/cluster.ts";
import { configDump, configRemove, configSet } from "../ceph/commands/config.ts";
import { configKeyExists, configKeyGet, configKeySet } from "../ceph/commands/config-key.ts";
import { healthDetail, muteHealth, unmuteHealth } from "../ceph/commands/health.ts";
import { disableMgrModule, enableMgrModule, mgrDump, mgrModules, mgrServices, mgrStat } from "../ceph/commands/mgr.ts";
import { monDump, monOkToStop, quorumStatus, removeMon, setMonCipher } from "../ceph/commands/mon.ts";
import * as osds from "../ceph/commands/osd.ts";
import { poolDetails } from "../ceph/commands/pool.ts";
import { osdDaemonStatus } from "../ceph/commands/tell.ts";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import { createFakeCeph, type FakeCeph } from "./fake-ceph.ts";

let pods: Pods;
let clock: VirtualClock;
let fake: FakeCeph;
let ceph: Ceph;

beforeEach(() => {
  pods = new Pods();
  clock = createVirtualClock();
  fake = createFakeCeph({ view: pods, clock, random: (n) => new Uint8Array(n).fill(1) });
  ceph = fake.connect(identity);
});

const startMons = (count = 3) => {
  for (const [index, host] of hosts.slice(0, count).entries()) pods.set("mon", "abc".charAt(index), { host, node: `node${index + 1}` });
};

/** Three mons, a mgr, and an OSD on each of three nodes. */
async function startAll(): Promise<void> {
  startMons();
  pods.set("mgr", "a");
  await clusterStatus(ceph);
  for (const n of [0, 1, 2]) {
    fake.osdNew(`uuid-${n}`);
    pods.set("osd", String(n), { node: `node${n + 1}` });
  }
}

describe("mons of the simulated Ceph", () => {
  test("nobody answers before a majority of the mons is ready", async () => {
    startMons(1);

    await expect(clusterStatus(ceph)).rejects.toMatchObject({ code: "timedOut" });
    expect(() => fake.osdNew("u")).toThrow("has not formed");
  });

  test("a majority is a quorum; the mon that is missing is known, and joins when it is ready", async () => {
    startMons(2);
    pods.set("mon", "c", { host: "10.0.0.3", ready: false });

    expect(await clusterStatus(ceph)).toMatchObject({ fsid: "f", quorum_names: ["a", "b"], monmap: { num_mons: 3 } });
    expect((await healthDetail(ceph)).checks["MON_DOWN"]?.summary.message).toBe("1/3 mons down, quorum a,b");

    startMons();
    await clock.advance(3000);
    expect(await quorumStatus(ceph)).toMatchObject({ quorum: [0, 1, 2], quorum_leader_name: "a", quorum_age: 0 });
  });

  test("a quorum that is lost answers nobody until it is back", async () => {
    startMons();
    await clusterStatus(ceph);

    pods.remove("mon", "a");
    pods.remove("mon", "b");
    await expect(clusterStatus(ceph)).rejects.toMatchObject({ code: "timedOut", unanswered: true });

    startMons();
    expect((await clusterStatus(ceph)).quorum_names).toEqual(["a", "b", "c"]);
  });

  test("a new mon joins, and one that is removed is gone from the monmap", async () => {
    startMons();
    await clusterStatus(ceph);
    pods.remove("mon", "c");
    pods.set("mon", "d", { host: "fd00::4" });

    await clusterStatus(ceph);
    await removeMon(ceph, "c");

    const map = await monDump(ceph);
    expect(map.mons.map(({ name }) => name)).toEqual(["a", "b", "d"]);
    expect(map.mons[2]?.public_addrs.addrvec[0]).toEqual({ type: "v2", addr: "[fd00::4]:3300", nonce: 0 });
    expect(map.quorum).toEqual([0, 1, 2]);
  });

  test("stopping is refused where no majority would be left", async () => {
    startMons();

    expect(await monOkToStop(ceph, ["a"])).toEqual({ ok: true });
    expect(await monOkToStop(ceph, ["a", "b"])).toMatchObject({ ok: false });
  });

  test("a wrong key, an unknown user, other addresses and another namespace are not let in", async () => {
    startMons();
    await clusterStatus(ceph);

    await expect(clusterStatus(fake.connect({ ...identity, key: "other" }))).rejects.toMatchObject({ code: "EACCES" });
    await expect(clusterStatus(fake.connect({ ...identity, user: "client.x" }))).rejects.toMatchObject({ code: "EACCES" });
    await expect(clusterStatus(fake.connect({ ...identity, monHost: "[v2:10.9.9.9:3300]" }))).rejects.toMatchObject({ code: "timedOut" });
    await expect(clusterStatus(fake.connect({ ...identity, namespace: "other" }))).rejects.toMatchObject({ code: "timedOut" });
  });

  test("the first monmap allows only the key types that the first keys have", async () => {
    startMons();

    expect((await monDump(ceph)).auth_allowed_ciphers).toEqual([{ name: "aes256k", value: 2 }]);
    await setMonCipher(ceph, "auth_allowed_ciphers", "aes,aes256k");
    expect((await monDump(ceph)).auth_allowed_ciphers).toEqual([
      { name: "aes", value: 1 },
      { name: "aes256k", value: 2 },
    ]);
  });
});

describe("mgrs of the simulated Ceph", () => {
  test("the first ready one with a key is active and the other stands by", async () => {
    startMons();
    pods.set("mgr", "a");
    pods.set("mgr", "b");
    expect(await mgrStat(ceph)).toMatchObject({ available: true, active_name: "a", num_standby: 0 });

    await authImport(ceph, [{ entity: "mgr.b", key, caps: { mon: "allow profile mgr" } }]);
    expect((await mgrDump(ceph)).standbys.map(({ name }) => name)).toEqual(["b"]);

    pods.remove("mgr", "a");
    expect(await mgrStat(ceph)).toMatchObject({ active_name: "b", num_standby: 0 });
    pods.set("mgr", "a");
    expect(await mgrStat(ceph)).toMatchObject({ active_name: "b", num_standby: 1 });
  });

  test("modules are enabled and disabled, and serve while a mgr is active", async () => {
    startMons();
    pods.set("mgr", "a");

    await enableMgrModule(ceph, "prometheus");
    expect((await mgrModules(ceph)).enabled_modules).toContain("prometheus");
    expect(await mgrServices(ceph)).toEqual({ prometheus: "http://mgr-a:9283/" });

    await disableMgrModule(ceph, "prometheus");
    expect((await mgrModules(ceph)).disabled_modules.map(({ name }) => name)).toContain("prometheus");
    await expect(enableMgrModule(ceph, "nothing")).rejects.toMatchObject({ code: "ENOENT" });
    await expect(disableMgrModule(ceph, "balancer")).rejects.toMatchObject({ code: "EPERM" });
  });
});

describe("OSDs of the simulated Ceph", () => {
  test("an OSD is up and in while its Pod is ready, at its place in CRUSH", async () => {
    await startAll();

    expect((await osds.osdDump(ceph)).osds.map(({ osd, uuid, up, in: isIn }) => [osd, uuid, up, isIn])).toEqual([
      [0, "uuid-0", 1, 1],
      [1, "uuid-1", 1, 1],
      [2, "uuid-2", 1, 1],
    ]);
    const { nodes } = await osds.osdTree(ceph);
    expect(nodes.find(({ name }) => name === "node2")?.children).toEqual([1]);
    expect(nodes[0]).toMatchObject({ name: "default", type: "root", children: expect.arrayContaining([nodes[1]?.id]) });
    expect((await osds.osdMetadata(ceph)).map(({ hostname }) => hostname)).toEqual(["node1", "node2", "node3"]);
    expect((await osdDaemonStatus(ceph, 1)).osd_fsid).toBe("uuid-1");

    pods.remove("osd", "1");
    expect((await osds.osdDump(ceph)).osds[1]).toMatchObject({ up: 0, in: 1 });
    expect((await healthDetail(ceph)).checks["OSD_DOWN"]?.summary).toEqual({ message: "1 osds down", count: 1 });
  });

  test("the same uuid is the same OSD, and an OSD that never ran is new, down and out", async () => {
    startMons();
    await clusterStatus(ceph);

    expect([fake.osdNew("u"), fake.osdNew("v"), fake.osdNew("u")]).toEqual([0, 1, 0]);
    expect((await osds.osdDump(ceph)).osds[0]).toMatchObject({ up: 0, in: 0, up_from: 0, state: ["exists", "new"] });
    expect((await osds.osdTree(ceph)).stray.map(({ name }) => name)).toEqual(["osd.0", "osd.1"]);
    expect(await authGet(ceph, "osd.1")).toMatchObject({ caps: { mon: "allow profile osd" } });
  });

  test("with OSDs and a mgr there is a pool with clean PGs, and health is OK once the one setting is made", async () => {
    await startAll();
    await configSet(ceph, "mon", "auth_allow_insecure_global_id_reclaim", "false");

    const status = await clusterStatus(ceph);

    expect(status.health).toEqual({ status: "HEALTH_OK", checks: {}, mutes: [] });
    expect(status.pgmap.pgs_by_state).toEqual([{ state_name: "active+clean", count: 1 }]);
    expect((await poolDetails(ceph)).map(({ pool_id, pool_name, size }) => [pool_id, pool_name, size])).toEqual([[1, ".mgr", 3]]);
  });

  test("an OSD may be stopped while the others hold enough copies", async () => {
    await startAll();
    expect(await osds.osdOkToStop(ceph, [0])).toEqual({ ok: true });
    expect(await osds.osdOkToStop(ceph, [0, 1])).toMatchObject({ ok: false });

    pods.remove("osd", "2");

    expect(await osds.osdOkToStop(ceph, [0])).toMatchObject({ ok: false });
    expect((await clusterStatus(ceph)).pgmap.pgs_by_state).toEqual([{ state_name: "active+undersized", count: 1 }]);
  });

  test("what the mgr answers waits for a mgr", async () => {
    await startAll();
    pods.remove("mgr", "a");

    await expect(osds.osdOkToStop(ceph, [0])).rejects.toMatchObject({ code: "timedOut" });
  });

  test("an OSD that is out and down can be destroyed and purged, and its id is given again", async () => {
    await startAll();
    expect(await osds.osdSafeToDestroy(ceph, [1])).toMatchObject({ safe_to_destroy: [], active: [1] });
    await expect(osds.purgeOsd(ceph, 1)).rejects.toMatchObject({ code: "EBUSY" });
    await osds.markOsdsOut(ceph, [1]);
    pods.remove("osd", "1");

    expect(await osds.osdSafeToDestroy(ceph, [1])).toMatchObject({ safe_to_destroy: [1] });
    await osds.purgeOsd(ceph, 1);

    expect((await osds.osdDump(ceph)).osds.map(({ osd }) => osd)).toEqual([0, 2]);
    expect(await authGet(ceph, "osd.1")).toBeUndefined();
    expect(fake.osdNew("another")).toBe(1);
  });

  test("flags, ratios and the required release are kept", async () => {
    await startAll();
    await osds.setOsdFlag(ceph, "noout");
    await osds.setOsdRatio(ceph, "nearfull", 0.8);
    await osds.requireOsdRelease(ceph, "tentacle");

    expect(await osds.osdDump(ceph)).toMatchObject({ flags_set: ["noout"], nearfull_ratio: 0.8, require_osd_release: "tentacle" });
    expect((await healthDetail(ceph)).checks["OSDMAP_FLAGS"]).toBeDefined();
    await osds.unsetOsdFlag(ceph, "noout");
    expect((await osds.osdDump(ceph)).flags_set).toEqual([]);
  });

  test("an OSD or a mon of an older release than was once enough does not join any more", async () => {
    await startAll();
    pods.set("osd", "0", { image: "quay.io/ceph/ceph:v18.2.7" });
    pods.set("mon", "c", { host: "10.0.0.3", node: "node3", image: "quay.io/ceph/ceph:v18.2.7" });

    const status = await clusterStatus(ceph);

    expect([status.osdmap.num_up_osds, status.quorum_names, status.monmap.min_mon_release_name]).toEqual([2, ["a", "b"], "tentacle"]);
  });

  test("stopping OSDs is refused with the PGs that need them", async () => {
    await startAll();

    expect(await osds.osdOkToStop(ceph, [0, 1])).toMatchObject({ ok: false, report: { bad_become_inactive: ["1.0"] } });
  });

  test("versions follow the images of the Pods", async () => {
    await startAll();
    pods.set("osd", "0", { image: "quay.io/ceph/ceph:v20.2.5" });

    const { osd, overall } = await daemonVersions(ceph);

    expect(Object.entries(osd ?? {}).map(([text, count]) => [text.split(" ")[2], count])).toEqual([
      ["20.2.5", 1],
      ["20.2.4", 2],
    ]);
    expect(Object.values(overall).reduce((sum, count) => sum + count)).toBe(7);
  });
});

describe("what the mons of the simulated Ceph keep", () => {
  beforeEach(() => startMons());

  test("entities begin with the mons' keyring and are made, changed and removed", async () => {
    expect((await authList(ceph)).map(({ entity }) => entity)).toEqual(["mon.", "client.admin", "mgr.a"]);

    const made = await authGetOrCreate(ceph, "client.a", { osd: "allow rw", mon: "allow r" });
    expect(cephxKeyType(made.key)).toBe("aes256k");
    expect(await authGetOrCreate(ceph, "client.a", { mon: "allow r", osd: "allow rw" })).toEqual(made);
    await expect(authGetOrCreate(ceph, "client.a", { mon: "allow *" })).rejects.toMatchObject({ code: "EINVAL" });
    await expect(authGetOrCreate(ceph, "client.b", {}, "aes")).rejects.toMatchObject({ code: "EINVAL" });

    await authCaps(ceph, "client.a", { mon: "allow *" });
    expect((await authGet(ceph, "client.a"))?.caps).toEqual({ mon: "allow *" });
    await expect(authCaps(ceph, "client.none", { mon: "x" })).rejects.toMatchObject({ code: "ENOENT" });
    await authRemove(ceph, "client.a");
    expect(await authGet(ceph, "client.a")).toBeUndefined();
  });

  test("settings are set, shown in order and removed, each mask for itself", async () => {
    await configSet(ceph, "osd/host:node1", "osd_max_backfills", "3");
    await configSet(ceph, "osd", "osd_max_backfills", "1");
    await configSet(ceph, "global", "osd_memory_target", "2Gi");

    expect((await configDump(ceph)).map(({ section, mask, name, value }) => [section, mask, name, value])).toEqual([
      ["global", "", "osd_memory_target", "2147483648"],
      ["osd", "", "osd_max_backfills", "1"],
      ["osd", "host:node1", "osd_max_backfills", "3"],
    ]);
    await configRemove(ceph, "osd", "osd_max_backfills");
    expect(await configDump(ceph)).toHaveLength(2);
  });

  test("config keys are kept as they are", async () => {
    await configKeySet(ceph, "k", "1.0");

    expect(await configKeyGet(ceph, "k")).toBe("1.0");
    expect(await configKeyGet(ceph, "none")).toBeUndefined();
    expect(await configKeyExists(ceph, "none")).toBe(false);
  });

  test("health checks can be set by a test, and a muted one does not count", async () => {
    await configSet(ceph, "mon", "auth_allow_insecure_global_id_reclaim", "false");
    await clusterStatus(ceph);
    for (const code of ["MGR_DOWN", "TOO_FEW_OSDS"]) await muteHealth(ceph, code);
    expect((await healthDetail(ceph)).status).toBe("HEALTH_OK");

    fake.setHealth("SLOW_OPS", { severity: "HEALTH_ERR", message: "3 slow ops" });
    expect((await healthDetail(ceph)).status).toBe("HEALTH_ERR");
    fake.setHealth("SLOW_OPS", undefined);
    await unmuteHealth(ceph, "MGR_DOWN");

    expect(await healthDetail(ceph)).toMatchObject({ status: "HEALTH_WARN", mutes: [{ code: "TOO_FEW_OSDS" }] });
  });
});

describe("what a test sees and does", () => {
  beforeEach(() => startMons());

  test("commands are logged, those that write apart, and the test's own not at all", async () => {
    await configDump(ceph);
    await configSet(ceph, "global", "osd_max_backfills", "1");
    await fake.admin().command({ prefix: "config dump" });

    expect(fake.commands().map(({ prefix }) => prefix)).toEqual(["config dump", "config set"]);
    expect(fake.mutations()).toEqual([{ prefix: "config set", who: "global", name: "osd_max_backfills", value: "1" }]);
    fake.clearCommands();
    expect(fake.commands()).toEqual([]);
  });

  test("a hook before a command keeps it from being done; one after it loses only the answer", async () => {
    const remove = fake.intercept((command, when) => {
      if (command["who"] === `osd.${when}`) throw new Error(`failed ${when}`);
    });

    await expect(configSet(ceph, "osd.before", "osd_max_backfills", "1")).rejects.toThrow("failed before");
    await expect(configSet(ceph, "osd.after", "osd_max_backfills", "1")).rejects.toThrow("failed after");
    remove();

    expect((await configDump(ceph)).map(({ section }) => section)).toEqual(["osd.after"]);
  });

  test("a closed connection takes no commands", async () => {
    await ceph.close();

    await expect(clusterStatus(ceph)).rejects.toMatchObject({ code: "aborted" });
  });

  test("what is not simulated is refused, not made up", async () => {
    await expect(ceph.command({ prefix: "nfs cluster ls" })).rejects.toMatchObject({ code: "EINVAL" });
  });
});
