import { describe, expect, test } from "@jest/globals";
import { cordon, drainNode } from "../../../../test/support/drain-node.ts";
import { createTestWorld, type TestWorld } from "../../../../test/support/test-world.ts";
import { purgeOsd } from "../../../ceph/commands/osd.ts";
import { Deployment, Node, Pod, PodDisruptionBudget } from "../../../kube/kinds.ts";
import { CephCluster } from "../../../schema/ceph-cluster.ts";
import { powerAnnotation } from "../../../simkube/controllers/nodes.ts";
import { typedStore } from "../../../simkube/controllers/sim-kinds.ts";

const request = { namespace: "rook-ceph", name: "rook-ceph" };
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };
const always = ["rook-ceph-mgr-pdb", "rook-ceph-mon-pdb"];

/** A Ready cluster of three nodes with an OSD each. */
async function ready(more: Partial<Parameters<typeof createTestWorld>[0]> = {}): Promise<TestWorld> {
  const world = await createTestWorld({ devices, ...more });
  await world.settle();
  return world;
}

/** Passes and time, as a watch and a timer would make them. */
async function live(world: TestWorld, seconds: number): Promise<void> {
  const step = seconds > 300 ? 20 : 5;
  for (let second = 0; second < seconds; second += step) {
    await world.reconcile(request);
    await world.clock.advance(step * 1000);
  }
  await world.reconcile(request);
}

const drain = (world: TestWorld, name: string) => drainNode(world.sim.store, world.clock, name);
const uncordon = (world: TestWorld, name: string) => cordon(typedStore(world.sim.store), name, false);
const flags = (world: TestWorld) =>
  Object.fromEntries([...(world.ceph.state()?.crushNodeFlags ?? [])].map(([name, set]) => [name, [...set]]));
const budgets = (world: TestWorld) => world.names(PodDisruptionBudget);
const allowed = async (world: TestWorld, name: string) =>
  (await world.kube.get(PodDisruptionBudget, { namespace: "rook-ceph", name }))?.spec?.maxUnavailable;

describe("draining nodes", () => {
  test("one that is drained leaves the others protected, keeps its data in place, and is told; all is as before when it is back", async () => {
    const world = await ready();
    expect(await budgets(world)).toEqual([...always, "rook-ceph-osd"]);

    const one = drain(world, "node2");
    await live(world, 30);

    expect(one.isDone()).toBe(true);
    expect(await budgets(world)).toEqual([...always, "rook-ceph-osd-host-node1", "rook-ceph-osd-host-node3"]);
    expect(await allowed(world, "rook-ceph-osd-host-node1")).toBe(0);
    expect(flags(world)).toEqual({ node2: ["noout"] });
    expect(await world.condition("Ready")).toMatchObject({
      status: "False",
      reason: "NodeDrained",
      message: expect.stringMatching(
        /^node2 is cordoned: osd\.\d is down since \d\d:\d\d:\d\dZ, mon\.\w is out of quorum; its data stays where it is \(noout\) until \d\d:\d\d:\d\dZ/,
      ),
    });

    uncordon(world, "node2");
    await world.settle();

    expect(await budgets(world)).toEqual([...always, "rook-ceph-osd"]);
    expect(await allowed(world, "rook-ceph-osd")).toBe(1);
    expect(flags(world)).toEqual({});
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  });

  test("a second drain takes nothing until the first node is back", async () => {
    const world = await ready();
    drain(world, "node2");
    await live(world, 30);

    const second = drain(world, "node3");
    await live(world, 60);
    expect(second.isDone()).toBe(false);
    expect(second.refused()).toEqual([
      expect.stringMatching(/^rook-ceph-mon-.*disruption budget/),
      expect.stringMatching(/^rook-ceph-osd-.*disruption budget/),
    ]);
    expect((await world.cluster()).status?.message).toContain(
      "the OSDs of node3 may be evicted when those of node2 are back and every PG is active+clean",
    );

    uncordon(world, "node2");
    await live(world, 60);
    expect(second.isDone()).toBe(true);
    expect(flags(world)).toEqual({ node3: ["noout"] });
    expect(await budgets(world)).toEqual([...always, "rook-ceph-osd-host-node1", "rook-ceph-osd-host-node2"]);
  });

  test("all OSDs of a node go, though one at a time may go from anywhere", async () => {
    const world = await ready({ devices: { node1: ["sdb", "sdc"], node2: ["sdb", "sdc"], node3: ["sdb", "sdc"] } });

    const one = drain(world, "node1");
    expect(one.refused().length).toBe(1);
    await live(world, 30);

    expect(one.isDone()).toBe(true);
    expect((await world.cluster()).status?.message).toMatch(/osd\.\d and osd\.\d are down since/);
  });

  test("data stays where it is for osdMaintenanceTimeout, and no longer", async () => {
    const spec = { disruptionManagement: { managePodBudgets: true, osdMaintenanceTimeout: 12 } };
    const world = await ready({ spec });
    drain(world, "node2");
    await live(world, 11 * 60);
    expect(flags(world)).toEqual({ node2: ["noout"] });
    expect([...(world.ceph.state()?.osds.values() ?? [])].map((osd) => osd.in)).toEqual([true, true, true]);

    await live(world, 2 * 60);

    expect(flags(world)).toEqual({});
    expect([...(world.ceph.state()?.osds.values() ?? [])].filter((osd) => !osd.in).length).toBe(1);
    expect((await world.cluster()).status?.message).toContain("its data may be copied elsewhere since");
    expect(await budgets(world)).toEqual([...always, "rook-ceph-osd-host-node1", "rook-ceph-osd-host-node3"]);
  });

  test("once its data is elsewhere, the next node may go", async () => {
    const four = { ...devices, node4: ["sdb"] };
    const spec = { disruptionManagement: { managePodBudgets: true, osdMaintenanceTimeout: 5 } };
    const world = await ready({ devices: four, nodes: 4, spec });
    const first = drain(world, "node4");
    await live(world, 9 * 60);
    expect(first.isDone()).toBe(true);
    expect(await allowed(world, "rook-ceph-osd-host-node1")).toBe(0);

    await live(world, 90);

    expect(await budgets(world)).toEqual([...always, "rook-ceph-osd"]);
    expect(await allowed(world, "rook-ceph-osd")).toBe(2);
    expect(flags(world)).toEqual({});
  });

  test("a drain is seen as what it is while another cordoned node has been gone for long", async () => {
    const four = { ...devices, node4: ["sdb", "sdc"] };
    const spec = { disruptionManagement: { managePodBudgets: true, osdMaintenanceTimeout: 5 } };
    const world = await ready({ devices: four, nodes: 4, spec });
    drain(world, "node1");
    await live(world, 12 * 60);
    expect(await allowed(world, "rook-ceph-osd")).toBe(2);

    const second = drain(world, "node4");
    await live(world, 30);

    expect(second.refused().filter((why) => why.includes("rook-ceph-osd"))).toEqual([]);
    expect(await budgets(world)).toEqual([...always, "rook-ceph-osd-host-node1", "rook-ceph-osd-host-node2", "rook-ceph-osd-host-node3"]);
    expect(flags(world)).toEqual({ node4: ["noout"] });
  });

  test("a node may be drained though an OSD was purged and has a Deployment still", async () => {
    const world = await ready({ devices: { ...devices, node4: ["sdb"] }, nodes: 4 });
    await world.kube.mergePatch(Node, { name: "node4" }, { metadata: { annotations: { [powerAnnotation]: "off" } } });
    await live(world, 60);
    const [lost] = await world.kube.list(Deployment, { labels: { app: "rook-ceph-osd", "topology-location-host": "node4" } });
    const id = lost?.metadata.labels?.["ceph-osd-id"] ?? "";
    await purgeOsd(world.ceph.admin(), Number(id));
    await live(world, 90);
    expect(await allowed(world, "rook-ceph-osd")).toBe(2);

    const one = drain(world, "node2");
    await live(world, 60);

    expect(one.refused().filter((why) => why.includes("rook-ceph-osd"))).toEqual([]);
    expect(flags(world)).toEqual({ node2: ["noout"] });
  });

  test("a flag does not outlast the OSDs of the drained node", async () => {
    const world = await ready({ devices: { ...devices, node4: ["sdb"] }, nodes: 4 });
    drain(world, "node4");
    await live(world, 30);
    expect(flags(world)).toEqual({ node4: ["noout"] });

    const [gone] = await world.kube.list(Deployment, { labels: { app: "rook-ceph-osd", "topology-location-host": "node4" } });
    await world.kube.delete(Deployment, { namespace: "rook-ceph", name: gone?.metadata.name ?? "" });
    await live(world, 30);

    expect(flags(world)).toEqual({});
  });

  test("a flag that a user has set stays", async () => {
    const world = await ready();
    await world.ceph.admin().command({ prefix: "osd set-group", flags: "noout", who: ["node1"] });
    drain(world, "node2");
    await live(world, 30);
    expect(flags(world)).toEqual({ node1: ["noout"], node2: ["noout"] });

    uncordon(world, "node2");
    await world.settle();

    expect(flags(world)).toEqual({ node1: ["noout"] });
  });

  test("nothing of the operator's is left where budgets are no longer wanted", async () => {
    const world = await ready();
    drain(world, "node2");
    await live(world, 30);

    await world.kube.mergePatch(CephCluster, request, { spec: { disruptionManagement: { managePodBudgets: false } } });
    await live(world, 10);

    expect(await budgets(world)).toEqual([]);
    expect(flags(world)).toEqual({});
    expect((await world.cluster()).status?.message).toMatch(/^node2 is cordoned: osd\.\d is down since/);
  });

  test("while copies are missing none may be evicted; the status says so, and is Ready", async () => {
    const world = await ready();
    const pools = world.ceph.state()?.pools ?? [];
    const [pool] = pools.splice(0);
    if (pool !== undefined) pools.push({ ...pool, size: 4 });

    await world.reconcile(request);

    expect(await allowed(world, "rook-ceph-osd")).toBe(0);
    expect(await world.condition("Ready")).toMatchObject({
      status: "True",
      message: "Cluster created successfully; no OSD may be evicted until every PG is active+clean",
    });
  });

  test("a node of which an OSD is away already takes the rest with it only if Ceph agrees, while copies are missing", async () => {
    const world = await ready({ devices: { node1: ["sdb", "sdc"], node2: ["sdb", "sdc"], node3: ["sdb", "sdc"] } });
    const pools = world.ceph.state()?.pools ?? [];
    // as it is while what another node missed is copied to it: no node has a copy to spare
    pools.splice(0, pools.length, ...pools.map((pool) => ({ ...pool, size: 4, min_size: 3 })));
    await live(world, 10);
    const [own] = (await world.kube.list(Pod, { labels: { app: "rook-ceph-osd", "topology-location-host": "node2" } })) ?? [];
    cordon(typedStore(world.sim.store), "node2", true);
    await world.kube.delete(Pod, { namespace: "rook-ceph", name: own?.metadata.name ?? "" });
    await live(world, 30);

    expect(await allowed(world, "rook-ceph-osd")).toBe(0);
    expect(await budgets(world)).toEqual([...always, "rook-ceph-osd"]);
    expect((await world.cluster()).status?.message).toMatch(
      /no more OSDs may be evicted: Ceph says it is not ok to stop: .* would become inactive/,
    );
  });

  test("a node that is only cordoned changes nothing", async () => {
    const world = await ready();
    world.kube.clearWrites();
    const node = await world.kube.get(Node, { name: "node2" });
    expect(node).toBeDefined();
    cordon(typedStore(world.sim.store), "node2", true);
    await live(world, 20);
    expect(world.kube.writes()).toEqual([]);
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  });
});
