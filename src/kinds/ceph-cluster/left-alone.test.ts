import { describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld } from "../../../test/support/test-world.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import { Deployment } from "../../kube/kinds.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";

const namespace = "rook-ceph";
const request = { namespace, name: "rook-ceph" };
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };
const labelled = { metadata: { labels: { [doNotReconcileLabel]: "true" } } };
const unlabelled = { metadata: { labels: { [doNotReconcileLabel]: null } } };
const memory = (amount: string) => ({ requests: { memory: amount } });

async function readyWorld(): Promise<TestWorld> {
  const world = await createTestWorld({ devices });
  await world.settle();
  return world;
}

const deployment = async (world: TestWorld, name: string): Promise<Deployment> => {
  const found = await world.kube.get(Deployment, { namespace, name });
  if (found === undefined) throw new Error(`there is no Deployment ${name}`);
  return found;
};

/** As `kubectl rook-ceph maintenance start` does: a twin with the label, and the daemon's own Deployment scaled to none. */
async function startMaintenance(world: TestWorld, name: string): Promise<void> {
  const { metadata, spec } = await deployment(world, name);
  await world.kube.create(Deployment, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `${name}-maintenance`, namespace, labels: { ...metadata.labels, [doNotReconcileLabel]: "true" } },
    ...(spec ? { spec } : {}),
  });
  await world.kube.mergePatch(Deployment, { namespace, name }, { spec: { replicas: 0 } });
}

describe("the label do-not-reconcile on a CephCluster", () => {
  test("stops everything, and leaves no trace once it is removed", async () => {
    const world = await readyWorld();
    await world.kube.mergePatch(CephCluster, request, labelled);
    await world.kube.delete(Deployment, { namespace, name: "rook-ceph-mgr-a" });
    await world.settle();
    expect((await world.cluster()).status?.message).toBe(
      "The label ceph.rook.io/do-not-reconcile is set: nothing is done until it is removed",
    );
    expect(await world.names(Deployment)).not.toContain("rook-ceph-mgr-a");

    await world.kube.mergePatch(CephCluster, request, unlabelled);
    await world.settle();

    expect(await world.names(Deployment)).toContain("rook-ceph-mgr-a");
    expect(await world.condition("Ready")).toMatchObject({ status: "True", reason: "ClusterCreated" });
  });

  test("holds up its deletion, too, and says so", async () => {
    const world = await readyWorld();
    await world.kube.mergePatch(CephCluster, request, labelled);

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect((await world.cluster()).status?.message).toMatch(/nothing is done until it is removed; it is deleted after that$/);
    await world.kube.mergePatch(CephCluster, request, unlabelled);
    await world.settle();
    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
  });
});

describe("the label do-not-reconcile on a daemon's Deployment", () => {
  test.each([
    ["rook-ceph-mon-a", "mon.a", { mon: memory("2Gi") }],
    ["rook-ceph-mgr-b", "mgr.b", { mgr: memory("2Gi") }],
    ["rook-ceph-osd-1", "osd.1", { osd: memory("2Gi") }],
    ["rook-ceph-crashcollector-node1", "rook-ceph-crashcollector-node1", { crashcollector: memory("2Gi") }],
  ])("leaves %s as it is, and says that %s is left alone", async (name, daemon, resources) => {
    const world = await readyWorld();
    await world.kube.mergePatch(Deployment, { namespace, name }, labelled);
    const { spec } = await deployment(world, name);

    await world.kube.mergePatch(CephCluster, request, { spec: { resources } });
    await world.settle();

    expect((await deployment(world, name)).spec).toEqual(spec);
    expect((await world.cluster()).status?.message).toContain(`${daemon} is left alone for the label ceph.rook.io/do-not-reconcile`);
    world.kube.clearWrites();
    await world.reconcile(request);
    expect(world.kube.writes()).toEqual([]);
  });

  test("leaves alone what runs under another Deployment for maintenance, and goes on with the others", async () => {
    const world = await readyWorld();
    await startMaintenance(world, "rook-ceph-osd-1");

    await world.settle();
    await world.kube.delete(Deployment, { namespace, name: "rook-ceph-mgr-b" });
    await world.settle();

    expect((await deployment(world, "rook-ceph-osd-1")).spec?.replicas).toBe(0);
    expect(await world.names(Deployment)).toContain("rook-ceph-osd-1-maintenance");
    expect(await world.names(Deployment)).toContain("rook-ceph-mgr-b");
    expect((await world.cluster()).status?.message).toContain("osd.1 is left alone for the label");
  });

  test("takes a daemon back whose maintenance is over", async () => {
    const world = await readyWorld();
    await startMaintenance(world, "rook-ceph-mon-b");
    await world.settle();

    await world.kube.delete(Deployment, { namespace, name: "rook-ceph-mon-b-maintenance" });
    await world.settle();

    expect((await deployment(world, "rook-ceph-mon-b")).spec?.replicas).toBe(1);
    expect(await world.condition("Ready")).toMatchObject({ status: "True", message: "Cluster created successfully" });
  });
});
