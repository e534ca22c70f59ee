import { doNotReconcileLabel } from "../../../src/daemons/labels.ts";
import { ConfigMap, Deployment, Node, Pod, Service } from "../../../src/kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../../../src/schema/ceph-cluster.ts";
import { brokenMonsAnnotation } from "../../../src/simceph/ceph-pods.ts";
import { powerAnnotation } from "../../../src/simkube/controllers/nodes.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../crash-world.ts";
import { change, type Workload } from "../workload.ts";

const { namespace } = clusterKey;

/** The mons are these, in every place that tells of them. */
const areMons =
  (...ids: string[]) =>
  (world: CrashWorld): string | undefined => {
    const wanted = ids.join(",");
    const endpoints = world.user.get(ConfigMap, { namespace, name: "rook-ceph-mon-endpoints" })?.data?.["data"] ?? "";
    const lettersOf = (objects: readonly (Deployment | Service)[]) =>
      objects.flatMap(({ metadata }) => /^rook-ceph-mon-([a-z]+)$/.exec(metadata.name ?? "")?.[1] ?? []).sort();
    const places: readonly (readonly [string, readonly string[]])[] = [
      ["endpoints", endpoints.split(",").map((each) => each.split("=")[0] ?? "")],
      ["Deployments", lettersOf(world.user.list(Deployment, namespace))],
      ["Services", lettersOf(world.user.list(Service, namespace))],
      ["monmap", (world.sim.ceph.state()?.mons ?? []).map(({ name }) => name).sort()],
    ];
    const other = places.filter(([, found]) => found.join(",") !== wanted);
    return other.length === 0 ? undefined : other.map(([place, found]) => `${place}: ${found.join(",")}, not ${wanted}`).join("; ");
  };

/** A cluster whose storage is on other nodes than the one that goes. */
const apart = { storage: { nodes: [1, 3, 4].map((n) => ({ name: `node${n}`, devices: [{ name: "sdb" }] })) } };

/** Longer than a mon may be missing before it is replaced. */
const untilLost = 75_000;

const quickly = { healthCheck: { daemonHealth: { mon: { timeout: "60s" } } } };

const annotated = (node: Node, name: string, value: string): Node => ({
  ...node,
  metadata: { ...node.metadata, annotations: { ...node.metadata.annotations, [name]: value } },
});

function setSpec(world: CrashWorld, spec: CephClusterSpec): void {
  const cluster = world.user.get(CephCluster, clusterKey);
  if (cluster !== undefined) world.user.change(CephCluster, cluster, (c) => ({ ...c, spec: { ...c.spec, ...spec } }));
}

/** Somebody works on mon b. */
function leaveAlone(world: CrashWorld): void {
  const found = world.user.get(Deployment, { namespace, name: "rook-ceph-mon-b" });
  if (found !== undefined)
    world.user.change(Deployment, found, (d) => ({
      ...d,
      metadata: { ...d.metadata, labels: { ...d.metadata.labels, [doNotReconcileLabel]: "true" } },
      spec: { ...d.spec, replicas: 0, selector: d.spec?.selector ?? {}, template: d.spec?.template ?? {} },
    }));
}

function removeNode(world: CrashWorld, name: string): void {
  const node = world.user.get(Node, { name });
  if (node !== undefined) world.user.remove(Node, node);
}

/** The endpoints as somebody writes them by hand: only the first mon. */
function nameFirstMonOnly(world: CrashWorld): void {
  const found = world.user.get(ConfigMap, { namespace, name: "rook-ceph-mon-endpoints" });
  if (found !== undefined)
    world.user.change(ConfigMap, found, (map) => ({ ...map, data: { ...map.data, data: map.data?.["data"]?.split(",")[0] ?? "" } }));
}

/** What `kubectl rook-ceph mons restore-quorum a` comes to, once the operator is there again. */
function restoreQuorum(world: CrashWorld): void {
  world.stopOperators();
  nameFirstMonOnly(world);
  for (const id of ["b", "c"])
    for (const kind of [Deployment, Service]) {
      const object = world.user.get(kind as typeof Deployment, { namespace, name: `rook-ceph-mon-${id}` });
      if (object !== undefined) world.user.remove(kind as typeof Deployment, object);
    }
  const state = world.sim.ceph.state();
  if (state !== undefined) state.mons = state.mons.filter(({ name }) => name === "a");
  world.clock.after(2000, () => world.startOperator());
}

/** How many mons there are, which they are, and what becomes of lost ones. */
export const monWorkloads: readonly Workload[] = [
  change("mon-count-1-to-3", { mon: { count: 3 } }, { from: clusterOf({ mon: { count: 1 } }), wants: areMons("a", "b", "c") }),
  change("mon-count-3-to-5", { mon: { count: 5 } }, { nodes: 5, wants: areMons("a", "b", "c", "d", "e") }),
  change(
    "mon-count-3-to-5-on-three-nodes",
    { mon: { count: 5, allowMultiplePerNode: true } },
    {
      wants: areMons("a", "b", "c", "d", "e"),
      // which node takes one more follows from which mons have been changed by then
      mayDiffer:
        /^(ConfigMap rook-ceph\/rook-ceph-mon-endpoints data\.(mapping|csi-cluster-config-json)|Deployment rook-ceph\/rook-ceph-mon-[de] .*nodeSelector.*|Pod rook-ceph\/rook-ceph-mon-[de] node|Node node[123] folders\.\/var\/lib\/rook\/mon-[de])$/,
    },
  ),
  change(
    "mon-count-5-to-3-each-on-its-node",
    { mon: { count: 3, allowMultiplePerNode: false } },
    { from: clusterOf({ mon: { count: 5, allowMultiplePerNode: true } }), wants: areMons("a", "b", "c") },
  ),
  change("mon-count-5-to-3", { mon: { count: 3 } }, { nodes: 5, from: clusterOf({ mon: { count: 5 } }), wants: areMons("a", "b", "c") }),
  change("mon-count-3-to-1", { mon: { count: 1 } }, { wants: areMons("a") }),
  change("mon-count-beyond-the-nodes", { mon: { count: 5 } }, { nodes: 4, ends: "NotEnoughNodes", wants: areMons("a", "b", "c", "d") }),
  change(
    "mon-count-and-template",
    { mon: { count: 4 }, resources: { mon: { requests: { memory: "2Gi" } } } },
    { nodes: 4, wants: areMons("a", "b", "c", "d") },
  ),
  {
    name: "mon-failover-node-deleted",
    nodes: 4,
    from: clusterOf(apart),
    act: (world) => removeNode(world, "node2"),
    wants: areMons("a", "c", "d"),
  },
  {
    name: "mon-failover-node-lost",
    nodes: 4,
    restForMs: untilLost,
    // nobody can end what ran on the lost node, and where daemons are a crash collector is wanted
    from: clusterOf({ ...apart, ...quickly, crashCollector: { disable: true } }),
    act: (world) => {
      const node = world.user.get(Node, { name: "node2" });
      if (node !== undefined) world.user.change(Node, node, (n) => annotated(n, powerAnnotation, "off"));
    },
    wants: areMons("a", "c", "d"),
  },
  {
    name: "mon-failover-of-two-of-five",
    nodes: 7,
    from: clusterOf({ ...apart, mon: { count: 5 } }),
    act: (world) => {
      removeNode(world, "node2");
      removeNode(world, "node5");
    },
    wants: areMons("a", "c", "d", "f", "g"),
  },
  {
    name: "mon-failover-nowhere",
    nodes: 3,
    restForMs: untilLost,
    from: clusterOf({
      storage: { nodes: [{ name: "node1", devices: [{ name: "sdb" }] }] },
      cephConfig: { global: { osd_pool_default_size: "1" } },
    }),
    act: (world) => removeNode(world, "node2"),
    ends: "MonFailoverBlocked",
    wants: areMons("a", "b", "c"),
  },
  {
    name: "mon-left-alone",
    restForMs: untilLost,
    from: clusterOf(quickly),
    act: leaveAlone,
    ends: "StartingMons",
    wants: areMons("a", "b", "c"),
  },
  {
    // whoever works on a mon gets it back into quorum first
    name: "mon-left-alone-and-count-down",
    nodes: 5,
    from: clusterOf({ mon: { count: 5 }, ...quickly }),
    before: leaveAlone,
    act: (world) => setSpec(world, { mon: { count: 3 } }),
    ends: "RemovingMon",
    wants: areMons("a", "b", "c", "d", "e"),
  },
  {
    name: "mon-makes-room",
    from: clusterOf(quickly),
    act: (world) => {
      const node = world.user.get(Node, { name: "node2" });
      if (node !== undefined) world.user.change(Node, node, (n) => annotated(n, brokenMonsAnnotation, "b"));
      for (const pod of world.user.list(Pod, namespace)) if (pod.metadata.labels?.["mon"] === "b") world.user.remove(Pod, pod);
    },
    wants: areMons("a", "c", "d"),
  },
  { name: "mon-restore-quorum", nodes: 5, from: clusterOf(), act: restoreQuorum, wants: areMons("a", "d", "e") },
  { name: "mon-endpoints-cut-by-hand", from: clusterOf(), act: nameFirstMonOnly, wants: areMons("a", "b", "c") },
];
