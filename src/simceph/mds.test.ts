import { beforeEach, describe, expect, test } from "@jest/globals";
import { identity, key, Pods } from "../../test/support/daemon-pods.ts";
import type { Ceph } from "../ceph/ceph.ts";
import { authImport } from "../ceph/commands/auth.ts";
import { clusterStatus, daemonVersions } from "../ceph/commands/cluster.ts";
import { configSet } from "../ceph/commands/config.ts";
import * as fs from "../ceph/commands/fs.ts";
import { healthDetail } from "../ceph/commands/health.ts";
import { mdsOkToStop } from "../ceph/commands/mds.ts";
import { createPool, deletePool } from "../ceph/commands/pool.ts";
import * as groups from "../ceph/commands/subvolume-groups.ts";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import { createFakeCeph, type FakeCeph } from "./fake-ceph.ts";

let pods: Pods;
let clock: VirtualClock;
let fake: FakeCeph;
let ceph: Ceph;

/** `myfs-a 0 active` of every MDS, sorted. */
async function mdss(): Promise<string[]> {
  const map = await fs.fsDump(ceph);
  const all = [...map.standbys, ...map.filesystems.flatMap(({ mdsmap }) => Object.values(mdsmap.info))];
  return all.map(({ name, rank, state }) => `${name} ${rank} ${state.slice("up:".length)}`).sort();
}

const mdsMap = async () => {
  const found = fs.filesystemIn(await fs.fsDump(ceph), "myfs");
  if (found === undefined) throw new Error("there is no file system");
  return found.mdsmap;
};

async function startMds(name: string): Promise<void> {
  await authImport(ceph, [{ entity: `mds.${name}`, key, caps: { mds: "allow" } }]);
  pods.set("mds", name);
}

/** Whatever takes a while is done. */
async function wait(): Promise<void> {
  for (let second = 0; second < 8; second += 1) {
    await clock.advance(1000);
    await clusterStatus(ceph);
  }
}

beforeEach(async () => {
  pods = new Pods();
  clock = createVirtualClock();
  fake = createFakeCeph({ view: pods, clock, random: (n) => new Uint8Array(n).fill(1) });
  ceph = fake.connect(identity);
  for (const [id, host] of [
    ["a", "10.0.0.1"],
    ["b", "10.0.0.2"],
    ["c", "10.0.0.3"],
  ] as const)
    pods.set("mon", id, { host });
  pods.set("mgr", "a");
  await clusterStatus(ceph);
  for (const name of ["meta", "data", "more"]) await createPool(ceph, { name, type: "replicated", pgNum: 8 });
});

const newFs = () => fs.newFilesystem(ceph, "myfs", { metadata: "meta", data: "data" });

describe("MDSs of the simulated Ceph", () => {
  test("an MDS with a Pod and a key stands by, and takes the rank of a new file system", async () => {
    pods.set("mds", "myfs-x");
    await startMds("myfs-a");
    expect(await mdss()).toEqual(["myfs-a -1 standby"]);

    await newFs();
    await newFs();
    expect(await mdss()).toEqual(["myfs-a 0 creating"]);
    await wait();
    expect(await mdss()).toEqual(["myfs-a 0 active"]);
    expect(await daemonVersions(ceph)).toMatchObject({ mds: { [`ceph version 20.2.4 (${"0".repeat(40)}) tentacle (stable)`]: 1 } });
    expect(Object.keys((await healthDetail(ceph)).checks)).toContain("MDS_INSUFFICIENT_STANDBY");
  });

  test("a rank whose MDS is gone goes to one that stands by, first to one that prefers this file system", async () => {
    await newFs();
    await startMds("myfs-a");
    await wait();
    await startMds("other-a");
    await startMds("myfs-b");
    await configSet(ceph, "mds.myfs-b", "mds_join_fs", "myfs");

    pods.remove("mds", "myfs-a");
    expect(await mdss()).toEqual(["myfs-b 0 replay", "other-a -1 standby"]);
    expect(Object.keys((await healthDetail(ceph)).checks)).toContain("FS_DEGRADED");
    await wait();
    expect(await mdss()).toEqual(["myfs-b 0 active", "other-a -1 standby"]);
  });

  test("more ranks are taken as far as MDSs stand by, and given back one at a time", async () => {
    await newFs();
    for (const name of ["myfs-a", "myfs-b", "myfs-c"]) await startMds(name);
    await wait();
    await fs.setFilesystem(ceph, "myfs", "max_mds", 4);
    await wait();
    expect(await mdss()).toEqual(["myfs-a 0 active", "myfs-b 1 active", "myfs-c 2 active"]);
    expect(Object.keys((await healthDetail(ceph)).checks)).toContain("MDS_UP_LESS_THAN_MAX");

    await fs.setFilesystem(ceph, "myfs", "max_mds", 1);
    expect(await mdss()).toEqual(["myfs-a 0 active", "myfs-b 1 active", "myfs-c 2 stopping"]);
    await wait();
    expect(await mdss()).toEqual(["myfs-a 0 active", "myfs-b -1 standby", "myfs-c -1 standby"]);
    expect((await mdsMap()).in).toEqual([0]);
  });

  test("an MDS follows each rank where that is allowed", async () => {
    await newFs();
    for (const name of ["myfs-a", "myfs-b", "myfs-c"]) await startMds(name);
    await wait();
    await fs.setFilesystem(ceph, "myfs", "allow_standby_replay", true);
    expect(await mdss()).toEqual(["myfs-a 0 active", "myfs-b 0 standby-replay", "myfs-c -1 standby"]);

    pods.remove("mds", "myfs-a");
    expect(await mdss()).toEqual(["myfs-b 0 replay", "myfs-c -1 standby"]);
    await fs.setFilesystem(ceph, "myfs", "allow_standby_replay", false);
    await wait();
    expect(await mdss()).toEqual(["myfs-b 0 active", "myfs-c -1 standby"]);
  });

  test("one may be stopped while another stands by and no file system is degraded", async () => {
    await newFs();
    await startMds("myfs-a");
    await wait();
    expect(await mdsOkToStop(ceph, ["myfs-a"])).toMatchObject({ ok: false, why: expect.stringContaining("insufficent standby") });
    expect(await mdsOkToStop(ceph, ["nobody"])).toEqual({ ok: true });

    await startMds("myfs-b");
    expect(await mdsOkToStop(ceph, ["myfs-a"])).toEqual({ ok: true });
    expect(await mdsOkToStop(ceph, ["myfs-a", "myfs-b"])).toMatchObject({ ok: false });

    pods.remove("mds", "myfs-a");
    expect(await mdsOkToStop(ceph, ["myfs-a"])).toMatchObject({ ok: false, why: expect.stringContaining("degraded") });
  });

  test("a file system is removed once it has failed, and its pools cannot be used for another", async () => {
    await newFs();
    await startMds("myfs-a");
    await wait();
    await expect(fs.removeFilesystem(ceph, "myfs")).rejects.toMatchObject({ code: "EINVAL" });

    await fs.failFilesystem(ceph, "myfs");
    expect(await mdsMap()).toMatchObject({ failed: [0], flags_state: { joinable: false } });
    expect(await mdss()).toEqual(["myfs-a -1 standby"]);
    await configSet(ceph, "global", "mon_allow_pool_delete", "true");
    await expect(deletePool(ceph, "data")).rejects.toMatchObject({ code: "EBUSY" });
    await fs.removeFilesystem(ceph, "myfs");
    await fs.removeFilesystem(ceph, "myfs");
    await expect(fs.failFilesystem(ceph, "myfs")).rejects.toMatchObject({ code: "ENOENT" });
    await expect(newFs()).rejects.toMatchObject({
      code: "EINVAL",
      message: expect.stringContaining("'meta' already contains some objects"),
    });
  });

  test("pools are added once, and belong to one file system", async () => {
    await newFs();
    await fs.addDataPool(ceph, "myfs", "more");
    expect((await mdsMap()).data_pools).toEqual([2, 3]);
    await expect(fs.addDataPool(ceph, "myfs", "more")).rejects.toMatchObject({ code: "EINVAL" });
    await expect(fs.addDataPool(ceph, "myfs", "none")).rejects.toMatchObject({ code: "ENOENT" });
    await fs.allowSeveralFilesystems(ceph);
    expect((await fs.fsDump(ceph)).feature_flags.enable_multiple).toBe(true);
  });
});

describe("subvolume groups of the simulated Ceph", () => {
  beforeEach(async () => {
    await newFs();
    await startMds("myfs-a");
    await wait();
  });

  test("are made, resized, pinned and removed", async () => {
    await groups.createSubvolumeGroup(ceph, "myfs", "csi", { size: 1024 });
    await groups.createSubvolumeGroup(ceph, "myfs", "csi", { size: 2048 });
    expect(await groups.subvolumeGroups(ceph, "myfs")).toEqual(["csi"]);
    expect(await groups.subvolumeGroup(ceph, "myfs", "csi")).toMatchObject({ bytes_quota: 2048, data_pool: "data" });
    expect(await groups.subvolumeGroup(ceph, "myfs", "none")).toBeUndefined();

    await groups.resizeSubvolumeGroup(ceph, "myfs", "csi", "infinite");
    expect(await groups.subvolumeGroup(ceph, "myfs", "csi")).toMatchObject({ bytes_quota: "infinite" });
    await groups.pinSubvolumeGroup(ceph, "myfs", "csi", { type: "distributed", setting: "1" });
    expect(fake.state()?.fsMap.filesystems.get("myfs")?.groups.get("csi")?.pin).toBe("distributed=1");
    await expect(groups.createSubvolumeGroup(ceph, "myfs", "other", { pool_layout: "nopool" })).rejects.toMatchObject({ code: "EINVAL" });

    await groups.removeSubvolumeGroup(ceph, "myfs", "csi");
    await groups.removeSubvolumeGroup(ceph, "myfs", "csi");
    expect(await groups.subvolumeGroups(ceph, "myfs")).toEqual([]);
  });

  test("are not removed while they hold subvolumes", async () => {
    await groups.createSubvolumeGroup(ceph, "myfs", "csi");
    await fake.admin().command({ prefix: "fs subvolume create", vol_name: "myfs", sub_name: "one", group_name: "csi" });
    await fake.admin().command({ prefix: "fs subvolume create", vol_name: "myfs", sub_name: "two" });

    expect(await groups.subvolumes(ceph, "myfs", "csi")).toEqual(["one"]);
    expect(await groups.subvolumes(ceph, "myfs")).toEqual(["two"]);
    await expect(groups.removeSubvolumeGroup(ceph, "myfs", "csi")).rejects.toMatchObject({ code: "ENOTEMPTY" });
    await expect(groups.subvolumes(ceph, "myfs", "none")).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("nobody answers while no MDS serves the file system", async () => {
    pods.remove("mds", "myfs-a");
    await expect(groups.subvolumeGroups(ceph, "myfs")).rejects.toMatchObject({ code: "timedOut" });
    await expect(groups.subvolumeGroups(ceph, "nofs")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
