import { describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld } from "../../../test/support/test-world.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import { Deployment } from "../../kube/kinds.ts";

const namespace = "rook-ceph";
const daemons = ["rook-ceph-mon-b", "rook-ceph-mgr-a", "rook-ceph-osd-0"];

async function readyWorld(): Promise<TestWorld> {
  const world = await createTestWorld({ devices: { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] } });
  await world.settle();
  return world;
}
const find = (world: TestWorld, name: string) => world.kube.get(Deployment, { namespace, name });
const setLabels = async (world: TestWorld, name: string, labels: Record<string, string>): Promise<void> => {
  const found = await find(world, name);
  if (found === undefined) throw new Error(`there is no Deployment ${name}`);
  await world.kube.update(Deployment, { ...found, metadata: { ...found.metadata, labels } });
};

describe("a daemon's Deployment whose labels a user has removed", () => {
  test.each(daemons)("%s gets them back, and nothing else of it changes", async (name) => {
    const world = await readyWorld();
    const before = await find(world, name);

    await setLabels(world, name, { team: "storage" });
    await world.settle();

    const after = await find(world, name);
    expect(after?.metadata.labels).toEqual({ ...before?.metadata.labels, team: "storage" });
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(after?.metadata.generation).toBe(before?.metadata.generation);
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  });

  test("stays without them where it is to be left alone", async () => {
    const world = await readyWorld();

    await setLabels(world, "rook-ceph-mgr-a", { [doNotReconcileLabel]: "true" });
    for (let pass = 0; pass < 3; pass += 1) await world.reconcile({ namespace, name: "rook-ceph" });

    expect((await find(world, "rook-ceph-mgr-a"))?.metadata.labels).toEqual({ [doNotReconcileLabel]: "true" });
  });
});
