import { describe, expect, test } from "@jest/globals";
import type { Ceph, CephCommand, CephCommandOptions } from "../ceph.ts";
import { CephError } from "../ceph-error.ts";
import { configKeyRemove } from "./config-key.ts";
import * as fs from "./fs.ts";
import { mdsOkToStop, mdsVersions } from "./mds.ts";
import * as groups from "./subvolume-groups.ts";

type Asked = [command: CephCommand, options?: CephCommandOptions];

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

const mgr = { target: "mgr" } as const;

describe("commands about file systems are sent in Ceph's own words", () => {
  test.each<[string, unknown, (ceph: Ceph) => Promise<unknown>, CephCommand, CephCommandOptions?]>([
    ["fs dump", { standbys: [], filesystems: [] }, fs.fsDump, { prefix: "fs dump" }],
    [
      "fs new",
      "",
      (c) => fs.newFilesystem(c, "f", { metadata: "m", data: "d" }),
      { prefix: "fs new", fs_name: "f", metadata: "m", data: "d" },
    ],
    ["fs add_data_pool", "", (c) => fs.addDataPool(c, "f", "p"), { prefix: "fs add_data_pool", fs_name: "f", pool: "p" }],
    ["fs set", "", (c) => fs.setFilesystem(c, "f", "max_mds", 2), { prefix: "fs set", fs_name: "f", var: "max_mds", val: "2" }],
    [
      "fs set, by who is sure",
      "",
      (c) => fs.setFilesystem(c, "f", "max_mds", 2, { isSure: true }),
      { prefix: "fs set", fs_name: "f", var: "max_mds", val: "2", yes_i_really_mean_it: true },
    ],
    [
      "fs set with a flag",
      "",
      (c) => fs.setFilesystem(c, "f", "allow_standby_replay", true),
      { prefix: "fs set", fs_name: "f", var: "allow_standby_replay", val: "true" },
    ],
    [
      "fs flag set",
      "",
      fs.allowSeveralFilesystems,
      { prefix: "fs flag set", flag_name: "enable_multiple", val: "true", yes_i_really_mean_it: true },
    ],
    ["fs fail", "", (c) => fs.failFilesystem(c, "f"), { prefix: "fs fail", fs_name: "f", yes_i_really_mean_it: true }],
    ["fs rm", "", (c) => fs.removeFilesystem(c, "f"), { prefix: "fs rm", fs_name: "f", yes_i_really_mean_it: true }],
    ["mds metadata", [], mdsVersions, { prefix: "mds metadata" }],
    ["mds ok-to-stop", "", (c) => mdsOkToStop(c, ["f-a"]), { prefix: "mds ok-to-stop", ids: ["f-a"] }],
    ["config-key rm", "", (c) => configKeyRemove(c, "k"), { prefix: "config-key rm", key: "k" }],
    ["subvolumegroup ls", [], (c) => groups.subvolumeGroups(c, "f"), { prefix: "fs subvolumegroup ls", vol_name: "f" }, mgr],
    ["subvolume ls", [], (c) => groups.subvolumes(c, "f"), { prefix: "fs subvolume ls", vol_name: "f" }, mgr],
    [
      "subvolume ls of a group",
      [],
      (c) => groups.subvolumes(c, "f", "g"),
      { prefix: "fs subvolume ls", vol_name: "f", group_name: "g" },
      mgr,
    ],
    [
      "subvolume snapshot ls",
      [],
      (c) => groups.subvolumeSnapshots(c, "f", "g", "v"),
      { prefix: "fs subvolume snapshot ls", vol_name: "f", group_name: "g", sub_name: "v" },
      mgr,
    ],
    [
      "subvolume snapshot rm",
      "",
      (c) => groups.removeSubvolumeSnapshot(c, "f", "g", "v", "s"),
      { prefix: "fs subvolume snapshot rm", vol_name: "f", group_name: "g", sub_name: "v", snap_name: "s", force: true },
      mgr,
    ],
    [
      "subvolume rm",
      "",
      (c) => groups.removeSubvolume(c, "f", "g", "v"),
      { prefix: "fs subvolume rm", vol_name: "f", group_name: "g", sub_name: "v", force: true },
      mgr,
    ],
    [
      "subvolumegroup create",
      "",
      (c) => groups.createSubvolumeGroup(c, "f", "g", { size: 9, pool_layout: "p" }),
      { prefix: "fs subvolumegroup create", vol_name: "f", group_name: "g", size: 9, pool_layout: "p" },
      mgr,
    ],
    [
      "subvolumegroup resize",
      "",
      (c) => groups.resizeSubvolumeGroup(c, "f", "g", 9, { noShrink: true }),
      { prefix: "fs subvolumegroup resize", vol_name: "f", group_name: "g", new_size: "9", no_shrink: true },
      mgr,
    ],
    [
      "subvolumegroup pin",
      "",
      (c) => groups.pinSubvolumeGroup(c, "f", "g", { type: "export", setting: "0" }),
      { prefix: "fs subvolumegroup pin", vol_name: "f", group_name: "g", pin_type: "export", pin_setting: "0" },
      mgr,
    ],
    [
      "subvolumegroup rm",
      "",
      (c) => groups.removeSubvolumeGroup(c, "f", "g"),
      { prefix: "fs subvolumegroup rm", vol_name: "f", group_name: "g", force: true },
      mgr,
    ],
  ])("%s", async (_name, answer, send, ...request) => {
    const { ceph, asked } = cephThatSays(answer);

    await send(ceph);

    expect(asked).toEqual([request]);
  });
});

describe("answers about file systems", () => {
  const group = { bytes_quota: "infinite", bytes_used: 0, data_pool: "p", created_at: "2026-11-23 22:56:19" };

  test("the version of each MDS that has told it", async () => {
    const answer = [{ name: "f-a", ceph_version: "ceph version 20.2.4 (sha) tentacle (stable)" }, { name: "f-b" }];
    expect([...(await mdsVersions(cephThatSays(answer).ceph))]).toEqual([["f-a", "ceph version 20.2.4 (sha) tentacle (stable)"]]);
  });

  test("the lists of names are taken apart", async () => {
    expect(await groups.subvolumeGroups(cephThatSays([{ name: "csi" }]).ceph, "f")).toEqual(["csi"]);
    expect(await groups.subvolumes(cephThatSays([{ name: "one" }]).ceph, "f")).toEqual(["one"]);
  });

  test("a group is there, is not, or is not known", async () => {
    expect(await groups.subvolumeGroup(cephThatSays(group).ceph, "f", "g")).toEqual(group);
    expect(await groups.subvolumeGroup(cephThatSays(new CephError("ENOENT", "x", "no")).ceph, "f", "g")).toBeUndefined();
    await expect(groups.subvolumeGroup(cephThatSays(new CephError("EINVAL", "x", "no")).ceph, "f", "g")).rejects.toMatchObject({
      code: "EINVAL",
    });
  });

  test.each([
    ["fs dump", (c: Ceph) => fs.fsDump(c)],
    ["mds metadata", mdsVersions],
    ["subvolumegroup ls", (c: Ceph) => groups.subvolumeGroups(c, "f")],
    ["subvolumegroup info", (c: Ceph) => groups.subvolumeGroup(c, "f", "g")],
  ])("an answer of %s that tells of nothing is no answer", async (_name, ask) => {
    await expect(ask(cephThatSays({}).ceph)).rejects.toMatchObject({ code: "EIO" });
    await expect(ask(cephThatSays("").ceph)).rejects.toMatchObject({ code: "EIO" });
  });
});
