import { describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld } from "../../../../test/support/test-world.ts";
import { ConfigMap, Deployment, Job, Namespace, Node, Pod, Secret } from "../../../kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../../../schema/ceph-cluster.ts";
import { powerAnnotation } from "../../../simkube/controllers/nodes.ts";
import { CephClient } from "../../ceph-client/ceph-client.ts";

const namespace = "rook-ceph";
const request = { namespace, name: "rook-ceph" };
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };
const confirmed: CephClusterSpec = { cleanupPolicy: { confirmation: "yes-really-destroy-data" } };

async function readyWorld(spec: CephClusterSpec = confirmed): Promise<TestWorld> {
  const world = await createTestWorld({ devices, spec });
  await world.settle();
  return world;
}

/** What is on the disks, and the folders of all nodes. */
async function leftOn(world: TestWorld): Promise<unknown> {
  const nodes = (await world.kube.list(Node)).sort((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));
  return nodes.map((node) => ({
    disks: world.disks.on(node).map(({ content }) => content.type),
    folders: [...world.folders.on(node.metadata.name ?? "").keys()],
  }));
}

const nothing = [1, 2, 3].map(() => ({ disks: ["empty"], folders: [] }));

describe("a CephCluster whose data may be destroyed", () => {
  test("is kept alive until it is deleted, and says what deleting it does", async () => {
    const world = await readyWorld();

    await world.kube.delete(Deployment, { namespace, name: "rook-ceph-mgr-a" });
    await world.settle();

    expect(await world.names(Deployment)).toContain("rook-ceph-mgr-a");
    expect(await world.condition("Ready")).toMatchObject({
      status: "True",
      message: expect.stringContaining("cleanupPolicy.confirmation is set: when this CephCluster is deleted, all its data is destroyed"),
    });
  });

  test("leaves nothing on its nodes when it is deleted, and tells what was done there", async () => {
    const world = await readyWorld();

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
    expect(await leftOn(world)).toEqual(nothing);
    for (const kind of [Deployment, Job, Pod, Secret, ConfigMap]) expect(await world.names(kind)).toEqual([]);
    expect(world.events()).toContainEqual({
      type: "Normal",
      reason: "CleanedUp",
      message: "node2: wiped /dev/sdb; removed /var/lib/rook/mon-b, /var/lib/rook/rook-ceph",
    });
  });

  test("leaves no folder of a mon that has moved elsewhere before, and looks for none where no mon ever left", async () => {
    const world = await createTestWorld({ devices, spec: confirmed, nodes: 7 });
    await world.settle();
    await world.kube.mergePatch(CephCluster, request, { spec: { mon: { count: 7 } } });
    await world.settle();
    await world.kube.mergePatch(CephCluster, request, { spec: { mon: { count: 3 } } });
    await world.settle();
    const folders = () => ["node4", "node5", "node6", "node7"].flatMap((node) => [...world.folders.on(node).keys()]);
    expect(folders()).toEqual(expect.arrayContaining(["d", "e", "f", "g"].map((id) => `/var/lib/rook/mon-${id}`)));

    await world.kube.delete(CephCluster, request);
    await world.settle();
    expect(folders()).toEqual([]);

    const other = await createTestWorld({ devices, spec: confirmed, nodes: 7 });
    await other.settle();
    await other.kube.delete(CephCluster, request);
    await other.reconcile(request);
    expect(await other.names(Job)).not.toContain("cluster-cleanup-job-node7");
  });

  test("has a Job for each node before the first daemon is stopped, and no Job works before the node's daemons have ended", async () => {
    const world = await readyWorld();
    await world.kube.delete(CephCluster, request);
    world.kube.clearWrites();

    await world.reconcile(request);

    const verbs = world.kube.writes().map(({ verb, kind }) => `${verb} ${kind}`);
    expect(verbs.lastIndexOf("create Job")).toBeLessThan(verbs.indexOf("delete Deployment"));
    const jobs = (await world.kube.list(Job)).filter(({ metadata }) => metadata.labels?.["app"] === "rook-ceph-cleanup");
    expect(jobs.map(({ metadata, spec }) => `${metadata.name ?? ""} ${String(spec?.suspend)}`).sort()).toEqual([
      "cluster-cleanup-job-node1 true",
      "cluster-cleanup-job-node2 true",
      "cluster-cleanup-job-node3 true",
    ]);
    expect((await world.cluster()).status).toMatchObject({
      phase: "Deleting",
      message: expect.stringMatching(/^Deleting: 0 of 3 nodes cleaned; node1 waits for rook-ceph-.* to stop/),
    });
    expect(await world.condition("DeletionIsBlocked")).toMatchObject({ status: "False", reason: "ObjectHasNoDependents" });
    expect(await world.condition("Ready")).toMatchObject({ status: "False", reason: "Deleting" });
  });

  test("is kept alive, with its data, while something needs it", async () => {
    const world = await readyWorld();
    const before = await leftOn(world);
    await world.kube.create(CephClient, {
      apiVersion: "ceph.rook.io/v1",
      kind: "CephClient",
      metadata: { namespace, name: "glance", finalizers: ["example.com/mine"] },
      spec: { caps: { mon: "profile rbd" } },
    });

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
    expect(await leftOn(world)).toEqual(before);
    expect((await world.names(Job)).filter((name) => name.startsWith("cluster-cleanup"))).toEqual([]);
  });

  test("waits for a node that is down, says so, and goes on without it once its Node is deleted", async () => {
    const world = await readyWorld();
    await world.kube.mergePatch(Node, { name: "node3" }, { metadata: { annotations: { [powerAnnotation]: "off" } } });
    await world.clock.advance(60_000);

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect((await world.cluster()).status?.message).toMatch(
      /^Deleting: 2 of 3 nodes cleaned; node3 is not Ready since \d\d:\d\d:\d\dZ: it is cleaned when it is back; delete Node node3 to leave what is on it$/,
    );
    await world.kube.delete(Node, { name: "node3" });
    await world.settle();
    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
    expect(world.events()).toContainEqual({
      type: "Warning",
      reason: "CleanupSkipped",
      message: expect.stringContaining("node3 is no node of this Kubernetes any more"),
    });
  });

  test("cleans a node that comes back", async () => {
    const world = await readyWorld();
    const power = (state: string | null) =>
      world.kube.mergePatch(Node, { name: "node3" }, { metadata: { annotations: { [powerAnnotation]: state } } });
    await power("off");
    await world.clock.advance(60_000);
    await world.kube.delete(CephCluster, request);
    await world.settle();

    await power(null);
    await world.settle();

    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
    expect(await leftOn(world)).toEqual(nothing);
  });

  test("is not brought back to life by what comes to need it once its end has begun", async () => {
    const world = await readyWorld();
    await world.kube.delete(CephCluster, request);
    await world.reconcile(request);

    await world.kube.create(CephClient, {
      apiVersion: "ceph.rook.io/v1",
      kind: "CephClient",
      metadata: { namespace, name: "late" },
      spec: { caps: { mon: "profile rbd" } },
    });
    await world.settle();

    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
    expect(await leftOn(world)).toEqual(nothing);
  });

  test("stops no daemon that may not be touched", async () => {
    const world = await readyWorld();
    await world.kube.mergePatch(
      Deployment,
      { namespace, name: "rook-ceph-osd-1" },
      { metadata: { labels: { "ceph.rook.io/do-not-reconcile": "true" } } },
    );

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect((await world.cluster()).status?.message).toContain("osd.1 may not be stopped, since a Deployment has the label");
    expect(await world.names(Deployment)).toContain("rook-ceph-mon-a");
  });

  test("does not guess whose the data is when its identity is lost", async () => {
    const world = await readyWorld();
    await world.kube.mergePatch(Secret, { namespace, name: "rook-ceph-mon" }, { metadata: { finalizers: null } });
    await world.kube.delete(Secret, { namespace, name: "rook-ceph-mon" });

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({ status: "False", reason: "IdentityMissing" });
    await world.kube.mergePatch(CephCluster, request, { spec: { cleanupPolicy: { confirmation: "" } } });
    await world.settle();
    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
  });

  test("says what to do when its namespace is deleted with it", async () => {
    const world = await readyWorld();

    await world.kube.delete(Namespace, { name: namespace });
    await world.settle();

    expect((await world.cluster()).status?.message).toContain("namespace rook-ceph is being deleted, so that nothing can be made in it");
    await world.kube.mergePatch(CephCluster, request, { spec: { cleanupPolicy: { confirmation: "" } } });
    await world.settle();
    expect(await world.names(CephCluster)).toEqual([]);
    expect(await world.kube.get(Namespace, { name: namespace })).toBeUndefined();
  });

  test("is cleaned with the image that its daemons run, whatever is wanted by now", async () => {
    const world = await readyWorld();
    await world.kube.mergePatch(CephCluster, request, { spec: { cephVersion: { image: "quay.io/ceph/ceph:nowhere" } } });
    await world.kube.delete(CephCluster, request);
    await world.reconcile(request);

    const jobs = await world.kube.list(Job, { labels: { app: "rook-ceph-cleanup" } });
    expect(jobs.map((job) => job.spec?.template.spec?.containers[0]?.image)).toEqual(Array(3).fill("quay.io/ceph/ceph:v20.2.4"));
  });
});

describe("a CephCluster whose data is to be kept", () => {
  test("leaves everything on its nodes", async () => {
    const world = await readyWorld({});
    const before = await leftOn(world);

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
    expect(await leftOn(world)).toEqual(before);
  });
});
