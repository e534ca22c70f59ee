import { describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld } from "../../../../test/support/test-world.ts";
import { Job, Node, Pod } from "../../../kube/kinds.ts";
import { disksAnnotation, powerAnnotation } from "../../../simkube/controllers/nodes.ts";

const request = { namespace: "rook-ceph", name: "rook-ceph" };
const hour = 3_600_000;
const everything = { storage: { useAllNodes: true, useAllDevices: true } };
const looks = ["node1", "node2", "node3"].map((node) => `rook-ceph-osd-prepare-${node}`);

async function ready(): Promise<TestWorld> {
  const world = await createTestWorld({ devices: {}, disks: { node1: "sdb sda=ext4", node2: "sdb", node3: "sdb" }, spec: everything });
  await world.settle();
  return world;
}

const annotate = (world: TestWorld, node: string, annotations: Record<string, string>) =>
  world.kube.mergePatch(Node, { name: node }, { metadata: { annotations } });
const prepareJobs = async (world: TestWorld) => (await world.names(Job)).filter((name) => name.includes("prepare"));
const ready3 = {
  status: "True",
  reason: "ClusterCreated",
  message: "Cluster created successfully; not used: node1 /dev/sda has an ext4 file system; it is not used",
};

/** Passes as a timer makes them, with what they said in between. */
async function live(world: TestWorld, seconds: number): Promise<Set<unknown>> {
  const said = new Set<unknown>();
  for (let second = 0; second < seconds; second += 5) {
    await world.reconcile(request);
    said.add((await world.cluster()).status?.message);
    await world.clock.advance(5000);
  }
  return said;
}

describe("looking at devices again", () => {
  test("happens after a while, one node after another, and changes nothing that is said", async () => {
    const world = await ready();
    expect(await world.condition("Ready")).toMatchObject(ready3);
    await world.clock.advance(1.3 * hour);
    world.kube.clearWrites();

    const said = await live(world, 60);

    expect([...said]).toEqual([ready3.message]);
    const writes = world.kube.writes().map(({ verb, kind, name }) => `${verb} ${kind} ${name}`);
    expect(writes).toEqual(
      ["node1", "node2", "node3"].flatMap((node) => [
        `create Job rook-ceph-osd-prepare-${node}-again`,
        `delete Job rook-ceph-osd-prepare-${node}`,
      ]),
    );
    expect(await prepareJobs(world)).toEqual(looks.map((name) => `${name}-again`));

    await world.clock.advance(1.3 * hour);
    await live(world, 60);
    expect(await prepareJobs(world)).toEqual(looks);
  });

  test("a disk that was put in becomes an OSD then", async () => {
    const world = await ready();
    await annotate(world, "node2", { [disksAnnotation]: "sdb sdc" });
    await live(world, 120);
    expect(world.ceph.state()?.osds.size).toBe(3);

    await world.clock.advance(1.3 * hour);
    await world.settle();

    expect(world.ceph.state()?.osds.size).toBe(4);
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  });

  test("a machine that has started anew is looked at at once", async () => {
    const world = await ready();
    await annotate(world, "node2", { [powerAnnotation]: "off" });
    await world.clock.advance(60_000);
    await annotate(world, "node2", { [disksAnnotation]: "sdb sdc", [powerAnnotation]: "on" });
    await world.settle();
    expect(world.ceph.state()?.osds.size).toBe(4);
    expect(await prepareJobs(world)).toEqual([looks[0], `${looks[1] ?? ""}-again`, looks[2]]);
  });

  test("one that fails is told, tried again later, and keeps nobody from being Ready", async () => {
    const world = await ready();
    await world.clock.advance(1.3 * hour);
    await world.reconcile(request);
    const name = `${looks[0] ?? ""}-again`;
    await world.kube.mergePatch(
      Job,
      { namespace: "rook-ceph", name },
      {
        status: {
          failed: 1,
          conditions: [{ type: "Failed", status: "True", lastTransitionTime: new Date(world.clock.now()).toISOString() }],
        },
      },
      { subresource: "status" },
    );
    for (const pod of await world.kube.list(Pod, { namespace: "rook-ceph" }))
      if (pod.metadata.labels?.["job-name"] === name)
        await world.kube.delete(Pod, { namespace: "rook-ceph", name: pod.metadata.name ?? "" });

    await world.reconcile(request);

    expect(await world.condition("Ready")).toMatchObject({
      status: "True",
      message: expect.stringMatching(
        /looking for new devices of node1: Job rook-ceph-osd-prepare-node1-again failed since \d\d:\d\d:\d\dZ; .*; it is tried again/,
      ),
    });
    await live(world, 700);
    expect(await prepareJobs(world)).toEqual(looks.map((each) => `${each}-again`));
    expect(await world.condition("Ready")).toMatchObject(ready3);
  });
});
