import { Deployment, Node, Pod } from "../../../src/kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../../../src/schema/ceph-cluster.ts";
import { disksAnnotation, powerAnnotation } from "../../../src/simkube/controllers/nodes.ts";
import { cordon, drainNode } from "../../support/drain-node.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../crash-world.ts";
import type { Workload } from "../workload.ts";

const minute = 60_000;
/** Longer than anything here lasts without a change. */
const restForMs = 3 * minute;

/** Two disks in each node, so that a drain that begins with one OSD has more to come. */
const disks = () => "sdb sdc";

const drain = (world: CrashWorld, name: string) => drainNode(world.sim.store, world.clock, name, world.user);

/** A user drains a node, works on it, and gives it back. */
function maintain(world: CrashWorld, name: string, minutes: number): void {
  const work = drain(world, name);
  world.clock.after(minutes * minute, () => {
    work.stop();
    cordon(world.user, name, false);
  });
}

function changeSpec(world: CrashWorld, spec: CephClusterSpec): void {
  const cluster = world.user.get(CephCluster, clusterKey);
  if (cluster !== undefined) world.user.change(CephCluster, cluster, (c) => ({ ...c, spec: { ...c.spec, ...spec } }));
}

const manage = (managePodBudgets: boolean) => (world: CrashWorld) => changeSpec(world, { disruptionManagement: { managePodBudgets } });

/** A machine's Node object goes, with its Pods; after a while, if it is said, it comes back as it was. */
function loseNode(world: CrashWorld, name: string, backAfterMs?: number): void {
  const node = world.user.get(Node, { name });
  if (node === undefined) return;
  world.user.remove(Node, node, true);
  if (backAfterMs === undefined) return;
  world.clock.after(backAfterMs, () => {
    const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...metadata } = node.metadata;
    const back = world.user.create(Node, { apiVersion: "v1", kind: "Node", metadata, spec: {} });
    world.user.setStatus(Node, back, node.status);
  });
}

function annotate(world: CrashWorld, name: string, annotation: string, value: string): void {
  const node = world.user.get(Node, { name });
  if (node !== undefined)
    world.user.change(Node, node, (n) => ({
      ...n,
      metadata: { ...n.metadata, annotations: { ...n.metadata.annotations, [annotation]: value } },
    }));
}

/** Four OSDs are to be there in the end: a disk has become one. */
const hasFourOsds = (world: CrashWorld) =>
  world.user.list(Deployment, clusterKey.namespace).filter((d) => d.metadata.labels?.["app"] === "rook-ceph-osd").length === 4
    ? undefined
    : "the new disk has not become an OSD";

/** Drains, disks that come, and nodes that go and come back. */
export const nodeWorkloads: readonly Workload[] = [
  { name: "drain-a-node", disks, restForMs, from: clusterOf(), act: (world) => maintain(world, "node2", 2) },
  {
    name: "drain-two-nodes-at-once",
    // which drain gets how far before the other has to wait depends on who is faster
    mayDiffer:
      /^(added|deleted) (Pod|PodDisruptionBudget) rook-ceph\/rook-ceph-(osd|mon|mgr|crashcollector)|^(added|deleted) Deployment rook-ceph\/rook-ceph-crashcollector-node[23]$|^ceph osd (un)?set-group .*who=node[23]/,
    restForMs,
    from: clusterOf(),
    act: (world) => {
      maintain(world, "node2", 2);
      maintain(world, "node3", 4);
    },
  },
  {
    name: "drain-for-long",
    restForMs,
    from: clusterOf({ disruptionManagement: { managePodBudgets: true, osdMaintenanceTimeout: 1 } }),
    act: (world) => maintain(world, "node2", 3),
  },
  {
    name: "drain-without-budgets",
    restForMs,
    from: clusterOf(),
    act: (world) => {
      maintain(world, "node2", 2);
      world.clock.after(minute, () => manage(false)(world));
    },
  },
  {
    // mons that are to change, one of them off, and another one's Pod deleted: that one is restored first, as it was
    name: "change-mons-with-a-node-off-and-a-pod-deleted",
    restForMs,
    from: clusterOf(),
    act: (world) => {
      annotate(world, "node1", powerAnnotation, "off");
      world.clock.after(200, () => changeSpec(world, { resources: { mon: { requests: { memory: "2Gi" } } } }));
      world.clock.after(800, () => {
        const pod = world.user.list(Pod, clusterKey.namespace).find(({ metadata }) => metadata.labels?.["mon"] === "b");
        if (pod !== undefined) world.user.remove(Pod, pod);
      });
      world.clock.after(minute, () => annotate(world, "node1", powerAnnotation, "on"));
    },
  },
  {
    name: "disk-is-put-in",
    onlyCephTells: "nothing tells of a new disk: a node is looked at again when the last look is old enough",
    // each node is looked at again once, 24 to 30 minutes after the cluster was made, and the world rests before the next time
    deviceIntervalMs: 24 * minute,
    restForMs: 14 * minute,
    from: clusterOf(),
    act: (world) => {
      annotate(world, "node2", disksAnnotation, "sdb sdc");
      for (const minutes of [12, 22])
        world.clock.after(minutes * minute, () => annotate(world, "node1", "test/still-there", String(minutes)));
    },
    wants: hasFourOsds,
  },
  {
    name: "disk-is-put-in-while-the-node-is-off",
    restForMs: 2 * minute,
    from: clusterOf(),
    act: (world) => {
      annotate(world, "node2", powerAnnotation, "off");
      world.clock.after(minute, () => {
        annotate(world, "node2", disksAnnotation, "sdb sdc");
        annotate(world, "node2", powerAnnotation, "on");
      });
    },
    wants: hasFourOsds,
  },
  {
    name: "node-is-deleted",
    // who is out of quorum is written down when the quorum of the others has stood for a while
    restForMs: 30_000,
    // who hears late that the node is gone looks at its devices once more, with a Job that stays
    mayDiffer: /^((added|deleted) )?(Job|Pod) rook-ceph\/rook-ceph-osd-prepare-node2(-again)?$/,
    from: clusterOf(),
    act: (world) => loseNode(world, "node2"),
    ends: "MonFailoverBlocked",
  },
  { name: "node-is-deleted-and-comes-back", restForMs, from: clusterOf(), act: (world) => loseNode(world, "node2", minute) },
];
