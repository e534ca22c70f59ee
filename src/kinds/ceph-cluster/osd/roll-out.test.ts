import { describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld } from "../../../../test/support/test-world.ts";
import { CephError } from "../../../ceph/ceph-error.ts";
import { markOsdsOut } from "../../../ceph/commands/osd.ts";
import { Deployment, Node, Pod } from "../../../kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../../../schema/ceph-cluster.ts";
import { disksAnnotation } from "../../../simkube/controllers/nodes.ts";

const key = { namespace: "rook-ceph", name: "rook-ceph" };
const nodes = ["node1", "node2", "node3"];
const devices = (...names: string[]) => Object.fromEntries(nodes.map((node) => [node, names]));

async function readyCluster(disks: readonly string[], spec: CephClusterSpec = {}): Promise<TestWorld> {
  const world = await createTestWorld({ devices: devices(...disks), spec });
  await world.settle();
  expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  world.kube.clearWrites();
  world.ceph.clearCommands();
  return world;
}

const edit = (world: TestWorld, spec: CephClusterSpec) => world.kube.mergePatch(CephCluster, key, { spec });
const moreMemory: CephClusterSpec = { resources: { osd: { requests: { memory: "4Gi" } } } };
const messageOf = async (world: TestWorld) => (await world.cluster()).status?.message ?? "";

/** One more pool, of PGs that are all alike. */
function addPool(world: TestWorld, pool_name: string, size: number, min_size: number): void {
  const pools = world.ceph.state()?.pools;
  const [first] = pools ?? [];
  if (pools === undefined || first === undefined) throw new Error("there is no pool yet");
  pools.push({ ...first, pool: pools.length + 1, pool_name, size, min_size, pg_num: 8 });
}

/** Passes until `ends` holds of the message; what was changed in each pass that changed OSDs. */
async function batchesUntil(world: TestWorld, ends: (message: string) => boolean): Promise<string[][]> {
  const batches: string[][] = [];
  for (let round = 0; round < 300; round += 1) {
    const before = world.kube.writes().length;
    await world.reconcile(key);
    const changed = world.kube.writes().slice(before);
    const osds = changed
      .filter(({ kind, name }) => kind === "Deployment" && name.includes("-osd-"))
      .map(({ name }) => name.replace("rook-ceph-", ""));
    if (osds.length > 0) batches.push(osds);
    if (ends(await messageOf(world))) return batches;
    await world.clock.advance(1000);
  }
  throw new Error(`never so; last: ${await messageOf(world)}`);
}

const isReady = (message: string) => message.startsWith("Cluster created successfully");

describe("a change of OSDs", () => {
  test("goes in batches of one host, the first of one OSD, with few questions", async () => {
    const world = await readyCluster(["sdb", "sdc", "sdd", "sde"]);
    const hostOf = async (name: string) =>
      (await world.kube.get(Deployment, { namespace: key.namespace, name: `rook-ceph-${name}` }))?.metadata.labels?.[
        "topology-location-host"
      ] ?? "";
    await edit(world, moreMemory);

    const batches = await batchesUntil(world, isReady);

    expect(batches.map((batch) => batch.length)).toEqual([1, 3, 4, 4]);
    expect(batches.flat().length).toBe(new Set(batches.flat()).size);
    for (const batch of batches) expect(new Set(await Promise.all(batch.map(hostOf))).size).toBe(1);
    expect(world.ceph.commands().filter(({ prefix }) => prefix === "osd ok-to-stop")).toHaveLength(4);
  });

  test("changes no more together than osdMaxUpdatesInParallel allows", async () => {
    const world = await readyCluster(["sdb", "sdc", "sdd", "sde"], {
      storage: {
        osdMaxUpdatesInParallel: 2,
        nodes: nodes.map((name) => ({ name, devices: ["sdb", "sdc", "sdd", "sde"].map((device) => ({ name: device })) })),
      },
    });
    await edit(world, moreMemory);

    const batches = await batchesUntil(world, isReady);

    expect(Math.max(...batches.map((batch) => batch.length))).toBe(2);
  });

  test("names the pool that holds it up, and goes on when that is mended", async () => {
    const world = await readyCluster(["sdb"]);
    addPool(world, "rbd", 2, 2);
    await edit(world, moreMemory);

    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({
      status: "False",
      reason: "UpdatingOSDs",
      message:
        "Updating OSDs: 0 of 3; osd.0 waits, since Ceph says it is not ok to stop: 8 PGs of pool rbd (size 2, min_size 2) would become inactive; raise its size or lower min_size",
    });
    const pools = world.ceph.state()?.pools ?? [];
    const [last] = pools.splice(-1, 1);
    if (last !== undefined) pools.push({ ...last, min_size: 1 });
    await batchesUntil(world, isReady);
  });

  test("asks an mgr that does not answer once in a pass, and says so", async () => {
    const world = await readyCluster(["sdb", "sdc", "sdd"]);
    await edit(world, moreMemory);
    await batchesUntil(world, (message) => message.includes("osd.1 waits, since Ceph is given a moment"));
    const isStop = ({ prefix }: { prefix: string }) => prefix === "osd ok-to-stop";
    const before = world.ceph.commands().filter(isStop).length;
    const end = world.ceph.intercept((command, when) => {
      if (isStop(command) && when === "before") throw new CephError("timedOut", command.prefix, "no answer within 5 s");
    });
    await world.clock.advance(7000);

    await world.reconcile(key);

    expect(await messageOf(world)).toBe(
      "Updating OSDs: 1 of 9; osd.1 waits, since the active mgr does not answer whether it may be stopped: no answer within 5 s",
    );
    expect(world.ceph.commands().filter(isStop).length - before).toBe(1);
    end();
    await batchesUntil(world, isReady);
  });

  test("goes on after a while where the user prefers that, one OSD after another", async () => {
    const world = await readyCluster(["sdb", "sdc"], {
      continueUpgradeAfterChecksEvenIfNotHealthy: true,
      waitTimeoutForHealthyOSDInMinutes: 3,
    });
    addPool(world, "rbd", 2, 2);
    await edit(world, moreMemory);

    await batchesUntil(world, (message) => message.includes("continueUpgradeAfterChecksEvenIfNotHealthy"));
    const began = world.clock.now();
    const [first] = await batchesUntil(world, (message) => message.startsWith("Updating OSDs: 1 of 6"));

    expect(first).toEqual(["osd-0"]);
    expect(world.clock.now() - began).toBeGreaterThan(60_000);
    await batchesUntil(world, (message) => /^Updating OSDs: 1 of 6.*it is stopped all the same/.test(message));
  });

  test("asks nothing where the user does not want Ceph to be asked, and still changes one after another", async () => {
    const world = await readyCluster(["sdb"], { skipUpgradeChecks: true });
    addPool(world, "rbd", 2, 2);
    await edit(world, moreMemory);

    const batches = await batchesUntil(world, isReady);

    expect(batches).toEqual([["osd-0"], ["osd-1"], ["osd-2"]]);
    expect(world.ceph.commands().map(({ prefix }) => prefix)).not.toContain("osd ok-to-stop");
  });

  test("waits for clean PGs where the user asks for that", async () => {
    const world = await readyCluster(["sdb"], { upgradeOSDRequiresHealthyPGs: true });
    addPool(world, "wide", 4, 1);
    await edit(world, moreMemory);

    await world.settle();

    expect(await messageOf(world)).toBe(
      "Updating OSDs: 0 of 3; osd.0 waits, since 8 PGs are not clean (8 active+undersized), as upgradeOSDRequiresHealthyPGs asks",
    );
  });

  test("leaves an OSD alone that somebody works on, and says so in the end", async () => {
    const world = await readyCluster(["sdb"], { cephVersion: { image: "quay.io/ceph/ceph:v20.2.1" } });
    const name = { namespace: key.namespace, name: "rook-ceph-osd-1" };
    await world.kube.mergePatch(Deployment, name, { metadata: { labels: { "ceph.rook.io/do-not-reconcile": "true" } } });
    await edit(world, { cephVersion: { image: "quay.io/ceph/ceph:v20.2.4" } });

    const batches = await batchesUntil(world, (message) => message.includes("it is left alone"));

    expect(batches).toEqual([["osd-0"], ["osd-2"]]);
    expect(await messageOf(world)).toBe(
      "Updating OSDs: osd.1 waits, since it is left alone at 20.2.1; remove its label ceph.rook.io/do-not-reconcile, or end its maintenance; osd.1 is left alone for the label ceph.rook.io/do-not-reconcile",
    );
    expect(world.ceph.state()?.requireOsdRelease).toBe("tentacle");
  });

  test("that kills OSDs stops after two of them", async () => {
    const world = await readyCluster(["sdb", "sdc"]);
    await edit(world, moreMemory);

    for (const [index, id] of ["0", "1"].entries()) {
      await batchesUntil(world, (message) => message.includes(`osd.${id} is being changed`));
      await pullDiskOf(world, id);
      const said = await batchesUntil(world, (message) => message.includes(`osd.${id} on node`) && message.includes("no device")).then(() =>
        messageOf(world),
      );
      expect(said).toMatch(new RegExp(`^Updating OSDs: 0 of 6, ${5 - index} of 6 up; osd`));
      // its data is elsewhere by now
      await markOsdsOut(world.ceph.admin(), [Number(id)]);
    }
    await batchesUntil(world, (message) => message.includes("do not come back"));
    await world.settle();

    const changed = (await world.kube.list(Deployment, { labels: { app: "rook-ceph-osd" } })).filter(
      (each) => each.spec?.template.spec?.containers[0]?.resources?.requests?.["memory"] === "4Gi",
    );
    expect(changed.map(({ metadata }) => metadata.name).toSorted((a = "", b = "") => a.localeCompare(b))).toEqual([
      "rook-ceph-osd-0",
      "rook-ceph-osd-1",
    ]);
  });

  test("ends although disks had died before it: those OSDs get it at once, and say nothing of it", async () => {
    const world = await readyCluster(["sdb", "sdc"]);
    await pullDiskOf(world, "0");
    await pullDiskOf(world, "2");
    for (const id of ["0", "2"]) {
      const [pod] = await world.kube.list(Pod, { labels: { app: "rook-ceph-osd", "ceph-osd-id": id } });
      await world.kube.delete(Pod, { namespace: key.namespace, name: pod?.metadata.name ?? "" });
    }
    await batchesUntil(world, (message) => message.includes("osd.0") && message.includes("osd.2") && message.includes("keeps ending"));
    await world.clock.advance(360_000);
    world.kube.clearWrites();
    await edit(world, moreMemory);

    const first = await batchesUntil(world, (message) => message.includes("osd.1 waits, since osd.0 is not back yet"));
    await markOsdsOut(world.ceph.admin(), [0, 2]);
    const then = await batchesUntil(world, (message) => message.startsWith("Starting OSDs: 4 of 6 up"));

    expect(first).toEqual([["osd-0", "osd-2"]]);
    expect(then[0]).toHaveLength(1);
    expect(then.flat()).toHaveLength(4);
  });

  test("is tried on one OSD alone where it concerns some only", async () => {
    const world = await readyCluster(["sdb", "sdc", "sdd", "sde"]);
    const { storage } = (await world.cluster()).spec;
    const changed = storage?.nodes?.map((node) => (node.name === "node1" ? { ...node, resources: { requests: { memory: "4Gi" } } } : node));
    await edit(world, { storage: { ...storage, nodes: changed } });

    const batches = await batchesUntil(world, isReady);

    expect(batches.map((batch) => batch.length)).toEqual([1, 3]);
  });

  test("does not wait for one that is lost since long and out, and changes it last", async () => {
    const world = await readyCluster(["sdb", "sdc"]);
    await pullDiskOf(world, "0");
    await markOsdsOut(world.ceph.admin(), [0]);
    await world.settle();
    await edit(world, moreMemory);

    const batches = await batchesUntil(world, (message) => message.startsWith("Starting OSDs: 5 of 6 up"));

    expect(batches.flat()).toHaveLength(6);
    expect(batches.at(-1)).toEqual(["osd-0"]);
  });
});

describe("an OSD that is out and up", () => {
  test("does not keep an update from its end", async () => {
    const world = await readyCluster(["sdb", "sdc"], { cephVersion: { image: "quay.io/ceph/ceph:v18.2.7" } });
    await markOsdsOut(world.ceph.admin(), [0]);
    await world.settle();
    await edit(world, { cephVersion: { image: "quay.io/ceph/ceph:v20.2.4" } });

    await batchesUntil(world, (message) => message.startsWith("Starting OSDs: 5 of 6 up") && message.includes("is up but out"));
    await world.settle();

    expect(world.ceph.state()?.requireOsdRelease).toBe("tentacle");
  });

  test("is not stopped unasked while its Pod is not ready", async () => {
    const world = await readyCluster(["sdb"]);
    addPool(world, "rbd", 2, 2);
    await markOsdsOut(world.ceph.admin(), [0]);
    await world.settle();
    await edit(world, moreMemory);
    const name = { namespace: key.namespace, name: "rook-ceph-osd-0" };
    await world.kube.mergePatch(Deployment, name, { status: { availableReplicas: 0, readyReplicas: 0 } }, { subresource: "status" });
    world.kube.clearWrites();

    await world.reconcile(key);

    expect(world.kube.writes().filter(({ kind, name: changed }) => kind === "Deployment" && changed.includes("-osd-"))).toEqual([]);
    expect(await messageOf(world)).toContain("osd.1 waits, since Ceph says it is not ok to stop");
  });
});

/** Somebody pulls the disk of an OSD. */
async function pullDiskOf(world: TestWorld, id: string): Promise<void> {
  const env = (await world.kube.get(Deployment, { namespace: key.namespace, name: `rook-ceph-osd-${id}` }))?.spec?.template.spec
    ?.containers[0]?.env;
  const [node, disk] = ["ROOK_NODE_NAME", "ROOK_BLOCK_PATH"].map((name) => env?.find((each) => each.name === name)?.value ?? "");
  const found = await world.kube.get(Node, { name: node ?? "" });
  const left = (found?.metadata.annotations?.[disksAnnotation] ?? "").split(" ").filter((name) => `/dev/${name}` !== disk);
  await world.kube.mergePatch(Node, { name: node ?? "" }, { metadata: { annotations: { [disksAnnotation]: left.join(" ") } } });
}
