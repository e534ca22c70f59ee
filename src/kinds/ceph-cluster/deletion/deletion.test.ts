import { describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld } from "../../../../test/support/test-world.ts";
import { ConfigMap, CustomResourceDefinition, Deployment, PersistentVolume, Pod, Secret, Service } from "../../../kube/kinds.ts";
import type { Kube } from "../../../kube/kube.ts";
import { KubeError } from "../../../kube/kube-error.ts";
import { defineKind, type KubeObject } from "../../../kube/object.ts";
import { CephCluster } from "../../../schema/ceph-cluster.ts";
import { CephClient } from "../../ceph-client/ceph-client.ts";
import { clusterKind } from "../kind.ts";

const namespace = "rook-ceph";
const request = { namespace, name: "rook-ceph" };
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };
const identity = { namespace, name: "rook-ceph-mon" };
const endpoints = { namespace, name: "rook-ceph-mon-endpoints" };

async function readyWorld(): Promise<TestWorld> {
  const world = await createTestWorld({ devices });
  await world.settle();
  return world;
}

const client = (name: string): CephClient => ({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephClient",
  metadata: { namespace, name },
  spec: { caps: { mon: "profile rbd" } },
});

const volume = (name: string, driver: string, clusterID: string): PersistentVolume => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name },
  spec: { csi: { driver, volumeHandle: name, volumeAttributes: { clusterID } } },
});

describe("a CephCluster", () => {
  test("has its finalizer before anything is made for it", async () => {
    const world = await createTestWorld({ devices });

    await world.reconcile(request);

    const [first] = world.kube.writes();
    expect(first).toEqual({ verb: "patch", kind: "CephCluster", name: "rook-ceph" });
    expect((await world.cluster()).metadata.finalizers).toEqual(["cephcluster.ceph.rook.io"]);
  });

  test("keeps the finalizers of others", async () => {
    const world = await createTestWorld({ devices });
    await world.kube.mergePatch(CephCluster, request, { metadata: { finalizers: ["example.com/mine"] } });

    await world.reconcile(request);

    expect((await world.cluster()).metadata.finalizers).toEqual(["example.com/mine", "cephcluster.ceph.rook.io"]);
  });

  test("has its identity and its list of mons held", async () => {
    const world = await readyWorld();

    for (const [kind, key] of [[Secret, identity] as const, [ConfigMap, endpoints] as const])
      expect((await world.kube.get(kind as typeof Secret, key))?.metadata.finalizers).toEqual(["ceph.rook.io/disaster-protection"]);
  });

  test("that is deleted has a status about the spec of the API server, where the cache learns of it during the pass", async () => {
    const world = await readyWorld();
    await world.kube.create(CephClient, client("glance"));
    await world.kube.delete(CephCluster, request);
    const old = await world.cluster();
    await world.kube.mergePatch(CephCluster, request, { spec: { crashCollector: { disable: true } } });
    const now = await world.cluster();
    let isLate = true;
    const get: Kube["get"] = async (kind, key) => {
      if (kind.kind !== CephCluster.kind || !isLate) return world.kube.get(kind, key);
      isLate = false;
      return old as KubeObject as never;
    };

    const reconciler = clusterKind.createReconciler({ ...world.dependencies, kube: { ...world.kube, get } });
    await reconciler.reconcile(request, new AbortController().signal);

    expect(now.metadata.generation).toBe((old.metadata.generation ?? 0) + 1);
    expect((await world.cluster()).status?.observedGeneration).toBe(now.metadata.generation);
  });

  test("has the identity of an older operator held, too", async () => {
    const world = await readyWorld();
    await world.kube.mergePatch(Secret, identity, { metadata: { finalizers: null } });

    await world.settle();

    expect((await world.kube.get(Secret, identity))?.metadata.finalizers).toEqual(["ceph.rook.io/disaster-protection"]);
  });

  test("loses nothing when its identity is deleted by a slip of the hand, and says so", async () => {
    const world = await readyWorld();
    const before = (await world.kube.get(Secret, identity))?.data;

    await world.kube.delete(Secret, identity);
    await world.settle();

    expect((await world.kube.get(Secret, identity))?.data).toEqual(before);
    expect(await world.condition("Ready")).toMatchObject({
      status: "True",
      message: expect.stringContaining("Secret rook-ceph-mon, the cluster's identity, was deleted and is only held by its finalizer"),
    });
  });

  test("gets a deleted list of mons back as it was", async () => {
    const world = await readyWorld();
    const before = await world.kube.get(ConfigMap, endpoints);
    const told = (object: ConfigMap | undefined) => ({ data: object?.data, finalizers: object?.metadata.finalizers });

    await world.kube.delete(ConfigMap, endpoints);
    await world.settle();

    const after = await world.kube.get(ConfigMap, endpoints);
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(after?.metadata.deletionTimestamp).toBeUndefined();
    expect(told(after)).toEqual(told(before));
  });
});

describe("a deleted CephCluster", () => {
  test("goes with all that it owned when nothing needs it", async () => {
    const world = await readyWorld();

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
    for (const kind of [Deployment, Service, Secret, ConfigMap, Pod]) expect(await world.names(kind)).toEqual([]);
  });

  test("takes the connection to its Ceph with it", async () => {
    const world = await readyWorld();
    const ceph = world.ceph.connect({ namespace, fsid: "any", monHost: "", user: "", key: "" });

    await world.kube.delete(CephCluster, request);
    await world.settle();

    await expect(ceph.command({ prefix: "status" })).rejects.toMatchObject({ code: "aborted" });
  });

  test("goes at once where it was never made", async () => {
    const world = await createTestWorld({ devices, spec: { dataDirHostPath: "/etc/ceph" } });
    await world.settle();

    await world.kube.delete(CephCluster, request);
    await world.reconcile(request);

    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
  });

  test("waits for its dependents, names them with their number, and looks again soon", async () => {
    const world = await readyWorld();
    for (const name of ["glance", "cinder"]) await world.kube.create(CephClient, client(name));

    await world.kube.delete(CephCluster, request);
    const result = await world.reconcile(request);

    const message =
      'CephCluster "rook-ceph/rook-ceph" will not be deleted until all dependents are removed: CephClient: [cinder glance] (2)';
    expect(result.requeueAfterMs).toBeLessThanOrEqual(10_000);
    expect(await world.condition("DeletionIsBlocked")).toMatchObject({ status: "True", reason: "ObjectHasDependents", message });
    expect(await world.condition("Deleting")).toMatchObject({ status: "True", reason: "ClusterDeleting" });
    expect((await world.cluster()).status).toMatchObject({ phase: "Deleting", state: "Deleting", message });
    expect(world.events()).toContainEqual({ type: "Warning", reason: "ObjectHasDependents", message });
    // it is as it was, and says so
    expect(await world.condition("Ready")).toMatchObject({ status: "True", reason: "ClusterCreated" });
    expect(await world.condition("Progressing")).toMatchObject({ status: "False" });
  });

  test("is kept alive while nobody can say what needs it, and tells why", async () => {
    const world = await readyWorld();
    const list = world.kube.list.bind(world.kube);
    world.kube.list = (kind, selection) =>
      kind.kind === "CephNFS" ? Promise.reject(new KubeError("forbidden", "may not list cephnfses")) : list(kind, selection);
    await world.kube.delete(CephCluster, request);
    await world.kube.delete(Deployment, { namespace, name: "rook-ceph-mon-b" });
    await world.settle();

    expect(await world.names(Deployment)).toContain("rook-ceph-mon-b");
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
    expect(await world.condition("DeletionIsBlocked")).toMatchObject({
      status: "True",
      reason: "DependentsUnknown",
      message: expect.stringMatching(/is kept: it could not be read whether objects or volumes need it: .*may not list cephnfses/),
    });
    world.kube.list = list;
    await world.settle();
    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
  });

  test("does nothing while nobody can say whether its end has begun", async () => {
    const world = await readyWorld();
    const list = world.kube.list.bind(world.kube);
    world.kube.list = (kind, selection) =>
      selection?.labels?.["app"] === "rook-ceph-cleanup" ? Promise.reject(new KubeError("forbidden", "no")) : list(kind, selection);
    await world.kube.delete(CephCluster, request);
    await world.reconcile(request);

    expect(await world.condition("DeletionIsBlocked")).toMatchObject({ status: "Unknown", reason: "DependentsUnknown" });
    expect(await world.condition("Ready")).toMatchObject({ status: "False", reason: "StepFailed" });
  });

  test("waits for Rook's kinds, too, that nobody here reconciles, where they are installed", async () => {
    const world = await readyWorld();
    await world.kube.create(CustomResourceDefinition, {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "cephobjectstores.ceph.rook.io" },
      spec: {
        group: "ceph.rook.io",
        scope: "Namespaced",
        names: { kind: "CephObjectStore", plural: "cephobjectstores" },
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
      },
    });
    const store = defineKind({ apiVersion: "ceph.rook.io/v1", kind: "CephObjectStore", plural: "cephobjectstores", namespaced: true });
    await world.kube.create(store, { apiVersion: "ceph.rook.io/v1", kind: "CephObjectStore", metadata: { namespace, name: "photos" } });

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect(await world.condition("DeletionIsBlocked")).toMatchObject({
      status: "True",
      reason: "ObjectHasDependents",
      message: expect.stringContaining("CephObjectStore: [photos] (1)"),
    });
    await world.kube.delete(store, { namespace, name: "photos" });
    await world.settle();
    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
  });

  test("is kept alive while it waits", async () => {
    const world = await readyWorld();
    await world.kube.create(CephClient, client("glance"));
    await world.kube.delete(CephCluster, request);
    await world.settle();

    await world.kube.delete(Deployment, { namespace, name: "rook-ceph-mon-b" });
    await world.settle();

    expect(await world.names(Deployment)).toContain("rook-ceph-mon-b");
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
    world.kube.clearWrites();
    await world.reconcile(request);
    expect(world.kube.writes()).toEqual([]);
  });

  test("goes when the last dependent has gone", async () => {
    const world = await readyWorld();
    await world.kube.create(CephClient, client("glance"));
    await world.kube.delete(CephCluster, request);
    await world.settle();

    await world.kube.delete(CephClient, { namespace, name: "glance" });
    await world.settle();

    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
    expect(await world.names(Secret)).toEqual([]);
  });

  test("waits for volumes that have their data in it", async () => {
    const world = await readyWorld();
    await world.kube.create(PersistentVolume, volume("pvc-1", "rook-ceph.rbd.csi.ceph.com", "rook-ceph"));
    await world.kube.create(PersistentVolume, volume("pvc-2", "rook-ceph.cephfs.csi.ceph.com", "rook-ceph"));
    await world.kube.create(PersistentVolume, volume("elsewhere", "rook-ceph.rbd.csi.ceph.com", "another"));
    await world.kube.create(PersistentVolume, volume("not-rooks", "ebs.csi.aws.com", "rook-ceph"));

    await world.kube.delete(CephCluster, request);
    await world.settle();

    expect(await world.condition("DeletionIsBlocked")).toMatchObject({
      status: "True",
      reason: "VolumesExist",
      message: expect.stringContaining("PersistentVolume: [pvc-1 pvc-2] (2); delete them, or set cleanupPolicy.allowUninstallWithVolumes"),
    });
    await world.kube.mergePatch(CephCluster, request, { spec: { cleanupPolicy: { allowUninstallWithVolumes: true } } });
    await world.settle();
    expect(await world.kube.get(CephCluster, request)).toBeUndefined();
  });

  test("is left to those who hold it when its own finalizer was taken away by hand, and says so", async () => {
    const world = await readyWorld();
    await world.kube.mergePatch(CephCluster, request, { metadata: { finalizers: ["example.com/mine"] } });
    await world.kube.delete(CephCluster, request);
    world.kube.clearWrites();

    expect(await world.reconcile(request)).toEqual({});

    expect(world.kube.writes().map(({ kind, subresource }) => [kind, subresource])).toEqual([["CephCluster", "status"]]);
    expect(await world.condition("Ready")).toMatchObject({
      status: "False",
      reason: "Deleting",
      message: "The operator is done with it; Kubernetes removes it when these finalizers are gone too: example.com/mine",
    });
    world.kube.clearWrites();
    await world.reconcile(request);
    expect(world.kube.writes()).toEqual([]);
  });

  test("makes nothing that Kubernetes takes away again while it is deleted in the foreground", async () => {
    const world = await readyWorld();
    await world.kube.create(CephClient, client("glance"));

    await world.kube.delete(CephCluster, request, { propagationPolicy: "Foreground" });
    await world.settle();

    expect(await world.names(Deployment)).toEqual([]);
    expect(await world.condition("DeletionIsBlocked")).toMatchObject({ status: "True", reason: "ObjectHasDependents" });
    expect(await world.condition("Ready")).toMatchObject({ status: "False", reason: "Deleting" });
  });
});
