import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld, type TestWorldState } from "../../../test/support/test-world.ts";
import { CephError } from "../../ceph/ceph-error.ts";
import type { KubeObject } from "../../kube/object.ts";
import { CephBlockPool } from "./ceph-block-pool.ts";
import { blockPoolProblems } from "./problems.ts";

const namespace = "rook-ceph";
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };

const poolOf = (name: string, spec: CephBlockPool["spec"] = { replicated: { size: 3 } }): CephBlockPool => ({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephBlockPool",
  metadata: { name, namespace },
  spec,
});

let atRest: TestWorldState;
let world: TestWorld;
const inCeph = (name: string) => world.ceph.state()?.pools.find(({ pool_name }) => pool_name === name);
const ready = (name: string) => world.conditionOf(CephBlockPool, name, "Ready");
const object = (name: string) => world.kube.get(CephBlockPool, { namespace, name });
const create = async (name: string, spec?: CephBlockPool["spec"]) => {
  await world.kube.create(CephBlockPool, poolOf(name, spec));
  await world.settle();
};
const remove = async (name: string) => {
  await world.kube.delete(CephBlockPool, { namespace, name });
  await world.settle();
};
const change = async (name: string, patch: Partial<CephBlockPool["spec"]>, metadata: KubeObject["metadata"] = {}) => {
  await world.kube.mergePatch(CephBlockPool, { namespace, name }, { spec: patch, metadata });
  await world.settle();
};
const statsOption = () => world.ceph.state()?.config.get("mgr//mgr/prometheus/rbd_stats_pools")?.value;

beforeAll(async () => {
  const first = await createTestWorld({ devices });
  await first.settle();
  atRest = first.save();
});
beforeEach(async () => {
  world = await createTestWorld({ devices, from: atRest });
});

describe("a CephBlockPool", () => {
  test("gets a pool, and says what it is", async () => {
    await create("images");

    expect(inCeph("images")).toMatchObject({ size: 3, application_metadata: { rbd: {} } });
    expect(await ready("images")).toMatchObject({ status: "True", reason: "ReconcileSucceeded" });
    expect((await object("images"))?.status).toMatchObject({
      phase: "Ready",
      poolID: inCeph("images")?.pool,
      info: { type: "Replicated", failureDomain: "host" },
      observedGeneration: 1,
    });
    expect((await object("images"))?.metadata.finalizers).toEqual(["cephblockpool.ceph.rook.io"]);
  });

  test("may be erasure coded", async () => {
    await create("coded", { erasureCoded: { dataChunks: 2, codingChunks: 1 } });

    expect((await object("coded"))?.status).toMatchObject({ phase: "Ready", info: { type: "Erasure Coded", failureDomain: "host" } });
  });

  test("that cannot be says why, and takes its message back when it can", async () => {
    await create("wide", { replicated: { size: 4 } });
    expect(await ready("wide")).toMatchObject({
      status: "False",
      reason: "NotEnoughDomains",
      message:
        "Pool wide needs 4 of type host with OSDs below default, and there are 3: it is not as safe as asked for; add some, make the pool smaller, or choose a smaller failureDomain",
    });

    await change("wide", { replicated: { size: 3 } });
    expect(await ready("wide")).toMatchObject({ status: "True" });
  });

  test("names no field without effect that is switched off", async () => {
    await create("plain", {
      replicated: { size: 3 },
      mirroring: { enabled: false, mode: "image" },
      statusCheck: { mirror: { interval: "60s" } },
    });
    expect(await ready("plain")).toMatchObject({ message: "Everything is as the spec asks" });
  });

  test("takes Ceph's own pool over, and leaves it behind", async () => {
    await create("builtin-mgr", { name: ".mgr", replicated: { size: 2 } });
    expect(inCeph(".mgr")).toMatchObject({ size: 2, application_metadata: { mgr: {} }, crush_rule: 0 });

    await remove("builtin-mgr");
    expect([await object("builtin-mgr"), inCeph(".mgr")?.size]).toEqual([undefined, 2]);
  });

  test("never touches a file system's pool, whatever becomes of the object", async () => {
    const admin = world.ceph.admin();
    await admin.command({ prefix: "osd pool create", pool: "files", pg_num: 0, pool_type: "replicated", size: 2 });
    await admin.command({ prefix: "osd pool application enable", pool: "files", app: "cephfs" });

    await create("files");
    expect(await ready("files")).toMatchObject({ status: "False", reason: "PoolOfAnother" });
    await remove("files");
    expect([await object("files"), inCeph("files")?.size]).toEqual([undefined, 2]);
  });

  test("gives way to an older one of the same pool, and takes over when that is gone", async () => {
    await create("first", { name: ".nfs", replicated: { size: 2 } });
    await create("second", { name: ".nfs", replicated: { size: 3 } });
    expect(await ready("first")).toMatchObject({ status: "True" });
    expect(await ready("second")).toMatchObject({
      status: "False",
      reason: "PoolNameTaken",
      message: expect.stringContaining("CephBlockPool first is about pool .nfs"),
    });
    expect(inCeph(".nfs")).toMatchObject({ size: 2, application_metadata: { nfs: {} } });

    await remove("first");
    expect(await object("first")).toBeUndefined();
    expect(inCeph(".nfs")).toMatchObject({ size: 3 });
    expect(await ready("second")).toMatchObject({ status: "True" });
    await remove("second");
    expect(inCeph(".nfs")).toBeUndefined();
  });
});

describe("numbers of images", () => {
  test("are collected of the pools that ask for it, beside those that others named", async () => {
    await world.ceph.admin().command({ prefix: "config set", who: "mgr", name: "mgr/prometheus/rbd_stats_pools", value: "theirs" });
    await create("counted-b", { replicated: { size: 3 }, enableRBDStats: true });
    await create("counted-a", { replicated: { size: 3 }, enableRBDStats: true });
    expect(statsOption()).toBe("counted-a,counted-b,theirs");

    await change("counted-b", { enableRBDStats: false });
    expect(statsOption()).toBe("counted-a,theirs");

    await remove("counted-a");
    expect(statsOption()).toBe("theirs");
  });
});

describe("the deletion of a CephBlockPool", () => {
  const conditions = async (name: string) =>
    Object.fromEntries(
      ((await object(name))?.status?.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason ?? ""}`]),
    );

  /** Deletes a pool in which there are images. */
  const removeFull = async () => {
    await create("full");
    world.ceph.setObject("full", "rbd_directory", ["id_1", "name_a", "id_2", "name_b"]);
    world.ceph.setObject("full", "rbd_trash", ["id_3"]);
    await remove("full");
  };

  test("waits for the images in the pool, and names them", async () => {
    await removeFull();
    expect(await ready("full")).toMatchObject({
      status: "False",
      reason: "ObjectHasDependents",
      message:
        'CephBlockPool "rook-ceph/full" will not be deleted until all dependents are removed: images: [a b] (2), images in the trash: [3] (1)',
    });
    expect(await conditions("full")).toMatchObject({
      DeletionIsBlocked: "True ObjectHasDependents",
      PoolDeletionIsBlocked: "True PoolNotEmpty",
    });
    expect(inCeph("full")).toMatchObject({ size: 3, application_metadata: { rbd: {} } });
  });

  test("goes on when nothing but RBD's books is left", async () => {
    await removeFull();
    expect(await ready("full")).toMatchObject({ reason: "ObjectHasDependents" });
    world.ceph.setObject("full", "rbd_directory", []);
    world.ceph.setObject("full", "rbd_trash", []);
    world.ceph.setObject("full", "rbd_info", []);
    world.ceph.setObject("full", "csi.volumes.default", ["csi.volume.pvc-1"]);
    await world.settle();

    expect([await object("full"), inCeph("full")]).toEqual([undefined, undefined]);
    expect(world.ceph.state()?.crushRules.some(({ rule_name }) => rule_name === "full")).toBe(false);
  });

  test.each<[string, CephBlockPool["spec"], string, readonly string[], string]>([
    ["a RADOS namespace", { replicated: { size: 3 } }, "rbd_namespace", ["name_tenant"], "RADOS namespaces: [tenant] (1)"],
    ["objects that are not RBD's", { replicated: { size: 3 } }, "somebody's", [], "objects: 1"],
    ["chunks", { erasureCoded: { dataChunks: 2, codingChunks: 1 } }, "rbd_info rbd_data.1.2.3", [], "objects: 2"],
  ])("waits for %s, unless it is forced", async (_what, spec, name, keys, said) => {
    await create("held", spec);
    for (const each of name.split(" ")) world.ceph.setObject("held", each, keys);
    await remove("held");
    expect(await ready("held")).toMatchObject({ message: expect.stringContaining(`until all dependents are removed: ${said}`) });

    await change("held", {}, { annotations: { "rook.io/force-deletion": "true" } });
    expect([await object("held"), inCeph("held")]).toEqual([undefined, undefined]);
  });

  test("takes RBD's own book in an erasure coded pool for what it is", async () => {
    await create("booked", { erasureCoded: { dataChunks: 2, codingChunks: 1 } });
    world.ceph.setObject("booked", "rbd_info", []);
    await remove("booked");
    expect(await object("booked")).toBeUndefined();
  });

  test("waits while no OSD tells what is in the pool", async () => {
    await create("dark");
    const hide = world.ceph.intercept(({ prefix }) => {
      if (prefix === "getomap") throw new CephError("EUNKNOWN", prefix, "osd down");
    });
    await remove("dark");
    expect(await ready("dark")).toMatchObject({ message: expect.stringContaining("objects that no OSD serves: 1") });

    hide();
    await world.settle();
    expect(await object("dark")).toBeUndefined();
  });
});

describe("blockPoolProblems", () => {
  test.each<[CephBlockPool["spec"], string[]]>([
    [{ replicated: { size: 3 } }, []],
    [{ replicated: { size: 1 } }, []],
    [{ replicated: { size: 1, requireSafeReplicaSize: true } }, ["replicated.size"]],
    [{ replicated: { size: 0 } }, ["replicated.size"]],
    [{ replicated: { size: 11 } }, ["replicated.size"]],
    [{}, ["replicated.size"]],
    [{ replicated: { size: 0 }, erasureCoded: { dataChunks: 2, codingChunks: 1 } }, []],
    [{ replicated: { size: 3 }, erasureCoded: { dataChunks: 0, codingChunks: 0 } }, []],
    [{ replicated: { size: 3 }, erasureCoded: { dataChunks: 2, codingChunks: 1 } }, ["erasureCoded"]],
    [{ erasureCoded: { dataChunks: 1, codingChunks: 0 } }, ["erasureCoded.dataChunks", "erasureCoded.codingChunks"]],
    [
      { erasureCoded: { dataChunks: 4, codingChunks: 2, crushNumFailureDomains: 2, crushOSDsPerFailureDomain: 2 } },
      ["erasureCoded.crushNumFailureDomains"],
    ],
    [{ replicated: { size: 3 }, quotas: { maxSize: "lots" } }, ["quotas.maxSize"]],
    [{ replicated: { size: 3 }, parameters: { bulk: "" } }, ["parameters.bulk"]],
    [{ replicated: { size: 3 }, parameters: { size: "3", min_size: "2" } }, []],
    [{ replicated: { size: 3 }, parameters: { size: "2" } }, ["parameters.size"]],
    [{ replicated: { size: 3 }, parameters: { min_size: "4" } }, ["parameters.min_size"]],
    [{ replicated: { size: 3 }, parameters: { min_size: "none" } }, ["parameters.min_size"]],
    [{ replicated: { size: 3 }, parameters: { crush_rule: "mine", pgp_num: "8" } }, []],
    [{ erasureCoded: { dataChunks: 2, codingChunks: 1 }, parameters: { size: "3" } }, []],
    [{ erasureCoded: { dataChunks: 2, codingChunks: 1 }, parameters: { size: "4" } }, ["parameters.size"]],
    [{ name: ".mgr", erasureCoded: { dataChunks: 2, codingChunks: 1 } }, ["erasureCoded"]],
  ])("%j", (spec, fields) => {
    expect(blockPoolProblems(poolOf("a", spec)).map(({ field }) => field)).toEqual(fields);
  });
});
