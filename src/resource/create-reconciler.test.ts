import { expect, test } from "@jest/globals";
import { createTestWorld } from "../../test/support/test-world.ts";
import { CephClient } from "../kinds/ceph-client/ceph-client.ts";
import { clientKind } from "../kinds/ceph-client/kind.ts";
import type { Kube } from "../kube/kube.ts";
import { CephCluster } from "../schema/ceph-cluster.ts";
import { createReconciler } from "./create-reconciler.ts";
import { managedChild } from "./operator-kind-of.ts";

test("an object whose CephCluster only the cache does not know is not let go", async () => {
  const key = { namespace: "rook-ceph", name: "images" };
  const world = await createTestWorld({ devices: { node1: ["sdb"] }, nodes: 1 });
  const { kube, dependencies } = world;
  await kube.create(CephClient, {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephClient",
    metadata: { ...key, finalizers: ["cephclient.ceph.rook.io"] },
    spec: { caps: { mon: "allow r" } },
  });
  await kube.delete(CephClient, key);

  const list: Kube["list"] = async (kind, selection) => (kind.kind === CephCluster.kind ? [] : kube.list(kind, selection));
  const reconciler = createReconciler(managedChild(clientKind), { ...dependencies, kube: { ...kube, list }, live: kube });
  await reconciler.reconcile(key, new AbortController().signal);

  expect((await kube.get(CephClient, key))?.metadata.finalizers).toEqual(["cephclient.ceph.rook.io"]);
});

test("an object that only others hold says that it is being deleted", async () => {
  const key = { namespace: "rook-ceph", name: "images" };
  const { kube, dependencies } = await createTestWorld({ devices: { node1: ["sdb"] }, nodes: 1 });
  await kube.create(CephClient, {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephClient",
    metadata: { ...key, finalizers: ["example.com/backup", "example.com/audit"] },
    spec: { caps: { mon: "allow r" } },
  });
  await kube.delete(CephClient, key);
  const reconciler = createReconciler(managedChild(clientKind), { ...dependencies, kube, live: kube });

  await reconciler.reconcile(key, new AbortController().signal);

  const { status, metadata } = (await kube.get(CephClient, key)) ?? {};
  expect(metadata?.finalizers).toEqual(["example.com/backup", "example.com/audit"]);
  expect(status?.phase).toBe("Deleting");
  expect(status?.conditions?.find(({ type }) => type === "Ready")).toMatchObject({
    status: "False",
    reason: "Deleting",
    message:
      "The operator is done with it; Kubernetes removes it when these finalizers are gone too: example.com/backup, example.com/audit",
  });
});
