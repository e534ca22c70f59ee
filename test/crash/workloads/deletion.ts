import { CephClient } from "../../../src/kinds/ceph-client/ceph-client.ts";
import { Deployment, Node } from "../../../src/kube/kinds.ts";
import { CephCluster } from "../../../src/schema/ceph-cluster.ts";
import { powerAnnotation } from "../../../src/simkube/controllers/nodes.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../crash-world.ts";
import { removeCluster, unheld, type Workload } from "../workload.ts";

const { namespace } = clusterKey;

const createClient = (world: CrashWorld, name: string): void =>
  void world.user.create(CephClient, {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephClient",
    metadata: { namespace, name },
    spec: { caps: { mon: "profile rbd" } },
  });

const removeClient = (world: CrashWorld, name: string): void => {
  const client = world.user.get(CephClient, { namespace, name });
  if (client !== undefined) world.user.remove(CephClient, client);
};

const takeFinalizerAway = (world: CrashWorld): void => {
  const cluster = world.user.get(CephCluster, clusterKey);
  if (cluster !== undefined) world.user.change(CephCluster, cluster, unheld);
};

const removeMon = (world: CrashWorld): void => {
  const mon = world.user.get(Deployment, { namespace, name: "rook-ceph-mon-b" });
  if (mon !== undefined) world.user.remove(Deployment, mon);
};

/** A user waits until it is gone, and creates another one. */
const createWhenGone = (world: CrashWorld, cluster: CephCluster): void =>
  void world.clock.after(30_000, () => {
    if (world.user.get(CephCluster, clusterKey) === undefined) world.user.create(CephCluster, cluster);
    else createWhenGone(world, cluster);
  });

/** A user turns a node off, or on again. */
const setPower = (world: CrashWorld, name: string, isOn: boolean): void => {
  const node = world.user.get(Node, { name });
  if (node === undefined) return;
  const { [powerAnnotation]: _power, ...annotations } = node.metadata.annotations ?? {};
  world.user.change(Node, node, (n) => ({
    ...n,
    metadata: { ...n.metadata, annotations: isOn ? annotations : { ...annotations, [powerAnnotation]: "off" } },
  }));
};

const removeNode = (world: CrashWorld, name: string): void => {
  const node = world.user.get(Node, { name });
  if (node !== undefined) world.user.remove(Node, node);
};

/** What is left on these nodes, in words. */
const leftOn = (world: CrashWorld, names: readonly string[]): string | undefined => {
  const left = names.flatMap((name) => {
    const node = world.user.get(Node, { name });
    const disks = node === undefined ? [] : world.sim.disks.on(node).filter(({ content }) => content.type !== "empty");
    return [
      ...disks.map((disk) => `${name} /dev/${disk.name}`),
      ...[...world.sim.folders.on(name).keys()].map((path) => `${name} ${path}`),
    ];
  });
  return left.length === 0 ? undefined : `left are ${left.join(", ")}`;
};

const allNodes = ["node1", "node2", "node3"];
const destroyed = clusterOf({ cleanupPolicy: { confirmation: "yes-really-destroy-data" } });
const isClean = (world: CrashWorld) => leftOn(world, allNodes);

/** The end of a CephCluster whose data goes with it. */
const cleanupWorkloads: readonly Workload[] = [
  { name: "destroy-the-cluster", from: destroyed, act: removeCluster, ends: "gone", wants: isClean },
  {
    name: "destroy-what-a-client-needs",
    from: destroyed,
    before: (world) => createClient(world, "glance"),
    act: (world) => {
      removeCluster(world);
      world.clock.after(45_000, () => removeClient(world, "glance"));
    },
    ends: "gone",
    wants: isClean,
  },
  {
    name: "destroy-and-create-again",
    from: destroyed,
    act: (world) => {
      removeCluster(world);
      createWhenGone(world, destroyed);
    },
  },
  {
    name: "destroy-while-a-node-is-down",
    from: destroyed,
    act: (world) => {
      setPower(world, "node3", false);
      world.clock.after(60_000, () => removeCluster(world));
      world.clock.after(130_000, () => setPower(world, "node3", true));
    },
    ends: "gone",
    wants: isClean,
  },
  {
    name: "destroy-without-a-node",
    from: destroyed,
    act: (world) => {
      setPower(world, "node3", false);
      world.clock.after(60_000, () => removeCluster(world));
      world.clock.after(130_000, () => removeNode(world, "node3"));
    },
    ends: "gone",
    wants: (world) => leftOn(world, ["node1", "node2"]),
  },
  {
    name: "destroy-in-the-foreground",
    from: destroyed,
    act: (world) => {
      world.sim.store.delete(world.sim.store.resource(CephCluster), clusterKey, { propagationPolicy: "Foreground" });
    },
    ends: "gone",
    wants: isClean,
  },
];

/** The end of a CephCluster, and what comes after it. */
export const deletionWorkloads: readonly Workload[] = [
  ...cleanupWorkloads,
  { name: "delete-the-cluster", from: clusterOf(), act: removeCluster, ends: "gone" },
  {
    name: "delete-and-create-again-on-used-disks",
    from: clusterOf(),
    act: (world) => {
      removeCluster(world);
      createWhenGone(world, clusterOf());
    },
    // no mon takes another cluster's store
    ends: ["StartingMons", "CephUnreachable"],
    mayDiffer: /^(CephCluster rook-ceph\/rook-ceph status\..*|Ceph's monmap mons\.[abc]\.host)$/,
  },
  {
    name: "delete-and-create-again-in-another-folder",
    from: clusterOf(),
    act: (world) => {
      removeCluster(world);
      createWhenGone(world, clusterOf({ dataDirHostPath: "/var/lib/another" }));
    },
    ends: "NoUsableDevices",
  },
  {
    // it is kept alive meanwhile: a mon that is lost comes back
    name: "delete-while-a-client-needs-it",
    from: clusterOf(),
    before: (world) => createClient(world, "glance"),
    act: (world) => {
      removeCluster(world);
      world.clock.after(45_000, () => removeMon(world));
    },
    wants: (world) => {
      const cluster = world.user.get(CephCluster, clusterKey);
      const blocked = cluster?.status?.conditions?.find(({ type }) => type === "DeletionIsBlocked");
      if (cluster?.metadata.deletionTimestamp === undefined) return "the CephCluster is not being deleted";
      if (blocked?.status !== "True" || blocked.message?.includes("CephClient: [glance] (1)") !== true) return "the client is not named";
      return world.user.get(Deployment, { namespace, name: "rook-ceph-mon-b" }) === undefined ? "mon b has not come back" : undefined;
    },
  },
  {
    name: "delete-and-remove-what-needs-it",
    from: clusterOf(),
    before: (world) => createClient(world, "glance"),
    act: (world) => {
      removeCluster(world);
      world.clock.after(45_000, () => removeClient(world, "glance"));
    },
    ends: "gone",
  },
  {
    // as people do who do not want to wait; what holds the identity stays
    name: "delete-and-take-the-finalizer-away",
    from: clusterOf(),
    before: (world) => createClient(world, "glance"),
    act: (world) => {
      removeCluster(world);
      world.clock.after(45_000, () => takeFinalizerAway(world));
    },
    ends: "gone",
    // what a pass found is not told again before there is a cluster to look at
    mayDiffer: /^CephClient rook-ceph\/glance status\.info\.secretName$/,
    mayDifferUnder: /^wipeStatus:/,
  },
  {
    // and so their cluster comes back, with its data
    name: "delete-by-mistake-and-create-again",
    from: clusterOf(),
    before: (world) => createClient(world, "glance"),
    act: (world) => {
      removeCluster(world);
      world.clock.after(45_000, () => takeFinalizerAway(world));
      world.clock.after(90_000, () => void world.user.create(CephCluster, clusterOf()));
    },
    wants: (world) => {
      const state = world.sim.ceph.state();
      return world.sim.ceph.states().length === 1 && state?.osds.size === 3 ? undefined : "it is another cluster";
    },
  },
];
