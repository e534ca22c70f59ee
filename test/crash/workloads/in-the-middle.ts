import { CephBlockPool } from "../../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { Deployment, Node, Pod } from "../../../src/kube/kinds.ts";
import { CephCluster } from "../../../src/schema/ceph-cluster.ts";
import { disksAnnotation, powerAnnotation } from "../../../src/simkube/controllers/nodes.ts";
import { type Child } from "../child.ts";
import { children, filesystemChild, poolOf } from "../children.ts";
import { type CrashWorld, clusterKey } from "../crash-world.ts";
import { breakMon } from "../silent-mons.ts";
import { smallCluster } from "../small-cluster.ts";
import { editObject, removeObject, setClusterSpec, withMetadata } from "../user-acts.ts";
import { memory, removeCluster, type Workload } from "../workload.ts";

const { namespace } = clusterKey;
const destroyed = { cleanupPolicy: { confirmation: "yes-really-destroy-data" } };

/** A user acts, once, in the moment in which a Deployment gets another template. */
function whenChanged(world: CrashWorld, name: string, act: () => void): void {
  const stop = world.sim.store.subscribe(({ kind }, { type, object, before }) => {
    if (kind !== Deployment.kind || type !== "modified" || object.metadata.name !== name) return;
    if (object.metadata.generation === before?.metadata.generation) return;
    stop();
    world.clock.after(0, act);
  });
}

/** Whether the mgr was changed once more depends on how far the operator had come. */
const mgrPod = /^(added|deleted) Pod rook-ceph\/rook-ceph-mgr-a$/;

/** A user deletes it in the moment in which Ceph has done the first of what a change asks for. */
const deletedInChange = (child: Child): Workload => ({
  name: `delete-${child.what}-in-the-middle-of-a-change`,
  nodes: 1,
  from: smallCluster(),
  before: (world) => {
    child.before(world);
    child.create(world);
  },
  act: (world) => {
    const stop = world.sim.ceph.intercept(({ prefix }, when) => {
      if (when !== "after" || !/^(auth caps|auth import|osd pool set|fs set|fs subvolumegroup (resize|pin))/.test(prefix)) return;
      stop();
      world.clock.after(0, () => child.remove(world));
    });
    child.change(world);
  },
  wants: child.isGone,
  mayDiffer: child.made,
});

const deletions: readonly Workload[] = [
  ...children.map(deletedInChange),
  {
    name: "delete-cluster-in-the-middle-of-an-update",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      whenChanged(world, "rook-ceph-mgr-a", () => removeCluster(world));
      setClusterSpec(world, { cephVersion: { image: "quay.io/ceph/ceph:v20.2.5" } });
    },
    ends: "gone",
    mayDiffer: mgrPod,
  },
  {
    name: "destroy-cluster-in-the-middle-of-an-update",
    nodes: 1,
    from: smallCluster(destroyed),
    act: (world) => {
      whenChanged(world, "rook-ceph-mgr-a", () => removeCluster(world));
      setClusterSpec(world, { cephVersion: { image: "quay.io/ceph/ceph:v20.2.5" } });
    },
    ends: "gone",
    wants: (world) => {
      const node = world.user.get(Node, { name: "node1" });
      const left = node === undefined ? [] : world.sim.disks.on(node).filter(({ content }) => content.type !== "empty");
      return left.length === 0 && world.sim.folders.on("node1").size === 0 ? undefined : "data is left on node1";
    },
    mayDiffer: mgrPod,
  },
  {
    name: "delete-cluster-while-mons-come",
    nodes: 3,
    from: smallCluster(),
    act: (world) => {
      const stop = world.sim.store.subscribe(({ kind }, { type, object }) => {
        if (kind !== Deployment.kind || type !== "added" || object.metadata.name !== "rook-ceph-mon-b") return;
        stop();
        world.clock.after(0, () => removeCluster(world));
      });
      setClusterSpec(world, { mon: { count: 3 } });
    },
    ends: "gone",
    mayDiffer: /^Ceph's monmap mons\.b\.|^Node node3 folders(\.|$)/,
  },
  {
    // the cluster waits for the file system, whose MDSs go on with the change meanwhile
    name: "delete-cluster-and-filesystem-in-the-middle-of-an-update",
    nodes: 1,
    from: smallCluster(),
    before: filesystemChild.create,
    act: (world) => {
      whenChanged(world, "rook-ceph-osd-0", () => {
        removeCluster(world);
        filesystemChild.remove(world);
      });
      setClusterSpec(world, { cephVersion: { image: "quay.io/ceph/ceph:v20.2.5" } });
    },
    ends: "gone",
    wants: (world) => (filesystemChild.isThere(world) ? "the CephFilesystem is still there" : undefined),
  },
  {
    name: "update-cluster-that-is-kept-from-going",
    nodes: 1,
    from: smallCluster(),
    before: (world) => void world.user.create(CephBlockPool, poolOf("images")),
    act: (world) => {
      removeCluster(world);
      setClusterSpec(world, { labels: { mgr: { team: "storage" } } });
      world.clock.after(60_000, () => removeObject(world, CephBlockPool, "images"));
    },
    ends: "gone",
  },
];

const annotateNode = (world: CrashWorld, name: string, annotation: string, value: string): void => {
  const node = world.user.get(Node, { name });
  if (node === undefined) throw new Error(`there is no ${name}`);
  world.user.change(Node, node, (it) => withMetadata(it, { annotations: { ...it.metadata.annotations, [annotation]: value } }));
};
const removePods = (world: CrashWorld, app: string): void => {
  for (const pod of world.user.list(Pod, namespace)) if (pod.metadata.labels?.["app"] === app) world.user.remove(Pod, pod);
};

/** Two things that fail at once, neither because of the other. */
const twoFailures: readonly Workload[] = [
  {
    name: "lose-a-disk-and-a-mgr",
    nodes: 2,
    from: smallCluster({ mgr: { count: 2 } }),
    act: (world) => {
      annotateNode(world, "node2", disksAnnotation, "");
      removePods(world, "rook-ceph-mgr");
      world.clock.after(60_000, () => annotateNode(world, "node2", disksAnnotation, "sdb"));
    },
  },
  {
    name: "lose-a-disk-and-the-mon",
    nodes: 1,
    disks: () => "sdb sdc",
    from: smallCluster(),
    act: (world) => {
      annotateNode(world, "node1", disksAnnotation, "sdb");
      removePods(world, "rook-ceph-mon");
      world.clock.after(60_000, () => annotateNode(world, "node1", disksAnnotation, "sdb sdc"));
    },
  },
  {
    // two of three mons: whoever of the two comes back first makes a quorum
    name: "lose-a-node-and-a-mons-data",
    nodes: 4,
    from: smallCluster({
      mon: { count: 3 },
      healthCheck: { daemonHealth: { mon: { timeout: "60s" } } },
      storage: { nodes: [1, 4].map((n) => ({ name: `node${n}`, devices: [{ name: "sdb" }] })) },
    }),
    act: (world) => {
      annotateNode(world, "node2", powerAnnotation, "off");
      breakMon(world, "node3", "c");
      for (const pod of world.user.list(Pod, namespace)) if (pod.metadata.labels?.["mon"] === "c") world.user.remove(Pod, pod, true);
      world.clock.after(60_000, () => annotateNode(world, "node2", powerAnnotation, "on"));
    },
    // until the second mon is replaced
    restForMs: 90_000,
    wants: (world) => {
      const mons = (world.sim.ceph.state()?.quorum ?? []).toSorted().join();
      return mons === "a,b,d" ? undefined : `in quorum are ${mons}`;
    },
  },
  {
    name: "lose-the-mds-and-the-mgr",
    nodes: 1,
    from: smallCluster(),
    before: filesystemChild.create,
    act: (world) => {
      removePods(world, "rook-ceph-mds");
      removePods(world, "rook-ceph-mgr");
    },
    wants: filesystemChild.isServed,
  },
  {
    name: "lose-an-osd-in-the-middle-of-a-change",
    nodes: 3,
    from: smallCluster(),
    act: (world) => {
      whenChanged(world, "rook-ceph-osd-0", () => {
        annotateNode(world, "node3", powerAnnotation, "off");
        world.clock.after(90_000, () => annotateNode(world, "node3", powerAnnotation, "on"));
      });
      setClusterSpec(world, { resources: { osd: memory("4Gi") } });
    },
    mayDiffer: /^(added|deleted) Pod rook-ceph\/rook-ceph-osd-/,
  },
  {
    // an edit of the spec and one of what it is made into
    name: "edit-cluster-and-its-deployment-at-once",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      editObject(world, CephCluster, clusterKey.name, (c) => ({ ...c, spec: { ...c.spec, labels: { mgr: { team: "storage" } } } }));
      removeObject(world, Deployment, "rook-ceph-mgr-a");
    },
    wants: (world) =>
      world.user.get(Deployment, { namespace, name: "rook-ceph-mgr-a" })?.spec?.template.metadata?.labels?.["team"] === "storage"
        ? undefined
        : "the mgr has not its label",
    // it may be made as it was before the edit is known
    mayDiffer: /^(added|deleted) Pod rook-ceph\/rook-ceph-mgr-a/,
  },
];

/** What comes in the middle of something else: a deletion in an update, and two failures at once. */
export const inTheMiddleWorkloads: readonly Workload[] = [...deletions, ...twoFailures];
