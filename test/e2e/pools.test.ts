import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CephBlockPool } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { ceph, createCephCluster, deployToolbox, toolbox, waitForReady } from "./support/ceph-cluster.ts";
import { eventually } from "./support/eventually.ts";
import { applyObjects, getObject, kubectl } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";

type Spec = CephBlockPool["spec"];

const replicated: Spec = {
  failureDomain: "osd",
  replicated: { size: 3 },
  parameters: { compression_mode: "passive", pg_num_min: "4" },
  quotas: { maxSize: "1Gi", maxObjects: 1000 },
};

/** A pool as `ceph osd pool ls detail` tells it. */
interface Pool {
  pool_id: number;
  pool_name: string;
  size: number;
  min_size: number;
  flags_names: string;
  pg_num_target: number;
  quota_max_bytes: number;
  quota_max_objects: number;
  options: Record<string, unknown>;
  application_metadata: Record<string, unknown>;
}

async function apply(name: string, spec: Spec): Promise<void> {
  await applyObjects({ apiVersion: "ceph.rook.io/v1", kind: "CephBlockPool", metadata: { name, namespace }, spec } as CephBlockPool);
}

const readPool = (name: string) => getObject<CephBlockPool>(namespace, "cephblockpool", name);
const condition = async (name: string, type: string) => (await readPool(name)).status?.conditions?.find((c) => c.type === type);
const poolInCeph = async (name: string) => (await ceph<Pool[]>("osd", "pool", "ls", "detail")).find(({ pool_name }) => pool_name === name);
const rules = () => ceph<string[]>("osd", "crush", "rule", "ls");

/** `kubectl wait` for Ready; gives the seconds it took. */
async function waitForPool(name: string): Promise<number> {
  const began = performance.now();
  try {
    await kubectl(["wait", "-n", namespace, "--for=condition=Ready", "--timeout=60s", `cephblockpool/${name}`], { seconds: 70 });
  } catch (error) {
    throw new Error(`not Ready: ${(await condition(name, "Ready"))?.message ?? "its status says nothing"}`, { cause: error });
  }
  return (performance.now() - began) / 1000;
}

/** Of the generation that it has now. */
async function waitForChange(name: string): Promise<void> {
  await eventually(`${name} is as its spec asks`, async () => {
    const { metadata, status } = await readPool(name);
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    expect([ready?.status, ready?.observedGeneration, ready?.message]).toEqual(["True", metadata.generation, expect.any(String)]);
  });
}

describe("CephBlockPools", () => {
  beforeAll(async () => {
    await testCluster.up(1);
    const disks = [await testCluster.addDisk(1, "6G"), await testCluster.addDisk(1, "6G"), await testCluster.addDisk(1, "6G")];
    await operator.deploy();
    await createCephCluster({ mons: 1, mgrs: 1, devices: { node1: disks }, config: { osd_crush_chooseleaf_type: "0" } });
    await waitForReady();
    await deployToolbox();
  });

  afterAll(() => testCluster.down());

  test("a replicated pool is Ready with its settings, and keeps what is written", async () => {
    await apply("images", replicated);
    const seconds = await waitForPool("images");
    console.info(`replicated pool: ${seconds.toFixed(1)} s from its creation to Ready`);

    const pool = await poolInCeph("images");
    expect(pool).toMatchObject({
      size: 3,
      min_size: 2,
      quota_max_bytes: 2 ** 30,
      quota_max_objects: 1000,
      options: { compression_mode: "passive", pg_num_min: 4 },
      application_metadata: { rbd: {} },
    });
    expect(pool?.flags_names).not.toContain("creating");
    // Ceph makes them step by step
    expect(pool?.pg_num_target).toBeGreaterThanOrEqual(4);
    const [header, row] = (await kubectl(["get", "cephblockpool", "-n", namespace, "images"])).trimEnd().split("\n");
    expect(header).toMatch(/^NAME +PHASE +TYPE +FAILUREDOMAIN +AGE +READY/);
    expect(row).toMatch(/^images +Ready +Replicated +osd +\S+ +True/);
    expect((await readPool("images")).status).toMatchObject({ poolID: pool?.pool_id, observedGeneration: 1 });

    await toolbox(["rados", "-p", "images", "put", "keepsake", "-"], { input: "words" });
    expect(await toolbox(["rados", "-p", "images", "get", "keepsake", "-"])).toBe("words");
    await toolbox(["rados", "-p", "images", "rm", "keepsake"]);
  });

  test("an erasure coded pool is Ready, and takes the data of images", async () => {
    await apply("chunks", { failureDomain: "osd", erasureCoded: { dataChunks: 2, codingChunks: 1 } });
    const seconds = await waitForPool("chunks");
    console.info(`erasure coded pool: ${seconds.toFixed(1)} s from its creation to Ready`);

    expect(await poolInCeph("chunks")).toMatchObject({ size: 3, flags_names: expect.stringContaining("ec_overwrites") });
    await toolbox(["rbd", "import", "--data-pool", "chunks", "-", "images/one"], { input: "words in chunks" });
    expect((await toolbox(["rbd", "export", "images/one", "-"])).slice(0, 15)).toBe("words in chunks");
    expect(await toolbox(["rados", "-p", "chunks", "ls"])).toMatch(/^rbd_data\./m);
  });

  test("a change of size, settings and device class is made", async () => {
    const [deviceClass = ""] = await ceph<string[]>("osd", "crush", "class", "ls");
    await apply("images", {
      ...replicated,
      replicated: { size: 2 },
      deviceClass,
      enableCrushUpdates: true,
      parameters: { compression_mode: "aggressive", pg_num_min: "8" },
      quotas: { maxSize: "2Gi" },
    });
    await waitForChange("images");

    expect(await poolInCeph("images")).toMatchObject({
      size: 2,
      quota_max_bytes: 2 * 2 ** 30,
      quota_max_objects: 1000,
      options: { compression_mode: "aggressive", pg_num_min: 8 },
    });
    expect((await rules()).sort()).toEqual(["chunks", `images_osd_${deviceClass}`, "replicated_rule"]);
  });

  test("a pool that the cluster has no room for says so", async () => {
    await apply("wide", { replicated: { size: 2 } });

    await eventually("the status says what lacks", async () => {
      const ready = await condition("wide", "Ready");
      expect([ready?.status, ready?.reason]).toEqual(["False", "NotEnoughDomains"]);
      expect(ready?.message).toContain("Pool wide needs 2 of type host with OSDs below default, and there is 1");
    });
    await kubectl(["delete", "-n", namespace, "cephblockpool", "wide", "--timeout=60s"], { seconds: 70 });
    expect(await poolInCeph("wide")).toBeUndefined();
  });

  test("the mgr's own pool is taken over, and left behind", async () => {
    await apply("builtin-mgr", { name: ".mgr", failureDomain: "osd", enableCrushUpdates: true, replicated: { size: 2 } });
    await waitForPool("builtin-mgr");
    expect(await poolInCeph(".mgr")).toMatchObject({ size: 2, application_metadata: { mgr: {} } });

    await kubectl(["delete", "-n", namespace, "cephblockpool", "builtin-mgr", "--timeout=30s"]);
    expect(await poolInCeph(".mgr")).toMatchObject({ size: 2 });
  });

  test("a pool with an image in it is not removed, and goes when the image is gone", async () => {
    await kubectl(["delete", "-n", namespace, "cephblockpool", "images", "chunks", "--wait=false"]);
    await eventually("the images are named", async () => {
      expect((await condition("images", "DeletionIsBlocked"))?.message).toContain("images: [one] (1)");
      expect((await condition("images", "PoolDeletionIsBlocked"))?.reason).toBe("PoolNotEmpty");
      expect((await condition("chunks", "DeletionIsBlocked"))?.message).toContain("objects: 2");
    });
    expect([await poolInCeph("images"), await poolInCeph("chunks")]).not.toContain(undefined);

    await toolbox(["rbd", "rm", "--no-progress", "images/one"]);
    const began = performance.now();
    await kubectl(["wait", "-n", namespace, "--for=delete", "--timeout=60s", "cephblockpool/images", "cephblockpool/chunks"], {
      seconds: 70,
    });
    console.info(`pools: ${((performance.now() - began) / 1000).toFixed(1)} s from the last image's removal until they are gone`);
    expect([await poolInCeph("images"), await poolInCeph("chunks")]).toEqual([undefined, undefined]);
    expect((await rules()).sort()).toEqual([".mgr", "replicated_rule"]);
    expect(await ceph<string[]>("osd", "erasure-code-profile", "ls")).toEqual(["default"]);
  });
});
