import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld, type TestWorldState } from "../../../test/support/test-world.ts";
import type { CephCommand } from "../../ceph/ceph.ts";
import { CephError } from "../../ceph/ceph-error.ts";
import { Deployment, PodDisruptionBudget, Secret } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { createReconciler } from "../../resource/create-reconciler.ts";
import { managedChild } from "../../resource/operator-kind-of.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import { CephFilesystem } from "./ceph-filesystem.ts";
import { filesystemKind } from "./kind.ts";

const namespace = "rook-ceph";
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };
const key = { namespace, name: "myfs" };

const filesystemOf = (spec: Partial<CephFilesystem["spec"]> = {}, name = "myfs"): CephFilesystem => ({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystem",
  metadata: { name, namespace },
  spec: {
    metadataPool: { replicated: { size: 3 } },
    dataPools: [{ name: "replicated", replicated: { size: 3 } }],
    metadataServer: { activeCount: 1, activeStandby: true },
    ...spec,
  },
});

/** What tests begin with: a cluster at rest, and one that has a file system. */
let bare: TestWorldState;
let served: TestWorldState;

beforeAll(async () => {
  const first = await createTestWorld({ devices });
  await first.settle();
  bare = first.save();
  await first.kube.create(CephFilesystem, filesystemOf());
  await first.settle();
  served = first.save();
});

let world: TestWorld;
const filesystem = (name = "myfs") => world.ceph.state()?.fsMap.filesystems.get(name);
/** `myfs-a 0 active`, sorted. */
const mdss = () =>
  world.ceph
    .state()
    ?.fsMap.mdss.map(({ name, rank, state }) => `${name} ${rank} ${state}`)
    .sort();
const pools = () => world.ceph.state()?.pools.map(({ pool_name }) => pool_name);
const ready = () => world.conditionOf(CephFilesystem, "myfs", "Ready");
const change = (spec: object) => world.kube.mergePatch(CephFilesystem, key, { spec });

describe("a CephFilesystem", () => {
  beforeEach(async () => {
    world = await createTestWorld({ devices, from: served });
  });

  test("gets its pools, a file system on them, an MDS that serves and one that follows it, and the group csi", async () => {
    expect(await ready()).toMatchObject({ status: "True", reason: "ReconcileSucceeded" });
    expect(pools()).toEqual([".mgr", "myfs-metadata", "myfs-replicated"]);
    expect(mdss()).toEqual(["myfs-a 0 active", "myfs-b 0 standby-replay"]);
    expect([...(filesystem()?.groups.keys() ?? [])]).toEqual(["csi"]);
    const { status, metadata } = (await world.kube.get(CephFilesystem, key)) ?? {};
    expect(status).toMatchObject({ phase: "Ready", observedGeneration: 1, info: { id: "1", active: "myfs-a", standby: "myfs-b" } });
    expect(metadata?.finalizers).toEqual(["cephfilesystem.ceph.rook.io"]);
  });

  test.each(["my.fs", `fs-${"x".repeat(50)}`])("may have a name that no volume of a Pod can have: %s", async (name) => {
    await world.kube.create(CephFilesystem, filesystemOf({}, name));
    await world.settle();

    expect(await world.conditionOf(CephFilesystem, name, "Ready")).toMatchObject({ status: "True" });
    expect(mdss()).toEqual(expect.arrayContaining([`${name}-a 0 active`, `${name}-b 0 standby-replay`]));
  });

  test("gives each MDS its key, and tells it which file system it is of", async () => {
    const state = world.ceph.state();
    expect(state?.entities.get("mds.myfs-a")?.caps).toEqual({ mds: "allow", mon: "allow profile mds", osd: "allow *" });
    const secret = await world.kube.get(Secret, { namespace, name: "rook-ceph-mds-myfs-a-keyring" });
    expect(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).toContain(state?.entities.get("mds.myfs-a")?.key);
    expect(state?.config.get("mds.myfs-a//mds_join_fs")?.value).toBe("myfs");
  });

  test("has a budget that keeps an MDS for each rank", async () => {
    const budget = await world.kube.get(PodDisruptionBudget, { namespace, name: "rook-ceph-mds-myfs" });
    expect(budget?.spec).toEqual({ minAvailable: 1, selector: { matchLabels: { rook_file_system: "myfs" } } });
  });

  test("gets another data pool, and keeps one that is no longer named", async () => {
    await change({ dataPools: [{ name: "replicated", replicated: { size: 3 } }, { replicated: { size: 2 } }] });
    await world.settle();
    expect(pools()).toContain("myfs-data1");
    expect(filesystem()?.dataPools).toHaveLength(2);

    await change({ dataPools: [{ name: "replicated", replicated: { size: 3 } }] });
    await world.settle();
    expect(filesystem()?.dataPools).toHaveLength(2);
    expect((await ready())?.message).toMatch(/data pools that the spec no longer names stay/);
  });

  test("tells what MDSs may keep in memory", async () => {
    await change({ metadataServer: { resources: { limits: { memory: "4Gi" }, requests: { memory: "2Gi" } } } });
    await world.settle();

    expect(world.ceph.state()?.config.get("mds.myfs-b//mds_cache_memory_limit")?.value).toBe(String(2 * 1024 ** 3));
    const deployment = await world.kube.get(Deployment, { namespace, name: "rook-ceph-mds-myfs-b" });
    expect(deployment?.spec?.template.spec?.containers[0]?.resources?.limits).toEqual({ memory: "4Gi" });
    expect(await ready()).toMatchObject({ status: "True" });
  });

  test("gets more ranks with their followers, and gives them back before their MDSs go", async () => {
    await change({ metadataServer: { activeCount: 2 } });
    await world.settle();
    expect(
      mdss()
        ?.map((mds) => mds.split(" ").slice(1).join(" "))
        .sort(),
    ).toEqual(["0 active", "0 standby-replay", "1 active", "1 standby-replay"]);
    expect(await ready()).toMatchObject({ status: "True" });

    world.ceph.clearCommands();
    await change({ metadataServer: { activeCount: 1 } });
    await world.settle();
    expect(filesystem()?.ranks.size).toBe(1);
    expect(mdss()?.map((mds) => mds.split(" ")[0])).toEqual(["myfs-a", "myfs-b"]);
    expect(await world.names(Deployment)).not.toContain("rook-ceph-mds-myfs-c");
    expect(await world.names(Secret)).not.toContain("rook-ceph-mds-myfs-d-keyring");
    expect([...(world.ceph.state()?.entities.keys() ?? [])].filter((entity) => entity.startsWith("mds."))).toEqual([
      "mds.myfs-a",
      "mds.myfs-b",
    ]);
    expect([...(world.ceph.state()?.config.values() ?? [])].filter(({ section }) => /mds.myfs-[cd]/.test(section))).toEqual([]);
    expect(await ready()).toMatchObject({ status: "True" });
  });

  test("keeps its ranks and MDSs while the cache has an older spec than the API server", async () => {
    await change({ metadataServer: { activeCount: 2 } });
    const before = mdss();
    const older = await world.kube.get(CephFilesystem, key);
    await change({ metadataServer: { activeCount: 1 } });
    const { kube, dependencies } = world;
    const get: Kube["get"] = async (kind, request) => {
      const now = await kube.get(kind, request);
      return now !== undefined && kind.kind === CephFilesystem.kind ? Object.assign(structuredClone(now), older) : now;
    };
    const reconciler = createReconciler(managedChild(filesystemKind), { ...dependencies, kube: { ...kube, get }, live: kube });
    world.ceph.clearCommands();
    kube.clearWrites();

    // what it tells is refused as well
    await expect(reconciler.reconcile(key, new AbortController().signal)).rejects.toThrow("has been modified");

    expect(world.ceph.mutations().filter(({ prefix }) => prefix === "fs set")).toEqual([]);
    expect(kube.writes().filter(({ kind }) => kind === "Deployment")).toEqual([]);
    await world.settle();
    expect(mdss()).toEqual(before);
  });

  test("goes without standbys where none are wanted", async () => {
    await change({ metadataServer: { activeStandby: false } });
    await world.settle();

    expect(mdss()).toHaveLength(1);
    expect(filesystem()).toMatchObject({ allowStandbyReplay: false, standbyCountWanted: 0 });
    expect(await ready()).toMatchObject({ status: "True" });
    expect(await world.names(PodDisruptionBudget)).not.toContain("rook-ceph-mds-myfs");

    await change({ metadataServer: { activeStandby: true } });
    await world.settle();
    expect(mdss()).toHaveLength(2);
  });

  test("says who has taken it from its MDSs", async () => {
    await world.ceph.admin().command({ prefix: "fs fail", fs_name: "myfs" });
    await world.settle();
    expect(await ready()).toMatchObject({
      status: "False",
      reason: "FilesystemFailed",
      message: expect.stringContaining("ceph fs set myfs joinable true"),
    });

    await world.ceph.admin().command({ prefix: "fs set", fs_name: "myfs", var: "joinable", val: "true" });
    await world.settle();
    expect(await ready()).toMatchObject({ status: "True" });
  });

  test("names an MDS that cannot be back, and its trouble", async () => {
    await change({
      metadataServer: {
        placement: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["nowhere"] }] }],
            },
          },
        },
      },
    });
    await world.settle();
    const { status, reason, message } = (await ready()) ?? {};
    expect([status, reason]).toEqual(["False", "UpdatingMDSs"]);
    expect(message).toMatch(
      /mds\.myfs-[ab] waits, since mds\.myfs-[ab] is not back yet; mds myfs-[ab] cannot be scheduled since \d\d:\d\d:\d\dZ: .*; bring back a node that fits, or change metadataServer\.placement/,
    );
    expect(mdss()).toHaveLength(1);

    await change({ metadataServer: { placement: null } });
    await world.settle();
    expect(await ready()).toMatchObject({ status: "True" });
  });

  test("gives ranks back, but takes none, while an MDS has a health warning", async () => {
    world.ceph.setHealth("MDS_TRIM", { severity: "HEALTH_WARN", message: "1 MDSs behind on trimming" });
    await change({ metadataServer: { activeCount: 2 } });
    await world.settle();
    expect(await ready()).toMatchObject({ status: "True" });

    await change({ metadataServer: { activeCount: 1 } });
    await world.settle();
    expect(await ready()).toMatchObject({
      status: "False",
      reason: "ScalingMDSs",
      message: expect.stringMatching(/max_mds is not 1 yet, since Ceph says: .*--yes-i-really-mean-it/),
    });
    expect(filesystem()?.ranks.size).toBe(2);

    world.ceph.setHealth("MDS_TRIM", undefined);
    await world.settle();
    expect(await ready()).toMatchObject({ status: "True" });
  });

  test("is left as it is while it is down or has failed, whatever else the spec asks for", async () => {
    for (const [taken, back] of [
      ["down", "down false"],
      ["joinable", "joinable true"],
    ] as const) {
      await world.ceph.admin().command({ prefix: "fs set", fs_name: "myfs", var: taken, val: String(taken === "down") });
      world.ceph.clearCommands();
      await change({ metadataServer: { activeCount: 2 } });
      await world.settle();
      expect(await ready()).toMatchObject({ reason: "FilesystemFailed", message: expect.stringContaining(`ceph fs set myfs ${back}`) });
      expect(world.ceph.mutations().filter(({ prefix }) => prefix === "fs set")).toEqual([]);

      const [setting = "", val = ""] = back.split(" ");
      await change({ metadataServer: { activeCount: 1 } });
      await world.ceph.admin().command({ prefix: "fs set", fs_name: "myfs", var: setting, val });
      await world.settle();
      expect(await ready()).toMatchObject({ status: "True" });
    }
  });

  test("is not deleted while there are subvolumes in it, which are named with their number", async () => {
    await world.ceph.admin().command({ prefix: "fs subvolume create", vol_name: "myfs", sub_name: "pvc-1", group_name: "csi" });
    await world.kube.delete(CephFilesystem, key);
    await world.settle();
    expect(await world.conditionOf(CephFilesystem, "myfs", "DeletionIsBlocked")).toMatchObject({
      status: "True",
      reason: "ObjectHasDependents",
      message: 'CephFilesystem "rook-ceph/myfs" will not be deleted until all dependents are removed: subvolumes in group csi: [pvc-1] (1)',
    });
    expect(filesystem()).toBeDefined();

    await world.ceph.admin().command({ prefix: "fs subvolume rm", vol_name: "myfs", sub_name: "pvc-1", group_name: "csi" });
    await world.settle();
    expect(await world.kube.get(CephFilesystem, key)).toBeUndefined();
    expect(filesystem()).toBeUndefined();
    expect(pools()).toEqual([".mgr"]);
    expect((await world.names(Deployment)).filter((name) => name.includes("mds"))).toEqual([]);
    expect([...(world.ceph.state()?.entities.keys() ?? [])].filter((entity) => entity.startsWith("mds."))).toEqual([]);
  });

  test.each<[string, CephCommand]>([
    ["failed", { prefix: "fs fail", fs_name: "myfs", yes_i_really_mean_it: true }],
    ["down", { prefix: "fs set", fs_name: "myfs", var: "down", val: "true" }],
  ])("keeps its subvolumes where it is %s when it is deleted, until its user says that they may go", async (_what, command) => {
    await world.ceph.admin().command({ prefix: "fs subvolume create", vol_name: "myfs", sub_name: "pvc-1", group_name: "csi" });
    await world.kube.delete(CephFilesystem, key);
    await world.settle();
    await world.ceph.admin().command(command);
    await world.settle();
    expect(await ready()).toMatchObject({
      status: "False",
      reason: "SubvolumesUnknown",
      message: expect.stringMatching(/ceph fs set myfs (joinable true|down false).*rook\.io\/force-deletion: "true"/),
    });
    expect([...(filesystem()?.groups.get("csi")?.subvolumes ?? [])]).toEqual(["pvc-1"]);

    await world.kube.mergePatch(CephFilesystem, key, { metadata: { annotations: { "rook.io/force-deletion": "true" } } });
    await world.settle();
    expect(await world.kube.get(CephFilesystem, key)).toBeUndefined();
    expect([filesystem(), pools()]).toEqual([undefined, [".mgr"]]);
  });

  test("goes on with a deletion that was stopped between its failing and its removal", async () => {
    const stop = world.ceph.intercept(({ prefix }, when) => {
      if (prefix === "fs rm" && when === "before") throw new CephError("EIO", prefix, "the operator ends here");
    });
    await world.kube.delete(CephFilesystem, key);
    await world.settle();
    expect(filesystem()).toMatchObject({ joinable: false });

    stop();
    await world.settle();
    expect(await world.kube.get(CephFilesystem, key)).toBeUndefined();
    expect(filesystem()).toBeUndefined();
  });

  test("follows the cluster to another version of Ceph when all that it relies on is there, by way of one rank", async () => {
    await change({ metadataServer: { activeCount: 2 } });
    await world.settle();
    world.ceph.clearCommands();
    const mixed = new Set<string>();
    const stop = world.ceph.intercept(() => {
      const members = world.ceph.state()?.fsMap.mdss.filter((mds) => mds.filesystem === "myfs") ?? [];
      if (new Set(members.map(({ version }) => version)).size > 1)
        mixed.add(members.map(({ name, version, rank, state }) => `${name} ${version} ${rank} ${state}`).join(", "));
    });
    await world.kube.mergePatch(
      CephCluster,
      { namespace, name: "rook-ceph" },
      { spec: { cephVersion: { image: "quay.io/ceph/ceph:v20.2.5" } } },
    );
    // passes come while an MDS has not ended yet, too
    const areAt = (wanted: string) => world.ceph.state()?.fsMap.mdss.every(({ version }) => version === wanted) === true;
    for (let pass = 0; pass < 400 && !areAt("20.2.5"); pass += 1) {
      await world.reconcile({ namespace, name: "rook-ceph" });
      await world.reconcileOthers();
      await world.clock.advance(areAt("20.2.4") ? 1000 : 200);
    }
    await world.settle();

    stop();
    expect([...mixed]).toEqual([]);
    expect(world.ceph.state()?.fsMap.mdss.map(({ version }) => version)).toEqual(["20.2.5", "20.2.5", "20.2.5", "20.2.5"]);
    const settings = world.ceph
      .mutations()
      .filter(({ prefix }) => prefix === "fs set")
      .map(({ var: name, val }) => `${String(name)} ${String(val)}`);
    expect(settings).toEqual(["allow_standby_replay false", "max_mds 1", "allow_standby_replay true", "max_mds 2"]);
    expect(await ready()).toMatchObject({ status: "True" });
  });
});

describe("a CephFilesystem that is new", () => {
  /** Makes a file system that holds something, and takes the CephFilesystem away from it. */
  const leaveBehind = async () => {
    await world.kube.create(CephFilesystem, filesystemOf({ preserveFilesystemOnDelete: true }));
    await world.settle();
    await world.ceph.admin().command({ prefix: "fs subvolume create", vol_name: "myfs", sub_name: "kept" });
    await world.kube.delete(CephFilesystem, key);
    await world.settle();
  };

  beforeEach(async () => {
    world = await createTestWorld({ devices, from: bare });
  });

  test("leaves no key in Ceph of an MDS that was asked for only for a moment", async () => {
    const keys = () => [...(world.ceph.state()?.entities.keys() ?? [])].filter((entity) => entity.startsWith("mds.")).sort();
    await world.kube.create(CephFilesystem, filesystemOf({ metadataServer: { activeCount: 1, activeStandby: false } }));
    await world.settle();
    const stop = world.ceph.intercept(({ prefix }, when) => {
      if (prefix === "config set" && when === "before") throw new CephError("EIO", prefix, "no answer");
    });
    await world.kube.mergePatch(CephFilesystem, key, { spec: { metadataServer: { activeStandby: true } } });
    await world.settle();
    expect(keys()).toEqual(["mds.myfs-a", "mds.myfs-b"]);

    stop();
    await world.kube.mergePatch(CephFilesystem, key, { spec: { metadataServer: { activeStandby: false } } });
    await world.settle();
    expect(keys()).toEqual(["mds.myfs-a"]);
  });

  test("names what its spec cannot be", async () => {
    await world.kube.create(CephFilesystem, filesystemOf({ dataPools: [{ erasureCoded: { dataChunks: 2, codingChunks: 1 } }] }));
    await world.settle();
    expect(await ready()).toMatchObject({ reason: "InvalidSpec", message: expect.stringContaining("spec.dataPools[0].erasureCoded") });
  });

  test("says that Ceph makes no file system on pools that hold something", async () => {
    await world.kube.create(CephFilesystem, filesystemOf({ preservePoolsOnDelete: true }));
    await world.settle();
    await world.kube.delete(CephFilesystem, key);
    await world.settle();
    expect(pools()).toEqual(expect.arrayContaining(["myfs-metadata", "myfs-replicated"]));

    await world.kube.create(CephFilesystem, filesystemOf());
    await world.settle();
    expect(await ready()).toMatchObject({
      status: "False",
      reason: "FilesystemRefused",
      message: expect.stringContaining("already contains some objects"),
    });
    await world.kube.delete(CephFilesystem, key);
    await world.settle();
    expect(pools()).not.toContain("myfs-metadata");
  });

  test("is served again by the next of its name where it was to stay", async () => {
    await leaveBehind();
    expect(await world.kube.get(CephFilesystem, key)).toBeUndefined();
    expect(mdss()).toEqual([]);

    await world.kube.create(CephFilesystem, filesystemOf({ preserveFilesystemOnDelete: true }));
    await world.settle();
    expect(await ready()).toMatchObject({ status: "True" });
    expect([...(filesystem()?.subvolumes ?? [])]).toEqual(["kept"]);
  });

  test("is taken over as it is where the spec names no data pools", async () => {
    await leaveBehind();
    world.ceph.clearCommands();
    await world.kube.create(CephFilesystem, filesystemOf({ dataPools: [] }));
    await world.settle();
    expect(await ready()).toMatchObject({ status: "True" });
    // what it has not made it does not take away
    await world.kube.delete(CephFilesystem, key);
    await world.settle();
    expect([...(filesystem()?.subvolumes ?? [])]).toEqual(["kept"]);
    expect(pools()).toEqual(expect.arrayContaining(["myfs-metadata", "myfs-replicated"]));
    await world.kube.create(CephFilesystem, filesystemOf({ dataPools: [], preserveFilesystemOnDelete: true }));
    await world.settle();
    expect(await ready()).toMatchObject({ status: "True" });
    expect(mdss()).toEqual(["myfs-a 0 active", "myfs-b 0 standby-replay"]);
    expect(world.ceph.mutations().filter(({ prefix }) => prefix.startsWith("osd pool"))).toEqual([]);
  });
});
