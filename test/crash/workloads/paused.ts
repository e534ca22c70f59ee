import { Deployment } from "../../../src/kube/kinds.ts";
import { CephCluster } from "../../../src/schema/ceph-cluster.ts";
import type { Child } from "../child.ts";
import { children } from "../children.ts";
import { clusterKey } from "../crash-world.ts";
import { inThePause } from "../in-the-pause.ts";
import { smallCluster } from "../small-cluster.ts";
import { removeObject, setClusterSpec } from "../user-acts.ts";
import { removeCluster, type Workload } from "../workload.ts";

/** Without a pause the user does nothing of it. */
const mayDifferUnder = /^write:pause:/;

const childWorkloads = (child: Child): Workload[] => [
  {
    name: `delete-${child.what}-in-the-pause`,
    nodes: 1,
    from: smallCluster(),
    before: child.before,
    act: (world) => {
      inThePause(world, () => child.remove(world));
      child.create(world);
    },
    wants: child.isGone,
    mayDiffer: child.made,
    mayDifferUnder,
  },
  {
    name: `change-${child.what}-in-the-pause`,
    nodes: 1,
    from: smallCluster(),
    before: child.before,
    act: (world) => {
      inThePause(world, () => child.change(world));
      child.create(world);
    },
    wants: child.isChanged,
    mayDiffer: child.made,
    mayDifferUnder,
  },
];

/** What a user does while an operator stands still in the middle of a pass, and goes on later with what it knew. */
export const pausedWorkloads: readonly Workload[] = [
  ...children.flatMap(childWorkloads),
  {
    name: "delete-cluster-in-the-pause",
    nodes: 1,
    act: (world) => {
      inThePause(world, () => removeCluster(world));
      world.user.create(CephCluster, smallCluster());
    },
    ends: "gone",
    // … and whether Ceph ever came to be
    mayDiffer: /^(added|deleted) |^ceph |^disk node1|^Node node1 (folders|disks)|^Ceph's /,
    mayDifferUnder,
  },
  {
    name: "change-cluster-in-the-pause",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      inThePause(world, () => setClusterSpec(world, { labels: { mgr: { team: "second" } } }));
      setClusterSpec(world, { labels: { mgr: { team: "first" } } });
    },
    wants: (world) => {
      const mgr = world.user.get(Deployment, { namespace: clusterKey.namespace, name: "rook-ceph-mgr-a" });
      const is = mgr?.spec?.template.metadata?.labels?.["team"];
      return is === "second" ? undefined : `the mgr's label is ${is ?? "not there"}`;
    },
  },
  {
    name: "lose-deployment-in-the-pause",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      inThePause(world, () => removeObject(world, Deployment, "rook-ceph-mgr-a"));
      setClusterSpec(world, { labels: { mgr: { team: "storage" } } });
    },
  },
];
