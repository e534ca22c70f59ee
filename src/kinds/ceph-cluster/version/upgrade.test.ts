import { describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld } from "../../../../test/support/test-world.ts";
import { Deployment, Node, Pod } from "../../../kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../../../schema/ceph-cluster.ts";

const key = { namespace: "rook-ceph", name: "rook-ceph" };
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };
const reef = "quay.io/ceph/ceph:v18.2.7";
const tentacle = "quay.io/ceph/ceph:v20.2.4";

/** A cluster that runs reef, and is Ready. */
async function reefCluster(more: Partial<Parameters<typeof createTestWorld>[0]> = {}): Promise<TestWorld> {
  const world = await createTestWorld({ devices, ...more, spec: { cephVersion: { image: reef }, ...more.spec } });
  await world.settle();
  expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  return world;
}

const edit = (world: TestWorld, spec: CephClusterSpec) => world.kube.mergePatch(CephCluster, key, { spec });
const want = (world: TestWorld, image: string) => edit(world, { cephVersion: { image } });
const daemon = (world: TestWorld, name: string) => world.kube.get(Deployment, { namespace: key.namespace, name: `rook-ceph-${name}` });
const imageOf = (deployment: Deployment | undefined) => deployment?.spec?.template.spec?.containers[0]?.image;

/** Which daemon is at which image, by the Deployments. */
async function images(world: TestWorld, image: string): Promise<string[]> {
  const deployments = await world.kube.list(Deployment);
  return deployments
    .filter((each) => imageOf(each) === image)
    .map(({ metadata }) => (metadata.name ?? "").replace("rook-ceph-", ""))
    .sort();
}

/** Passes, with time between, until `ends` holds; the messages of all of them. */
async function messagesUntil(world: TestWorld, ends: (message: string) => boolean): Promise<string[]> {
  const said: string[] = [];
  for (let round = 0; round < 200; round += 1) {
    await world.reconcile(key);
    const message = (await world.cluster()).status?.message ?? "";
    if (said.at(-1) !== message) said.push(message);
    if (ends(message)) return said;
    await world.clock.advance(1000);
  }
  throw new Error(`never so; last: ${said.at(-1) ?? ""}`);
}

const isReady = (message: string) => message.startsWith("Cluster created successfully");

describe("an update of Ceph", () => {
  test("takes mons, then mgrs, then OSDs, then the rest, one after another, and ends with the OSDs' release", async () => {
    const world = await reefCluster();
    const order: string[] = [];
    await want(world, tentacle);
    world.kube.clearWrites();

    const said = await messagesUntil(world, (message) => {
      for (const { kind, name } of world.kube.writes()) if (kind === "Deployment" && !order.includes(name)) order.push(name);
      return isReady(message);
    });

    expect(order.map((name) => name.replace("rook-ceph-", ""))).toEqual([
      ...["mon-a", "mon-b", "mon-c", "mgr-b", "mgr-a", "osd-0", "osd-1", "osd-2"],
      ...["crashcollector-node1", "crashcollector-node2", "crashcollector-node3"],
    ]);
    expect(said).toEqual([
      "Detecting Ceph version of quay.io/ceph/ceph:v20.2.4; meanwhile the cluster goes on at 18.2.7",
      "Updating mons: 0 of 3 at 20.2.4, 3 of 3 in quorum; mon.a is being changed",
      expect.stringMatching(/^Updating mons: 0 of 3 at 20.2.4, 2 of 3 in quorum; mon a on node1 is not ready since \d/),
      "Updating mons: 1 of 3 at 20.2.4, 3 of 3 in quorum; mon.b is being changed",
      expect.stringMatching(/^Updating mons: 1 of 3 at 20.2.4, 2 of 3 in quorum; mon b on node2 is not ready since \d/),
      "Updating mons: 2 of 3 at 20.2.4, 3 of 3 in quorum; mon.c is being changed",
      expect.stringMatching(/^Updating mons: 2 of 3 at 20.2.4, 2 of 3 in quorum; mon c on node3 is not ready since \d/),
      "Updating mgrs: 0 of 2 at 20.2.4, 2 of 2 running; mgr.b is being changed",
      "Updating mgrs: 0 of 2 at 20.2.4, 1 of 2 running; mgr.b is being changed",
      "Updating mgrs: 1 of 2 at 20.2.4, 2 of 2 running; mgr.a is being changed",
      "Updating mgrs: 1 of 2 at 20.2.4, 1 of 2 running; mgr.a is being changed",
      "Updating OSDs: 0 of 3 at 20.2.4; osd.0 is being changed",
      "Updating OSDs: 0 of 3 at 20.2.4, 2 of 3 up; osd.0 is being changed",
      "Updating OSDs: 1 of 3 at 20.2.4; osd.1 waits, since Ceph is given a moment to see what the last change did to its PGs",
      "Updating OSDs: 1 of 3 at 20.2.4; osd.1 is being changed",
      "Updating OSDs: 1 of 3 at 20.2.4, 2 of 3 up; osd.1 is being changed",
      "Updating OSDs: 2 of 3 at 20.2.4; osd.2 waits, since Ceph is given a moment to see what the last change did to its PGs",
      "Updating OSDs: 2 of 3 at 20.2.4; osd.2 is being changed",
      "Starting OSDs: 2 of 3 up",
      "Starting crash collectors: 0 of 3 running",
      "Cluster created successfully",
    ]);
    expect((await world.cluster()).status?.version).toEqual({ image: tentacle, version: "20.2.4-0" });
    expect(world.ceph.state()?.requireOsdRelease).toBe("tentacle");
    expect(await images(world, reef)).toEqual([]);
  });

  test("does not say that every OSD has the release while the last one, which is in, is not up with it", async () => {
    const world = await reefCluster();
    const isAway = world.sim.faults.onStart((pod) =>
      pod.metadata.labels?.["osd"] === "2" && pod.spec?.containers[0]?.image === tentacle
        ? { type: "serve", readyAfterMs: Infinity }
        : undefined,
    );
    await want(world, tentacle);

    await messagesUntil(world, (message) => message.startsWith("Starting OSDs: 2 of 3 up") || message.startsWith("Updating OSDs: 3 of 3"));
    await world.clock.advance(30_000);
    await world.reconcile(key);
    expect(world.ceph.state()?.requireOsdRelease).toBe("reef");

    isAway();
    const [pod] = await world.kube.list(Pod, { labels: { osd: "2" } });
    await world.kube.delete(Pod, { namespace: key.namespace, name: pod?.metadata.name ?? "" });
    await messagesUntil(world, isReady);
    expect(world.ceph.state()?.requireOsdRelease).toBe("tentacle");
  });

  test("says the version that all daemons run at least, until all run the new one", async () => {
    const world = await reefCluster();
    await want(world, tentacle);

    await messagesUntil(world, (message) => message.startsWith("Updating OSDs: 2 of 3"));

    expect((await world.cluster()).status?.version).toEqual({ image: reef, version: "18.2.7-0" });
  });

  test("brings a daemon back that is lost on the way, before it goes on", async () => {
    const world = await reefCluster();
    await want(world, tentacle);
    await messagesUntil(world, (message) => message.startsWith("Updating OSDs: 1 of 3 at 20.2.4; osd.1 waits"));
    const [pod] = await world.kube.list(Pod, { labels: { app: "rook-ceph-mon", mon: "c" } });

    await world.kube.delete(Pod, { namespace: key.namespace, name: pod?.metadata.name ?? "" });
    await world.clock.advance(1200);
    const said = await messagesUntil(world, (message) => message.startsWith("Updating OSDs: 1 of 3"));

    expect(said).toEqual([expect.stringContaining("mon c on node3"), expect.stringContaining("Updating OSDs: 1 of 3")]);
    expect(imageOf(await daemon(world, "osd-1"))).toBe(reef);
    await messagesUntil(world, isReady);
    expect(await images(world, reef)).toEqual([]);
  });

  test.each([
    ["cordoned", { unschedulable: true }, "is cordoned"],
    [
      "tainted",
      { taints: [{ key: "node.kubernetes.io/disk-pressure", effect: "NoSchedule" as const }] },
      "has a taint that is not tolerated (node.kubernetes.io/disk-pressure:NoSchedule)",
    ],
  ])("stops no mon and no OSD that could not start again: one node is %s", async (_what, spec, why) => {
    const world = await reefCluster();
    await world.kube.mergePatch(Node, { name: "node2" }, { spec });
    await want(world, tentacle);

    await messagesUntil(world, (message) => message.includes("mon.b waits"));
    for (let round = 0; round < 30; round += 1) {
      await world.reconcile(key);
      await world.clock.advance(1000);
    }

    expect((await world.cluster()).status?.message).toContain(
      `Updating mons: 2 of 3 at 20.2.4; mon.b waits, since its node node2 ${why}, and it could not start there again`,
    );
    expect(world.ceph.state()?.quorum).toEqual(["a", "b", "c"]);
    await world.kube.mergePatch(Node, { name: "node2" }, { spec: { unschedulable: null, taints: null } });
    await messagesUntil(world, (message) => message.startsWith("Updating mgrs"));
    await world.kube.mergePatch(Node, { name: "node2" }, { spec });
    const osds = await messagesUntil(world, (message) => message.includes("osd.1 waits, since its node"));
    expect(osds.at(-1)).toBe(
      `Updating OSDs: 2 of 3 at 20.2.4; osd.1 waits, since its node node2 ${why}, and it could not start there again`,
    );
    await world.kube.mergePatch(Node, { name: "node2" }, { spec: { unschedulable: null, taints: null } });
    await messagesUntil(world, isReady);
  });

  test("takes one mon, one mgr and fewer than three OSDs, too", async () => {
    const world = await reefCluster({ nodes: 1, devices: { node1: ["sdb"] }, spec: { mon: { count: 1 }, mgr: { count: 1 } } });
    await want(world, tentacle);

    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
    expect(await images(world, reef)).toEqual([]);
  });

  test("is not begun while Ceph counts on OSDs of too old a release", async () => {
    const world = await reefCluster();
    const state = world.ceph.state();
    if (state === undefined) throw new Error("there is no cluster");
    state.requireOsdRelease = "quincy";
    await want(world, tentacle);

    await messagesUntil(world, (message) => message.includes("require_osd_release is quincy"));

    expect(await world.condition("Ready")).toMatchObject({ reason: "UpgradeRefused" });
    expect(await images(world, tentacle)).toEqual([]);
  });

  test("is not begun while Ceph's health is HEALTH_ERR, unless the user says so", async () => {
    const world = await reefCluster();
    world.ceph.setHealth("OSD_FULL", { severity: "HEALTH_ERR", message: "1 full osd(s)" });
    await want(world, tentacle);

    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({
      reason: "UpgradeRefused",
      message:
        "The update to Ceph 20.2.4 is not begun while Ceph's health is HEALTH_ERR (OSD_FULL: 1 full osd(s)); mend that, or set skipUpgradeChecks; meanwhile the cluster goes on at 18.2.7",
    });
    expect(await images(world, tentacle)).toEqual([]);
    await edit(world, { skipUpgradeChecks: true });
    await world.settle();
    expect(await images(world, reef)).toEqual([]);
  });
});

describe("a tag that stands for different versions on different nodes", () => {
  test.each(["20.2.5", "20.2.3"])("holds nothing up, and is told: one node has %s", async (version) => {
    const world = await createTestWorld({ devices });
    await world.settle();
    const [mon] = world.ceph.state()?.mons.slice(1) ?? [];
    if (mon === undefined) throw new Error("there is no mon");
    mon.version = version;
    // its Pod has been ready for long, so that nothing is to come of waiting
    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({
      status: "True",
      message: expect.stringMatching(
        `cephVersion.image ${tentacle} holds different versions of Ceph on different nodes: .* run mon .*1 at ${version}`,
      ),
    });
  });
});

describe("an image that cannot be", () => {
  test.each([
    [
      "one that cannot be pulled",
      "quay.io/ceph/ceph:nonsense",
      "DetectingVersion",
      "Detecting Ceph version of quay.io/ceph/ceph:nonsense: Job rook-ceph-detect-version cannot get its image quay.io/ceph/ceph:nonsense since ",
    ],
    [
      "one without Ceph",
      "docker.io/library/nginx:1.27",
      "DetectingVersion",
      "Detecting Ceph version of docker.io/library/nginx:1.27: Job rook-ceph-detect-version ended since ",
    ],
    ["one that is too old", "quay.io/ceph/ceph:v17.2.7", "UnsupportedVersion", "holds Ceph 17.2.7; the oldest supported is 18.2"],
    ["an older release", "quay.io/ceph/ceph:v18.2.7", "DowngradeRefused", "older than 20.2.4, which runs; Ceph cannot go back"],
    ["an older version", "quay.io/ceph/ceph:v20.2.1", "DowngradeRefused", "or cephVersion.allowUnsupported to try it all the same"],
  ])("%s touches nothing, says why, and the cluster is kept alive", async (_what, image, reason, message) => {
    const world = await createTestWorld({ devices });
    await world.settle();
    const before = await images(world, tentacle);
    await want(world, image);
    for (const name of ["mon-b", "osd-1"]) await world.kube.delete(Deployment, { namespace: key.namespace, name: `rook-ceph-${name}` });
    await edit(world, { resources: { osd: { requests: { memory: "2Gi" } } } });

    for (let round = 0; round < 40; round += 1) {
      await world.reconcile(key);
      await world.clock.advance(3000);
    }

    expect(await images(world, tentacle)).toEqual(before);
    expect(await world.condition("Ready")).toMatchObject({ status: "False", reason, message: expect.stringContaining(message) });
    expect(await world.condition("Ready")).toMatchObject({ message: expect.stringContaining("meanwhile the cluster goes on at 20.2.4") });
    expect((await world.cluster()).status).toMatchObject({
      version: { image: tentacle, version: "20.2.4-0" },
      ceph: { health: "HEALTH_OK" },
    });
    const osd = (await daemon(world, "osd-2"))?.spec?.template.spec?.containers[0];
    expect(osd?.resources?.requests?.["memory"]).toBe("2Gi");
    await want(world, tentacle);
    await world.settle();
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  });

  test("within a release the user may go back at their own risk", async () => {
    const world = await createTestWorld({ devices });
    await world.settle();

    await edit(world, { cephVersion: { image: "quay.io/ceph/ceph:v20.2.1", allowUnsupported: true } });
    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
    expect((await world.cluster()).status?.version).toEqual({ image: "quay.io/ceph/ceph:v20.2.1", version: "20.2.1-0" });
  });

  test("an update that has begun is not taken back, and goes on when its image is set again", async () => {
    const world = await reefCluster();
    await want(world, tentacle);
    await messagesUntil(world, (message) => message.startsWith("Updating mons: 2 of 3"));

    await want(world, reef);
    const said = await messagesUntil(world, (message) => message.includes("older than 20.2.4"));
    await world.settle();

    expect(said.at(-1)).toContain("cephVersion.image quay.io/ceph/ceph:v18.2.7 holds Ceph 18.2.7, older than 20.2.4, which runs");
    expect(await images(world, tentacle)).toEqual(["mon-a", "mon-b", "mon-c"]);
    await want(world, tentacle);
    await messagesUntil(world, isReady);
  });
});
