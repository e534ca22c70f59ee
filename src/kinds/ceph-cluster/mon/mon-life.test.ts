import { describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld } from "../../../../test/support/test-world.ts";
import { doNotReconcileLabel } from "../../../daemons/labels.ts";
import { ConfigMap, Deployment, Node, Pod, PodDisruptionBudget, Secret, Service } from "../../../kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../../../schema/ceph-cluster.ts";
import { brokenMonsAnnotation } from "../../../simceph/ceph-pods.ts";
import { powerAnnotation } from "../../../simkube/controllers/nodes.ts";

const request = { namespace: "rook-ceph", name: "rook-ceph" };
const keyOf = (name: string) => ({ namespace: "rook-ceph", name });
const endpointsKey = keyOf("rook-ceph-mon-endpoints");

async function startWith(nodes: number, spec: CephClusterSpec = {}): Promise<TestWorld> {
  const names = Array.from({ length: nodes }, (_, n) => `node${n + 1}`);
  const world = await createTestWorld({ devices: Object.fromEntries(names.slice(0, 3).map((n) => [n, ["sdb"]])), nodes, spec });
  await world.settle();
  expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  world.kube.clearWrites();
  world.ceph.clearCommands();
  return world;
}

const setCount = (world: TestWorld, count: number) => world.kube.mergePatch(CephCluster, request, { spec: { mon: { count } } });

/** Where the world says that mons are: endpoints, daemons' Secret, Deployments, Services, monmap, quorum. */
async function monsOf(world: TestWorld) {
  const endpoints = (await world.kube.get(ConfigMap, endpointsKey))?.data ?? {};
  const secret = (await world.kube.get(Secret, keyOf("rook-ceph-config")))?.data ?? {};
  const plain = (key: string) => Buffer.from(secret[key] ?? "", "base64").toString();
  const lettersOf = (names: readonly string[]) => names.flatMap((name) => /^rook-ceph-mon-([a-z]+)$/.exec(name)?.[1] ?? []).join("");
  return {
    endpoints: (endpoints["data"] ?? "").replaceAll(/=[^,]*,?/g, ""),
    maxMonId: endpoints["maxMonId"],
    outOfQuorum: endpoints["outOfQuorum"],
    members: plain("mon_initial_members").replaceAll(",", ""),
    hosts: plain("mon_host").split("],[").length,
    joining: plain("mon_joining"),
    deployments: lettersOf(await world.names(Deployment)),
    services: lettersOf(await world.names(Service)),
    monmap: (world.ceph.state()?.mons ?? [])
      .map((mon) => mon.name)
      .sort()
      .join(""),
    quorum: [...(world.ceph.state()?.quorum ?? [])].sort().join(""),
  };
}

const allAre = (letters: string, maxMonId: string) => ({
  endpoints: letters,
  maxMonId,
  outOfQuorum: "",
  members: letters,
  hosts: letters.length,
  joining: "",
  deployments: letters,
  services: letters,
  monmap: letters,
  quorum: letters,
});

async function change<T extends typeof Node | typeof Deployment>(world: TestWorld, kind: T, name: string, patch: Record<string, unknown>) {
  const key = (kind as typeof Deployment).kind === "Node" ? { name } : keyOf(name);
  await world.kube.mergePatch(kind as typeof Deployment, key, patch);
}

const cutPower = (world: TestWorld, node: string) => change(world, Node, node, { metadata: { annotations: { [powerAnnotation]: "off" } } });
const restorePower = (world: TestWorld, node: string) =>
  change(world, Node, node, { metadata: { annotations: { [powerAnnotation]: "on" } } });

const breakMons = (world: TestWorld, node: string, letters: string) =>
  change(world, Node, node, { metadata: { annotations: { [brokenMonsAnnotation]: letters } } });

/** Lets time go on, with a pass every ten seconds, as a cluster that is not Ready has. */
async function live(world: TestWorld, seconds: number): Promise<void> {
  for (let n = 0; n < seconds / 10; n += 1) {
    await world.reconcile(request);
    await world.clock.advance(10_000);
  }
}

const sayOf = async (world: TestWorld) => (await world.condition("Ready")) as { status: string; reason: string; message: string };

describe("the number of mons", () => {
  test("goes from one to three to five to three to one, one mon at a time, with letters never used before", async () => {
    const world = await startWith(5, { mon: { count: 1 } });
    for (const [count, letters, last] of [
      [3, "abc", "2"],
      [5, "abcde", "4"],
      [3, "abc", "4"],
      [4, "abcf", "5"],
      [1, "a", "5"],
    ] as const) {
      await setCount(world, count);
      await world.settle();
      expect(await monsOf(world)).toEqual(allAre(letters, last));
      expect(await sayOf(world)).toMatchObject({ status: "True" });
    }
  });

  test("may be more than there are nodes: mons that keep others off are changed first, and none that shares its node is made to do so", async () => {
    const world = await startWith(3);
    const setMon = (mon: object) => world.kube.mergePatch(CephCluster, request, { spec: { mon } });
    await setMon({ count: 5, allowMultiplePerNode: true });
    await world.reconcile(request);
    expect((await sayOf(world)).message).toContain("node1 has mon a, whose Pod still keeps other mons off");
    await world.settle();
    expect(await monsOf(world)).toEqual(allAre("abcde", "4"));
    expect(await sayOf(world)).toMatchObject({ status: "True" });

    await setMon({ allowMultiplePerNode: false });
    await live(world, 120);
    expect(await monsOf(world)).toEqual(allAre("abcde", "4"));
    expect((await sayOf(world)).message).toMatch(
      /mon\.[a-e] waits, since it shares node\d with mon [a-e], and mon.allowMultiplePerNode is not set/,
    );

    await setMon({ count: 3 });
    await world.settle();
    expect(await monsOf(world)).toEqual(allAre("abc", "4"));
    expect(await sayOf(world)).toMatchObject({ status: "True" });
  });

  test("that is even is taken, with a remark", async () => {
    const world = await startWith(4);
    await setCount(world, 4);
    await world.settle();

    expect(await sayOf(world)).toMatchObject({
      status: "True",
      message: "Cluster created successfully; mon.count is 4: an even number survives the loss of no more mons than one less does",
    });
    expect(world.events()).toContainEqual(expect.objectContaining({ reason: "EvenMonCount" }));
    expect(world.events()).toContainEqual(expect.objectContaining({ reason: "MonAdded", message: "mon d on node4 is added" }));
  });

  test("waits for nodes, and says why each cannot take one; the rest goes on", async () => {
    const world = await startWith(4);
    await change(world, Node, "node4", { spec: { unschedulable: true } });
    await setCount(world, 5);
    await world.settle();

    expect(await sayOf(world)).toMatchObject({
      status: "False",
      reason: "NotEnoughNodes",
      message: expect.stringContaining(
        "mon.count is 5, but no node can take another mon: node1 has mon a, node2 has mon b, node3 has mon c, node4 is cordoned",
      ),
    });
    expect(await monsOf(world)).toEqual(allAre("abc", "2"));
  });

  test("says each step, and writes the endpoints before the daemon starts and before it leaves", async () => {
    const world = await startWith(4);
    await setCount(world, 4);
    await world.reconcile(request);

    expect(await sayOf(world)).toMatchObject({
      reason: "StartingMons",
      message: "Adding a mon: 3 of 4 in quorum, 4 wanted; mon d on node4 is joining",
    });
    expect(await monsOf(world)).toMatchObject({ endpoints: "abcd", members: "abcd", joining: "d", monmap: "abc" });
    const order = world.kube.writes().map(({ kind, name }) => `${kind} ${name}`);
    expect(order.indexOf("Service rook-ceph-mon-d")).toBeLessThan(order.indexOf("ConfigMap rook-ceph-mon-endpoints"));
    expect(order.indexOf("ConfigMap rook-ceph-mon-endpoints")).toBeLessThan(order.indexOf("Deployment rook-ceph-mon-d"));
    await world.settle();

    await setCount(world, 3);
    await world.reconcile(request);
    expect(await sayOf(world)).toMatchObject({ reason: "RemovingMon", message: "Removing mon d on node4: mon.count is 3" });
    expect(await monsOf(world)).toMatchObject({ endpoints: "abc", members: "abc", monmap: "abcd", deployments: "abcd" });
    await world.reconcile(request);
    expect(await monsOf(world)).toMatchObject({ monmap: "abc", deployments: "abcd" });
    await world.reconcile(request);
    expect(await monsOf(world)).toMatchObject({ deployments: "abc", services: "abc" });
  });
});

describe("a mon that is lost", () => {
  test("is replaced after ten minutes, by a new letter, the new one in quorum first", async () => {
    const world = await startWith(4);
    await cutPower(world, "node2");
    await live(world, 540);
    expect(await sayOf(world)).toMatchObject({
      reason: "StartingMons",
      message: expect.stringMatching(
        /^Starting mons: 2 of 3 in quorum; mon b on node2 waits for node2, which is not ready since \d\d:\d\d:\d\dZ: .*; it is replaced at \d\d:\d\d:\d\dZ unless it comes back/,
      ),
    });
    expect(await monsOf(world)).toMatchObject({ ...allAre("abc", "2"), outOfQuorum: "b", quorum: "ac" });

    const seen: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      await world.reconcile(request);
      await world.clock.advance(5000);
      const { monmap, quorum } = await monsOf(world);
      if (seen.at(-1) !== `${monmap} ${quorum}`) seen.push(`${monmap} ${quorum}`);
    }

    expect(seen).toEqual(["abc ac", "abcd acd", "acd acd"]);
    expect(await monsOf(world)).toEqual(allAre("acd", "3"));
    expect(world.events()).toContainEqual(
      expect.objectContaining({
        type: "Warning",
        reason: "MonFailover",
        message: expect.stringMatching(/^mon b on node2 is not ready since .*; mon d on node4 takes its place$/),
      }),
    );
  });

  test("at once when its node is deleted", async () => {
    const world = await startWith(4);
    await world.kube.delete(Node, { name: "node2" });
    await world.clock.advance(1000);
    await world.reconcile(request);

    expect(await sayOf(world)).toMatchObject({
      reason: "ReplacingMon",
      message: expect.stringMatching(
        /^Replacing mon b on node2: not ready since \d\d:\d\d:\d\dZ, node node2 is gone; mon d on node4 is joining/,
      ),
    });
    await world.settle();
    expect(await monsOf(world)).toEqual(allAre("acd", "3"));
  });

  test("after the time that the spec gives it", async () => {
    const world = await startWith(4, { healthCheck: { daemonHealth: { mon: { timeout: "60s" } } } });
    await cutPower(world, "node2");
    await live(world, 90);
    expect((await monsOf(world)).monmap).toBe("abc");

    await live(world, 60);
    expect(await monsOf(world)).toEqual(allAre("acd", "3"));
  });

  test.each([
    ["the time is 0", { timeout: "0" }],
    ["the check is disabled", { disabled: true, timeout: "60s" }],
  ])("never when %s", async (_when, mon) => {
    const world = await startWith(4, { healthCheck: { daemonHealth: { mon } } });
    await world.kube.delete(Node, { name: "node2" });
    await live(world, 1200);

    expect(await monsOf(world)).toMatchObject({ monmap: "abc", deployments: "abc", quorum: "ac" });
  });

  test("stays when it comes back in time", async () => {
    const world = await startWith(4);
    await cutPower(world, "node2");
    await live(world, 500);
    await restorePower(world, "node2");
    await live(world, 600);

    expect(await monsOf(world)).toEqual(allAre("abc", "2"));
  });

  test("stays when it comes back before the new one is in quorum, which goes", async () => {
    const world = await startWith(4);
    await cutPower(world, "node2");
    await live(world, 640);
    // a node that cannot start anything
    await cutPower(world, "node4");
    await live(world, 20);
    expect(await monsOf(world)).toMatchObject({ endpoints: "abcd", monmap: "abc" });

    await restorePower(world, "node2");
    await live(world, 60);
    expect(await monsOf(world)).toEqual(allAre("abc", "3"));
  });

  test("has nowhere to go: says so, node by node", async () => {
    const world = await startWith(3);
    await world.kube.delete(Node, { name: "node2" });
    await live(world, 20);

    expect(await sayOf(world)).toMatchObject({
      reason: "MonFailoverBlocked",
      message: expect.stringMatching(
        /^Replacing mon b on node2: not ready since \S+, node node2 is gone; no node can take a new mon: node1 has mon a, node3 has mon c; add a node, or bring node2 back/,
      ),
    });
    expect((await monsOf(world)).monmap).toBe("abc");
  });

  test("makes room for a new one on its own node, where that is fine and the only one", async () => {
    const world = await startWith(3, { healthCheck: { daemonHealth: { mon: { timeout: "60s" } } } });
    const [pod] = await world.kube.list(Pod, { labels: { app: "rook-ceph-mon", mon: "b" } });
    await breakMons(world, "node2", "b");
    await world.kube.delete(Pod, keyOf(pod?.metadata.name ?? ""));
    await live(world, 30);
    expect((await monsOf(world)).quorum).toBe("ac");
    await live(world, 180);

    expect(await monsOf(world)).toEqual(allAre("acd", "3"));
    expect(await sayOf(world)).toMatchObject({ status: "True" });
  });

  test("makes room, though mon.count asks for more mons than there are nodes", async () => {
    const world = await startWith(3, { healthCheck: { daemonHealth: { mon: { timeout: "60s" } } } });
    await setCount(world, 5);
    await world.settle();
    const [pod] = await world.kube.list(Pod, { labels: { app: "rook-ceph-mon", mon: "c" } });
    await breakMons(world, "node3", "c");
    await world.kube.delete(Pod, keyOf(pod?.metadata.name ?? ""));
    await live(world, 240);

    expect(await monsOf(world)).toEqual(allAre("abd", "3"));
    expect(await sayOf(world)).toMatchObject({ reason: "NotEnoughNodes" });
  });

  test("is named, though mon.count asks for more mons than there are nodes", async () => {
    const world = await startWith(4);
    await setCount(world, 5);
    await world.settle();
    expect(await sayOf(world)).toMatchObject({ reason: "NotEnoughNodes" });
    await world.kube.delete(Node, { name: "node4" });
    await live(world, 20);

    expect(await sayOf(world)).toMatchObject({
      reason: "MonFailoverBlocked",
      message: expect.stringMatching(/^Replacing mon d on node4: .*node node4 is gone; no node can take a new mon: node1 has mon a, /),
    });
  });

  test("is replaced by one on another node, where the first ones tried cannot run it", async () => {
    const world = await startWith(5, { healthCheck: { daemonHealth: { mon: { timeout: "60s" } } } });
    await cutPower(world, "node3");
    await breakMons(world, "node4", "d e f g h i");
    await breakMons(world, "node5", "d");
    await live(world, 500);

    // d was tried on node5, e on node4
    expect(await monsOf(world)).toEqual(allAre("abf", "5"));
  });

  test("goes on where the new one on its node does not make it", async () => {
    const world = await startWith(3, { healthCheck: { daemonHealth: { mon: { timeout: "60s" } } } });
    const [pod] = await world.kube.list(Pod, { labels: { app: "rook-ceph-mon", mon: "b" } });
    await breakMons(world, "node2", "b d");
    await world.kube.delete(Pod, keyOf(pod?.metadata.name ?? ""));
    await live(world, 110);
    expect((await world.kube.get(Deployment, keyOf("rook-ceph-mon-b")))?.spec?.replicas).toBe(0);
    expect(await monsOf(world)).toMatchObject({ monmap: "abc", deployments: "abcd", quorum: "ac" });

    // somebody mends the node's disk
    await breakMons(world, "node2", "");
    await live(world, 400);
    expect(await monsOf(world)).toEqual(allAre("acd", "3"));
  });

  test("is not replaced while no majority is left, and the status says what helps", async () => {
    const world = await startWith(5);
    await cutPower(world, "node2");
    await cutPower(world, "node3");
    await live(world, 900);

    expect(await sayOf(world)).toMatchObject({ reason: "MonFailoverBlocked", message: expect.stringContaining("restore-quorum") });
    expect(await monsOf(world)).toMatchObject({ deployments: "abc", monmap: "abc" });
  });

  test("makes its store anew where its folder is gone, beside a quorum of others, and not without one", async () => {
    const world = await startWith(3);
    const loseFolder = async (node: string, id: string) => {
      world.folders.remove(node, `/var/lib/rook/mon-${id}`);
      for (const pod of await world.kube.list(Pod, { labels: { app: "rook-ceph-mon", mon: id } }))
        await world.kube.delete(Pod, keyOf(pod.metadata.name ?? ""));
    };
    await loseFolder("node1", "a");
    await world.settle();
    expect(await sayOf(world)).toMatchObject({ status: "True" });

    await loseFolder("node1", "a");
    await loseFolder("node2", "b");
    await live(world, 120);
    expect(await sayOf(world)).toMatchObject({
      reason: "StartingMons",
      message: expect.stringContaining("mon a has no store in dataDirHostPath on node node1, though its cluster exists, and no quorum"),
    });
    expect((await monsOf(world)).quorum).toBe("c");
  });

  test("is not forgotten by the mons' budget while Ceph does not answer", async () => {
    const world = await startWith(3);
    for (const node of ["node2", "node3"]) await cutPower(world, node);
    await world.clock.advance(60_000);
    await world.kube.mergePatch(PodDisruptionBudget, keyOf("rook-ceph-mon-pdb"), { spec: { maxUnavailable: 0 } });
    await world.reconcile(request);

    expect((await world.kube.get(PodDisruptionBudget, keyOf("rook-ceph-mon-pdb")))?.spec?.maxUnavailable).toBe(0);
  });

  test("gets more time while its node is cordoned, as in a drain", async () => {
    const world = await startWith(4);
    await change(world, Node, "node2", { spec: { unschedulable: true } });
    for (const pod of await world.kube.list(Pod, { labels: { app: "rook-ceph-mon", mon: "b" } }))
      await world.kube.delete(Pod, keyOf(pod.metadata.name ?? ""));
    await live(world, 630);
    expect((await monsOf(world)).monmap).toBe("abc");

    await live(world, 60);
    expect((await monsOf(world)).monmap).toBe("acd");
  });

  test("is left alone while somebody works on it; the others are not", async () => {
    const world = await startWith(5);
    await change(world, Deployment, "rook-ceph-mon-b", { metadata: { labels: { [doNotReconcileLabel]: "true" } }, spec: { replicas: 0 } });
    await live(world, 1200);
    expect(await sayOf(world)).toMatchObject({ message: expect.stringContaining("mon b on node2 is left alone") });
    expect(await monsOf(world)).toMatchObject({ monmap: "abc", deployments: "abc", quorum: "ac" });

    await setCount(world, 5);
    await live(world, 120);
    expect(await monsOf(world)).toMatchObject({ monmap: "abcde", quorum: "acde" });
  });
});

describe("endpoints that somebody has edited while the operator was down", () => {
  test("restored to one good mon, they are respected: the cluster grows again with new letters", async () => {
    const world = await startWith(5);
    const data = (await world.kube.get(ConfigMap, endpointsKey))?.data?.["data"] ?? "";
    // what `kubectl rook-ceph mons restore-quorum a` does
    await world.kube.mergePatch(ConfigMap, endpointsKey, { data: { data: data.split(",")[0] } });
    for (const id of ["b", "c"]) {
      await world.kube.delete(Deployment, keyOf(`rook-ceph-mon-${id}`));
      await world.kube.delete(Service, keyOf(`rook-ceph-mon-${id}`));
    }
    const state = world.ceph.state();
    if (state !== undefined) state.mons = state.mons.filter((mon) => mon.name === "a");
    await world.clock.advance(2000);

    await world.settle();
    expect(await monsOf(world)).toEqual(allAre("ade", "4"));
  });

  test("restored while a bad mon's Pod hangs on a dead node: that Pod is named, and no longer waited for after ten minutes", async () => {
    const world = await startWith(5);
    await cutPower(world, "node2");
    await world.clock.advance(60_000);
    const data = (await world.kube.get(ConfigMap, endpointsKey))?.data?.["data"] ?? "";
    // `kubectl rook-ceph mons restore-quorum a`, cut off before it deletes anything
    await world.kube.mergePatch(ConfigMap, endpointsKey, { data: { data: data.split(",")[0] } });
    for (const id of ["b", "c"]) await change(world, Deployment, `rook-ceph-mon-${id}`, { spec: { replicas: 0 } });
    const state = world.ceph.state();
    if (state !== undefined) state.mons = state.mons.filter((mon) => mon.name === "a");
    await live(world, 120);
    expect((await sayOf(world)).message).toMatch(
      /Removing mon b on node2 waits: its Pod rook-ceph-mon-b-\S+ on node2 should have ended and is still there; it may be joining .*; it counts as ended from \d\d:\d\d:\d\dZ on/,
    );
    await live(world, 660);

    expect(await monsOf(world)).toEqual(allAre("ade", "4"));
  });

  test("a mon that they forget, but that is in quorum and needed, is taken in again", async () => {
    const world = await startWith(3);
    const data = (await world.kube.get(ConfigMap, endpointsKey))?.data?.["data"] ?? "";
    await world.kube.mergePatch(ConfigMap, endpointsKey, { data: { data: data.split(",")[0] } });

    await world.settle();
    expect(await monsOf(world)).toEqual(allAre("abc", "2"));
  });
});
