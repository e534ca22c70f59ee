import { describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld } from "../../../../test/support/test-world.ts";
import { names } from "../../../daemons/names.ts";
import { ConfigMap, Deployment, Node, Secret } from "../../../kube/kinds.ts";
import type { ObjectKey } from "../../../kube/object.ts";
import type { OperatorDependencies } from "../../../resource/dependencies.ts";
import { CephCluster, type CephClusterSpec } from "../../../schema/ceph-cluster.ts";
import { makeCephNamespace } from "../../../simceph/ceph-namespace.ts";
import { typedStore } from "../../../simkube/controllers/sim-kinds.ts";
import { clusterKind } from "../kind.ts";

const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };
const first = { namespace: "rook-ceph", name: "rook-ceph" };
const sameNamespace = { namespace: "rook-ceph", name: "second" };
const elsewhere = { namespace: "storage", name: "second" };

/** A Ready CephCluster, and another one beside it. */
async function worldWith(key: { namespace: string; name: string }, spec: CephClusterSpec): Promise<TestWorld> {
  const world = await createTestWorld({ devices });
  await world.settle();
  if (key.namespace !== first.namespace) makeCephNamespace(typedStore(world.sim.store), key.namespace);
  await world.kube.create(CephCluster, { ...(await world.cluster()), metadata: key, ...withSpec(await world.cluster(), spec) });
  return world;
}

const withSpec = (cluster: CephCluster, spec: CephClusterSpec) => ({ spec: { ...cluster.spec, ...spec } });

async function readyOf(world: TestWorld, key: ObjectKey) {
  return (await world.kube.get(CephCluster, key))?.status?.conditions?.find(({ type }) => type === "Ready");
}

/** Passes over a CephCluster until there is nothing more to do. */
async function settle(world: TestWorld, key: { namespace: string; name: string }): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    const before = world.kube.store.version();
    await world.reconcile(key);
    await world.clock.advance(15_000);
    if (world.kube.store.version() === before) return;
  }
  throw new Error("the world does not come to rest");
}

const identity = { namespace: first.namespace, name: names.identity };

/** The first one's Secret with its identity is taken away by force. */
async function loseIdentity({ kube }: TestWorld): Promise<void> {
  await kube.mergePatch(Secret, identity, { metadata: { finalizers: [] } });
  await kube.delete(Secret, identity);
}

/** Whose OSD is on each node's disk: the cluster's fsid. */
const ownersOf = ({ sim }: TestWorld): string[] =>
  typedStore(sim.store)
    .list(Node)
    .flatMap((node) => sim.disks.on(node).map(({ content }) => (content.type === "osd" ? content.fsid : content.type)));

describe("a second CephCluster in a namespace", () => {
  test("is refused with the reason, and nothing is made for it", async () => {
    const world = await worldWith(sameNamespace, { dataDirHostPath: "/var/lib/second" });
    const before = await world.names(Deployment);

    const result = await world.reconcile(sameNamespace);

    expect(await readyOf(world, sameNamespace)).toMatchObject({
      status: "False",
      reason: "NamespaceTaken",
      message: expect.stringContaining("Namespace rook-ceph has the CephCluster rook-ceph already"),
    });
    expect((await world.kube.get(CephCluster, sameNamespace))?.metadata.finalizers).toBeUndefined();
    expect((await world.kube.get(CephCluster, sameNamespace))?.status?.ceph).toBeUndefined();
    expect(await world.names(Deployment)).toEqual(before);
    expect(result.requeueAfterMs).toBe(10_000);
    await world.settle();
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  });

  test("takes nothing of the first one with it, whatever its clean-up policy", async () => {
    const world = await worldWith(sameNamespace, { cleanupPolicy: { confirmation: "yes-really-destroy-data" } });
    await world.reconcile(sameNamespace);
    // as another operator may have left it
    await world.kube.mergePatch(CephCluster, sameNamespace, { metadata: { finalizers: ["cephcluster.ceph.rook.io"] } });

    await world.kube.delete(CephCluster, sameNamespace);
    await world.reconcile(sameNamespace);
    await world.settle();

    expect(await world.kube.get(CephCluster, sameNamespace)).toBeUndefined();
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
    expect((await world.kube.get(Secret, { namespace: "rook-ceph", name: "rook-ceph-mon" }))?.metadata.finalizers).toHaveLength(1);
    for (const node of await world.kube.list(Node)) expect(world.disks.on(node).map(({ content }) => content.type)).toEqual(["osd"]);
  });

  test("is made once the first one is gone", async () => {
    const world = await worldWith(sameNamespace, {
      dataDirHostPath: "/var/lib/second",
      storage: { useAllNodes: true, useAllDevices: true },
    });
    await world.reconcile(sameNamespace);
    await world.kube.mergePatch(CephCluster, first, { spec: { cleanupPolicy: { confirmation: "yes-really-destroy-data" } } });

    await world.kube.delete(CephCluster, first);
    await world.settle();
    await settle(world, sameNamespace);

    expect(await readyOf(world, sameNamespace)).toMatchObject({ status: "True" });
  });
});

describe("a CephCluster with the folder of another one", () => {
  test("is refused with the reason, as long as the other is there", async () => {
    const world = await worldWith(elsewhere, {});

    await world.reconcile(elsewhere);

    expect(await readyOf(world, elsewhere)).toMatchObject({
      status: "False",
      reason: "DataDirTaken",
      message:
        "spec.dataDirHostPath is /var/lib/rook, which the CephCluster rook-ceph/rook-ceph has already: on a node of both, their mons would have the same folders; create this one with another folder, such as /var/lib/rook-storage",
    });
    expect(await world.kube.list(Deployment, { namespace: "storage" })).toEqual([]);
    await world.kube.delete(CephCluster, first);
    await world.settle();
    await world.reconcile(elsewhere);
    expect(await readyOf(world, elsewhere)).not.toMatchObject({ reason: "DataDirTaken" });
  });

  test.each([
    ["/var/lib//rook/", "which the CephCluster rook-ceph/rook-ceph has already"],
    ["/var/lib/x/../rook", "which the CephCluster rook-ceph/rook-ceph has already"],
    ["/var/lib/rook/storage", "and /var/lib/rook is that of the CephCluster rook-ceph/rook-ceph"],
    ["/var/lib", "and /var/lib/rook is that of the CephCluster rook-ceph/rook-ceph"],
  ])("is refused by whatever name: %s", async (dataDirHostPath, clash) => {
    const world = await worldWith(elsewhere, { dataDirHostPath });

    await world.reconcile(elsewhere);

    expect(await readyOf(world, elsewhere)).toMatchObject({
      reason: "DataDirTaken",
      message: expect.stringContaining(`spec.dataDirHostPath is ${dataDirHostPath}, ${clash}`),
    });
    expect(await world.kube.list(Deployment, { namespace: "storage" })).toEqual([]);
  });

  test.each(["/var/lib/rook-storage", "/var/lib/rooks/rook"])("is not refused for one beside it: %s", async (dataDirHostPath) => {
    const world = await worldWith(elsewhere, { dataDirHostPath });

    await world.reconcile(elsewhere);

    expect(await readyOf(world, elsewhere)).not.toMatchObject({ reason: "DataDirTaken" });
  });

  test("goes on where it was made already", async () => {
    const world = await worldWith(elsewhere, { dataDirHostPath: "/var/lib/second", storage: { useAllNodes: true, useAllDevices: false } });
    await settle(world, elsewhere);
    // the API server would refuse this change; a cluster that Rook made may be so
    const { metadata, ...cluster } = (await world.kube.get(CephCluster, elsewhere)) ?? (await world.cluster());
    expect(metadata.namespace).toBe("storage");
    await world.kube.update(CephCluster, { ...cluster, metadata, spec: { ...cluster.spec, dataDirHostPath: "/var/lib/rook" } });

    await world.reconcile(elsewhere);

    expect(await readyOf(world, elsewhere)).not.toMatchObject({ reason: "DataDirTaken" });
    expect(await readyOf(world, elsewhere)).toBeDefined();
  });
});

describe("a CephCluster in another namespace, with another folder", () => {
  test("becomes Ready beside the first one, on the same nodes", async () => {
    const world = await worldWith(elsewhere, { dataDirHostPath: "/var/lib/second", storage: { useAllNodes: true, useAllDevices: true } });
    for (const node of await world.kube.list(Node))
      await world.kube.mergePatch(
        Node,
        { name: node.metadata.name ?? "" },
        { metadata: { annotations: { "sim.jackdaw.dev/disks": "sdb sdc" } } },
      );

    await settle(world, elsewhere);
    await world.settle();

    expect(await readyOf(world, elsewhere)).toMatchObject({ status: "True" });
    expect(await readyOf(world, first)).toMatchObject({ status: "True" });
    expect(world.ceph.state("storage")?.osds.size).toBe(3);
    expect(world.ceph.state("rook-ceph")?.osds.size).toBe(3);
  });

  test("wipes nothing of it, even where it may wipe others' devices", async () => {
    const world = await worldWith(elsewhere, {
      dataDirHostPath: "/var/lib/second",
      storage: { useAllNodes: true, useAllDevices: true },
      cleanupPolicy: { wipeDevicesFromOtherClusters: true },
    });

    await settle(world, elsewhere);

    expect(await readyOf(world, elsewhere)).toMatchObject({
      reason: "NoUsableDevices",
      message: expect.stringMatching(
        /node1 \/dev\/sdb .*carries an OSD of another cluster \(fsid \S+\); wipe the device if that cluster is gone/,
      ),
    });
    expect(world.ceph.state("rook-ceph")?.osds.size).toBe(3);
    await world.settle();
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  });

  test.each<[string, (world: TestWorld) => Promise<unknown>]>([
    ["is missing", (world) => loseIdentity(world)],
    ["has an fsid that is none", (world) => world.kube.mergePatch(Secret, identity, { data: { fsid: btoa("lost") } })],
    ["has no fsid", (world) => world.kube.mergePatch(Secret, identity, { data: { fsid: null } })],
    ["is empty", (world) => world.kube.mergePatch(Secret, identity, { data: null })],
  ])("wipes nothing at all while the other's identity %s", async (_what, spoil) => {
    const world = await worldWith(elsewhere, {
      dataDirHostPath: "/var/lib/second",
      storage: { useAllNodes: true, useAllDevices: true },
      cleanupPolicy: { wipeDevicesFromOtherClusters: true },
    });
    await spoil(world);

    await settle(world, elsewhere);

    const { fsid } = world.ceph.state(first.namespace) ?? {};
    expect(ownersOf(world)).toEqual([fsid, fsid, fsid]);
    expect(await readyOf(world, elsewhere)).toMatchObject({
      reason: "NoUsableDevices",
      message: expect.stringContaining(
        "no OSD of another cluster is wiped: the operator cannot read the fsid of the CephCluster rook-ceph/rook-ceph, whose OSD it may be; restore its Secret rook-ceph-mon, or delete that CephCluster",
      ),
    });
  });

  test("wipes nothing of one whose identity the cache does not know", async () => {
    const world = await worldWith(elsewhere, {
      dataDirHostPath: "/var/lib/second",
      storage: { useAllNodes: true, useAllDevices: true },
      cleanupPolicy: { wipeDevicesFromOtherClusters: true },
    });
    const { kube } = world.dependencies;
    // the first CephCluster is not in the cache yet
    const late = {
      ...world.dependencies,
      kube: {
        ...kube,
        list: async (kind: typeof CephCluster, options: object) =>
          (await kube.list(kind, options)).filter(
            ({ metadata }) => kind.kind !== CephCluster.kind || metadata.namespace !== first.namespace,
          ),
      },
    } as OperatorDependencies;

    for (let round = 0; round < 20; round += 1) {
      await clusterKind.createReconciler(late).reconcile(elsewhere, new AbortController().signal);
      await world.clock.advance(15_000);
    }

    const { fsid } = world.ceph.state(first.namespace) ?? {};
    expect(ownersOf(world)).toEqual([fsid, fsid, fsid]);
  });

  test("wipes and uses the devices of one that is gone, where it may", async () => {
    const world = await worldWith(elsewhere, {
      dataDirHostPath: "/var/lib/second",
      storage: { useAllNodes: true, useAllDevices: true },
      cleanupPolicy: { wipeDevicesFromOtherClusters: true },
    });
    await world.kube.delete(CephCluster, first);
    await world.settle();

    await settle(world, elsewhere);

    expect(await readyOf(world, elsewhere)).toMatchObject({ status: "True" });
    expect(world.ceph.state("storage")?.osds.size).toBe(3);
  });
});

describe("a CephCluster where another one has just gone", () => {
  /** The first one is let go, with all that holds what it owned, and one of its name is made before Kubernetes has collected anything. */
  async function worldAnew(): Promise<TestWorld> {
    const world = await createTestWorld({ devices });
    await world.settle();
    const { metadata, spec } = await world.cluster();
    const free = { metadata: { finalizers: [] } };
    await world.kube.mergePatch(Secret, { namespace: first.namespace, name: names.identity }, free);
    await world.kube.mergePatch(ConfigMap, { namespace: first.namespace, name: names.endpoints }, free);
    await world.kube.mergePatch(CephCluster, first, free);
    await world.kube.delete(CephCluster, first);
    await world.kube.create(CephCluster, {
      apiVersion: "ceph.rook.io/v1",
      kind: "CephCluster",
      metadata: { namespace: metadata.namespace ?? "", name: metadata.name ?? "" },
      spec,
    });
    return world;
  }

  test("waits for what that one owned, and is made when that is gone", async () => {
    const world = await worldAnew();
    world.kube.clearWrites();

    await world.reconcile(first);

    expect(await readyOf(world, first)).toMatchObject({
      status: "False",
      reason: "FormerClusterGoing",
      message: expect.stringContaining("belongs to an earlier CephCluster"),
    });
    expect(world.kube.writes().map(({ kind }) => kind)).toEqual(["CephCluster"]);

    await world.clock.advance(10_000);
    await world.reconcile(first);
    expect((await readyOf(world, first))?.reason).toBe("DetectingVersion");
  });
});
