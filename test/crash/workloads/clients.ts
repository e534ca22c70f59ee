import { CephClient } from "../../../src/kinds/ceph-client/ceph-client.ts";
import { Secret } from "../../../src/kube/kinds.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../crash-world.ts";
import { notReady, type Workload } from "../workload.ts";

const { namespace } = clusterKey;
const key = { namespace, name: "images" };
const client: CephClient = {
  apiVersion: "ceph.rook.io/v1",
  kind: "CephClient",
  metadata: key,
  spec: { caps: { mon: "profile rbd", osd: "profile rbd pool=images" } },
};
const create = (world: CrashWorld): void => void world.user.create(CephClient, client);
const found = (world: CrashWorld): CephClient => {
  const object = world.user.get(CephClient, key);
  if (object === undefined) throw new Error("there is no CephClient");
  return object;
};
const keyIn = (world: CrashWorld) => world.sim.ceph.state()?.entities.get("client.images");
const keyInSecret = (world: CrashWorld) =>
  Buffer.from(world.user.get(Secret, { namespace, name: "rook-ceph-client-images" })?.data?.["userKey"] ?? "", "base64").toString();

/** Its key is in Ceph, and the Secret has the same. */
const isServed = (world: CrashWorld): string | undefined =>
  notReady(world, CephClient, key.name) ??
  (keyIn(world) === undefined || keyIn(world)?.key !== keyInSecret(world) ? "the Secret has not Ceph's key" : undefined);

/** A user of Ceph comes, changes, and goes. */
export const clientWorkloads: readonly Workload[] = [
  { name: "create-client", from: clusterOf(), act: create, wants: isServed },
  {
    name: "change-client-caps",
    from: clusterOf(),
    before: create,
    act: (world) => void world.user.change(CephClient, found(world), (c) => ({ ...c, spec: { ...c.spec, caps: { mon: "allow r" } } })),
    wants: (world) => isServed(world) ?? (keyIn(world)?.caps["osd"] === undefined ? undefined : "it may still use OSDs"),
  },
  {
    name: "delete-secret-of-client",
    from: clusterOf(),
    before: create,
    act: (world) => {
      const secret = world.user.get(Secret, { namespace, name: "rook-ceph-client-images" });
      if (secret !== undefined) world.user.remove(Secret, secret);
    },
    wants: isServed,
  },
  {
    name: "delete-client",
    from: clusterOf(),
    before: create,
    act: (world) => world.user.remove(CephClient, found(world)),
    wants: (world) =>
      world.user.get(CephClient, key) === undefined && keyIn(world) === undefined ? undefined : "the CephClient or its user is still there",
  },
  {
    // a view of the old one must not take the new one's user
    name: "delete-client-and-create-it-again",
    from: clusterOf(),
    before: create,
    act: (world) => {
      const stop = world.sim.store.subscribe((resource, { type }) => {
        if (resource.kind !== CephClient.kind || type !== "deleted") return;
        stop();
        // when garbage collection has taken what the old one owned
        world.clock.after(3_000, () => create(world));
      });
      world.user.remove(CephClient, found(world));
    },
    wants: isServed,
  },
];
