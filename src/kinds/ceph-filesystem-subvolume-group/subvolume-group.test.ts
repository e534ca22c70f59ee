import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld, type TestWorldState } from "../../../test/support/test-world.ts";
import { Deployment } from "../../kube/kinds.ts";
import { CephFilesystem } from "../ceph-filesystem/ceph-filesystem.ts";
import { groupProblems } from "./problems.ts";
import { CephFilesystemSubVolumeGroup, clusterIdOf, pinOf, quotaOf } from "./subvolume-group.ts";

const namespace = "rook-ceph";
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };

const groupOf = (name: string, spec: Partial<CephFilesystemSubVolumeGroup["spec"]> = {}): CephFilesystemSubVolumeGroup => ({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystemSubVolumeGroup",
  metadata: { name, namespace },
  spec: { filesystemName: "myfs", ...spec },
});

const filesystem: CephFilesystem = {
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystem",
  metadata: { name: "myfs", namespace },
  spec: {
    metadataPool: { replicated: { size: 3 } },
    dataPools: [
      { name: "replicated", replicated: { size: 3 } },
      { name: "more", replicated: { size: 2 } },
    ],
    metadataServer: { activeCount: 1, activeStandby: true },
  },
};

const team = groupOf("team", { quota: "10Gi", dataPoolName: "myfs-more" });
const GiB = 1024 ** 3;

describe("a CephFilesystemSubVolumeGroup", () => {
  let bare: TestWorldState;
  let made: TestWorldState;
  let world: TestWorld;
  const groups = () => world.ceph.state()?.fsMap.filesystems.get("myfs")?.groups;
  const ready = (name: string) => world.conditionOf(CephFilesystemSubVolumeGroup, name, "Ready");
  const find = (name: string) => world.kube.get(CephFilesystemSubVolumeGroup, { namespace, name });
  const create = async (name: string, spec: Partial<CephFilesystemSubVolumeGroup["spec"]> = {}) => {
    await world.kube.create(CephFilesystemSubVolumeGroup, groupOf(name, spec));
    await world.settle();
  };
  const change = async (name: string, spec: object) => {
    await world.kube.mergePatch(CephFilesystemSubVolumeGroup, { namespace, name }, { spec });
    await world.settle();
  };
  const remove = async (name: string) => {
    await world.kube.delete(CephFilesystemSubVolumeGroup, { namespace, name });
    await world.settle();
  };
  const admin = (prefix: string, more: object) => world.ceph.admin().command({ prefix, vol_name: "myfs", ...more });

  beforeAll(async () => {
    const first = await createTestWorld({ devices });
    await first.settle();
    bare = first.save();
    await first.kube.create(CephFilesystem, filesystem);
    await first.kube.create(CephFilesystemSubVolumeGroup, team);
    await first.settle();
    made = first.save();
  });
  beforeEach(async () => {
    world = await createTestWorld({ devices, from: made });
  });

  test("waits for its file system, and says so, and is made as soon as that is served", async () => {
    world = await createTestWorld({ devices, from: bare });
    await world.kube.create(CephFilesystemSubVolumeGroup, team);
    await world.settle();
    expect(await ready("team")).toMatchObject({
      status: "False",
      reason: "FilesystemMissing",
      message: "There is no file system myfs in Ceph",
    });
    expect((await find("team"))?.status?.phase).toBe("Progressing");

    await world.kube.create(CephFilesystem, filesystem);
    await world.settle();
    expect(await ready("team")).toMatchObject({ status: "True" });
  });

  test("has its quota and its pool, and is spread over MDSs", async () => {
    expect(groups()?.get("team")).toMatchObject({ quota: 10 * GiB, dataPool: "myfs-more", pin: "distributed=1" });
    expect(await ready("team")).toMatchObject({ status: "True", reason: "ReconcileSucceeded" });
    const { status, metadata } = (await find("team")) ?? {};
    // as Rook makes it: sha256 of rook-ceph-myfs-file-team, its first 16 bytes
    expect(status).toMatchObject({
      phase: "Ready",
      observedGeneration: 1,
      info: { clusterID: "da61680732588c7661142a1beedd9a30", pinning: "distributed=1" },
    });
    expect(metadata?.finalizers).toEqual(["cephfilesystemsubvolumegroup.ceph.rook.io"]);
  });

  test("gets another quota, none, and another way to be spread", async () => {
    await change("team", { quota: "20Gi", pinning: { export: 0 } });
    expect(groups()?.get("team")).toMatchObject({ quota: 20 * GiB, pin: "export=0" });
    expect((await find("team"))?.status?.info?.pinning).toBe("export=0");

    await change("team", { quota: null, pinning: { export: null, random: 0.01 } });
    expect(groups()?.get("team")).toMatchObject({ quota: undefined, pin: "random=0.01" });
    expect(await ready("team")).toMatchObject({ status: "True" });
  });

  test("tells nothing of how it is spread while that changes: an edit may be undone before anybody could tell", async () => {
    const resource = world.kube.store.resource(CephFilesystemSubVolumeGroup);
    const told: unknown[] = [];
    const stop = world.ceph.intercept(({ prefix }, when) => {
      const status = world.kube.store.get(resource, { namespace, name: "team" })?.["status"] as { info?: { pinning?: string } } | undefined;
      if (prefix === "fs subvolumegroup pin" && when === "before") told.push(status?.info?.pinning ?? "nothing");
    });
    await change("team", { pinning: { export: null, random: 0.02 } });
    await change("team", { pinning: { export: null, random: 0.01 } });
    stop();

    expect(told).toEqual(["nothing", "nothing"]);
    expect(groups()?.get("team")).toMatchObject({ pin: "random=0.01" });
  });

  test("is spread again where its status is lost", async () => {
    world.ceph.clearCommands();
    await world.kube.mergePatch(
      CephFilesystemSubVolumeGroup,
      { namespace, name: "team" },
      { status: { info: null } },
      { subresource: "status" },
    );
    await world.settle();

    expect(world.ceph.mutations().map(({ prefix }) => prefix)).toEqual(["fs subvolumegroup pin"]);
    expect((await find("team"))?.status?.info?.pinning).toBe("distributed=1");
  });

  test("is made anew, and spread, where somebody has removed it", async () => {
    await admin("fs subvolumegroup rm", { group_name: "team" });
    await world.settle();

    expect(groups()?.get("team")).toMatchObject({ pin: "distributed=1", dataPool: "myfs-more" });
    expect(await ready("team")).toMatchObject({ status: "True" });
  });

  test("cannot move to another pool, and says so", async () => {
    await change("team", { dataPoolName: "myfs-replicated" });
    expect(await ready("team")).toMatchObject({
      status: "False",
      reason: "GroupConflict",
      message: expect.stringContaining("has its files in pool myfs-more, not in myfs-replicated"),
    });
    await change("team", { dataPoolName: "myfs-more" });
    expect(await ready("team")).toMatchObject({ status: "True" });
  });

  test("says in Ceph's words what Ceph refuses", async () => {
    await create("strange", { dataPoolName: ".mgr" });
    expect(await ready("strange")).toMatchObject({
      status: "False",
      reason: "GroupRefused",
      message: expect.stringContaining("Invalid pool"),
    });
    expect((await find("strange"))?.status?.phase).toBe("Failure");
    await remove("strange");
    expect(await find("strange")).toBeUndefined();
  });

  test("tells StorageClasses the id that it is given, and goes alone", async () => {
    await create("own-id", { clusterID: "mine" });
    expect((await find("own-id"))?.status?.info?.clusterID).toBe("mine");
    await remove("own-id");
    expect([...(groups()?.keys() ?? [])].sort()).toEqual(["csi", "team"]);
  });

  test.each([
    [{ clusterID: "" }, "clusterID"],
    [{ clusterID: "not so" }, "clusterID"],
    [{ clusterID: "x".repeat(37) }, "clusterID"],
    [{ csiMetadataRadosNamespace: "" }, "csiMetadataRadosNamespace"],
    [{ csiMetadataRadosNamespace: "x".repeat(1025) }, "csiMetadataRadosNamespace"],
  ])("is refused by the API server with %j", async (spec, field) => {
    await expect(world.kube.create(CephFilesystemSubVolumeGroup, groupOf("refused", spec))).rejects.toMatchObject({
      message: expect.stringContaining(`spec.${field}`),
    });
  });

  test("takes over the group csi, which stays when it goes", async () => {
    await create("myfs-csi", { name: "csi", quota: "1Gi", pinning: { distributed: 1 } });
    expect(groups()?.get("csi")).toMatchObject({ quota: GiB, pin: "distributed=1" });

    await remove("myfs-csi");
    expect(await find("myfs-csi")).toBeUndefined();
    expect(groups()?.get("csi")).toMatchObject({ quota: undefined });
  });

  test("stays while another stands for the same group, and holds subvolumes or not", async () => {
    await create("again", { name: "team", dataPoolName: "myfs-more", quota: "1Gi", pinning: { export: 0 } });
    // the older one's word counts
    expect(groups()?.get("team")).toMatchObject({ quota: 10 * GiB, pin: "distributed=1" });
    expect(await ready("again")).toMatchObject({
      status: "False",
      reason: "GroupTaken",
      message: expect.stringContaining("CephFilesystemSubVolumeGroup team is about group team of file system myfs since"),
    });
    await admin("fs subvolume create", { sub_name: "pvc-1", group_name: "team" });
    await remove("again");
    expect(await find("again")).toBeUndefined();
    expect(groups()?.has("team")).toBe(true);
  });

  test("goes with all that is in it where its user says so", async () => {
    await create("doomed");
    for (const sub_name of ["pvc-1", "pvc-2"]) await admin("fs subvolume create", { sub_name, group_name: "doomed" });
    await admin("fs subvolume snapshot create", { sub_name: "pvc-2", group_name: "doomed", snap_name: "snap-1" });
    await remove("doomed");
    expect(groups()?.get("doomed")?.subvolumes.size).toBe(2);

    await world.kube.mergePatch(
      CephFilesystemSubVolumeGroup,
      { namespace, name: "doomed" },
      { metadata: { annotations: { "rook.io/force-deletion": "true" } } },
    );
    await world.settle();
    expect(await find("doomed")).toBeUndefined();
    expect(groups()?.has("doomed")).toBe(false);
  });

  test("is not deleted while there are subvolumes in it, nor its file system, and both go then", async () => {
    await admin("fs subvolume create", { sub_name: "pvc-1", group_name: "team" });
    await world.kube.delete(CephFilesystem, { namespace, name: "myfs" });
    await remove("team");
    expect(await world.conditionOf(CephFilesystemSubVolumeGroup, "team", "DeletionIsBlocked")).toMatchObject({
      status: "True",
      reason: "ObjectHasDependents",
      message:
        'CephFilesystemSubVolumeGroup "rook-ceph/team" will not be deleted until all dependents are removed: subvolumes in group team: [pvc-1] (1)',
    });
    expect((await world.conditionOf(CephFilesystem, "myfs", "DeletionIsBlocked"))?.message).toContain(
      "CephFilesystemSubVolumeGroup: [team] (1), subvolumes in group team: [pvc-1] (1)",
    );

    await admin("fs subvolume rm", { sub_name: "pvc-1", group_name: "team" });
    await world.settle();
    expect(await find("team")).toBeUndefined();
    expect(await world.kube.get(CephFilesystem, { namespace, name: "myfs" })).toBeUndefined();
    expect(groups()).toBeUndefined();
  });

  test("waits where nobody can look into it, but not for a file system that is to go as well", async () => {
    await world.ceph.admin().command({ prefix: "fs fail", fs_name: "myfs" });
    await world.settle();
    expect(await ready("team")).toMatchObject({
      status: "False",
      reason: "FilesystemNotServed",
      message: expect.stringContaining("no MDS serves it"),
    });

    await remove("team");
    expect(await ready("team")).toMatchObject({
      reason: "FilesystemNotServed",
      message: "Nobody can say whether there are subvolumes in group team of file system myfs, since no MDS serves it",
    });

    await world.kube.delete(CephFilesystem, { namespace, name: "myfs" });
    await world.settle();
    expect(await find("team")).toBeUndefined();
    await world.kube.mergePatch(
      CephFilesystem,
      { namespace, name: "myfs" },
      { metadata: { annotations: { "rook.io/force-deletion": "true" } } },
    );
    await world.settle();
    expect(await world.kube.get(CephFilesystem, { namespace, name: "myfs" })).toBeUndefined();
    expect(await world.names(Deployment)).not.toContain("rook-ceph-mds-myfs-a");
  });
});

describe("what a CephFilesystemSubVolumeGroup asks for", () => {
  test.each([
    [{}, "infinite"],
    [{ quota: "10Gi" }, 10 * GiB],
    [{ quota: 4096 }, 4096],
    [{ quota: "1500m" }, 2],
  ])("quota of %j: %s", (spec, bytes) => {
    expect(quotaOf(groupOf("team", spec))).toBe(bytes);
  });

  test.each([
    [undefined, "distributed", "1"],
    [{}, "distributed", "1"],
    [{ distributed: 0 }, "distributed", "0"],
    [{ export: -1 }, "export", "-1"],
    [{ random: 0.5 }, "random", "0.5"],
  ])("pinning %j is %s %s", (pinning, type, setting) => {
    expect(pinOf(groupOf("team", { pinning }))).toEqual({ type, setting });
  });

  test("is found by StorageClasses by what it says, or by its names", () => {
    expect(clusterIdOf(groupOf("team", { clusterID: "mine" }))).toBe("mine");
    expect(clusterIdOf(groupOf("team", { clusterID: "" }))).toMatch(/^[0-9a-f]{32}$/);
    expect(clusterIdOf(groupOf("team"))).toBe(clusterIdOf(groupOf("other", { name: "team" })));
  });

  test.each([
    ["team", {}, []],
    ["team", { filesystemName: "" }, ["filesystemName"]],
    ["team", { name: "_deleting" }, ["name"]],
    ["team", { name: "a/b" }, ["name"]],
    ["team", { quota: 0 }, ["quota"]],
    ["team", { quota: "much" }, ["quota"]],
  ])("%s %j", (name, spec, fields) => {
    expect(groupProblems(groupOf(name, spec)).map(({ field }) => field)).toEqual(fields);
  });
});
