import { CephClient } from "../../../src/kinds/ceph-client/ceph-client.ts";
import { ConfigMap, Deployment, Job, Secret } from "../../../src/kube/kinds.ts";
import type { Kind, KubeObject } from "../../../src/kube/object.ts";
import { CephCluster } from "../../../src/schema/ceph-cluster.ts";
import type { FakeWrite } from "../../../src/simkube/api/fake-writes.ts";
import type { Child } from "../child.ts";
import { children, clientChild, clientOf } from "../children.ts";
import { type CrashWorld, clusterKey } from "../crash-world.ts";
import { justBefore } from "../just-before.ts";
import { smallCluster } from "../small-cluster.ts";
import { editObject, mustGet, setClusterSpec, withMetadata } from "../user-acts.ts";
import { notReady, removeCluster, type Workload } from "../workload.ts";

const { namespace } = clusterKey;
const otherFinalizer = "example.com/other-controller";

const writes =
  (kind: string, name: string, ...verbs: readonly FakeWrite["verb"][]) =>
  (write: FakeWrite): boolean =>
    write.kind === kind && write.name === name && write.subresource === undefined && verbs.includes(write.verb);

/** Another controller's finalizer comes while the operator is about to add or take away its own, and stays as long as that controller wants. */
const heldChild = (child: Child): Workload[] => [
  {
    name: `hold-${child.what}-while-it-is-taken`,
    nodes: 1,
    from: smallCluster(),
    before: (world) => child.before(world),
    act: (world) => {
      justBefore(world, writes(child.kind, child.name, "patch"), () => child.setHeld(world, true));
      child.create(world);
    },
    wants: (world) => (child.isHeld(world) ? child.isServed(world) : "another controller's finalizer is gone"),
  },
  {
    // the last of its own is done long before the other controller lets go
    name: `hold-${child.what}-that-is-deleted`,
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      child.before(world);
      child.create(world);
      child.setHeld(world, true);
    },
    act: (world) => {
      world.clock.after(60_000, () => letChildGo(world, child));
      child.remove(world);
    },
    wants: (world) => child.isGone(world),
  },
  {
    // whoever counts on what they saw puts the other's finalizer back
    name: `let-${child.what}-go-together`,
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      child.before(world);
      child.create(world);
      child.setHeld(world, true);
    },
    act: (world) => {
      justBefore(world, writes(child.kind, child.name, "patch"), () => letChildGo(world, child));
      child.remove(world);
    },
    wants: (world) => child.isGone(world),
  },
];

/** Throws where the other controller does not hold it any more, or it is gone: nobody else may have taken that away. */
function letChildGo(world: CrashWorld, child: Child): void {
  if (!child.isHeld(world)) throw new Error(`another controller's finalizer of ${child.kind} is gone`);
  child.setHeld(world, false);
}

const isHeldByOther = (world: CrashWorld): boolean =>
  world.user.get(CephCluster, clusterKey)?.metadata.finalizers?.includes(otherFinalizer) === true;
const holdCluster = (world: CrashWorld): void =>
  editObject(world, CephCluster, clusterKey.name, (c) =>
    withMetadata(c, { finalizers: [...(c.metadata.finalizers ?? []), otherFinalizer] }),
  );
const letClusterGo = (world: CrashWorld): void => {
  if (!isHeldByOther(world)) throw new Error("another controller's finalizer of the CephCluster is gone");
  editObject(world, CephCluster, clusterKey.name, (c) =>
    withMetadata(c, { finalizers: (c.metadata.finalizers ?? []).filter((each) => each !== otherFinalizer) }),
  );
};

const heldCluster: readonly Workload[] = [
  {
    name: "hold-cluster-that-is-deleted",
    nodes: 1,
    from: smallCluster(),
    before: holdCluster,
    act: (world) => {
      removeCluster(world);
      world.clock.after(60_000, () => letClusterGo(world));
    },
    ends: "gone",
  },
  {
    name: "let-cluster-go-together",
    nodes: 1,
    from: smallCluster(),
    before: holdCluster,
    act: (world) => {
      justBefore(world, writes(CephCluster.kind, clusterKey.name, "patch"), () => letClusterGo(world));
      removeCluster(world);
    },
    ends: "gone",
  },
];

/** Somebody marks an object in the moment in which the operator is about to write it: what is theirs stays. */
const marked = <T extends KubeObject>(world: CrashWorld, kind: Kind<T>, name: string): string | undefined =>
  world.user.get(kind, { namespace, name })?.metadata.annotations?.["example.com/mark"] === "theirs"
    ? undefined
    : `somebody else's mark of ${kind.kind} ${name} is gone`;
const mark = <T extends KubeObject>(world: CrashWorld, kind: Kind<T>, name: string): void =>
  editObject(world, kind, name, (object) =>
    withMetadata(object, { annotations: { ...object.metadata.annotations, "example.com/mark": "theirs" } }),
  );

const editedBetween: readonly Workload[] = [
  {
    name: "mark-endpoints-while-a-mon-comes",
    nodes: 3,
    from: smallCluster(),
    act: (world) => {
      justBefore(world, writes("ConfigMap", "rook-ceph-mon-endpoints", "apply", "update", "patch"), () =>
        mark(world, ConfigMap, "rook-ceph-mon-endpoints"),
      );
      setClusterSpec(world, { mon: { count: 3 } });
    },
    wants: (world) => marked(world, ConfigMap, "rook-ceph-mon-endpoints"),
  },
  {
    // the mons that are there are those that Ceph has, whatever somebody wrote
    name: "edit-endpoints-while-a-mon-comes",
    nodes: 3,
    from: smallCluster(),
    act: (world) => {
      justBefore(world, writes("ConfigMap", "rook-ceph-mon-endpoints", "apply", "update", "patch"), () =>
        editObject(world, ConfigMap, "rook-ceph-mon-endpoints", (map) => ({ ...map, data: { ...map.data, maxMonId: "7" } })),
      );
      setClusterSpec(world, { mon: { count: 3 } });
    },
    wants: (world) => (world.sim.ceph.state()?.quorum.length === 3 ? undefined : "there are not three mons"),
  },
  {
    name: "mark-deployment-while-it-is-changed",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      justBefore(world, writes("Deployment", "rook-ceph-mgr-a", "apply"), () => mark(world, Deployment, "rook-ceph-mgr-a"));
      setClusterSpec(world, { labels: { mgr: { team: "storage" } } });
    },
    wants: (world) => marked(world, Deployment, "rook-ceph-mgr-a"),
  },
  {
    name: "edit-deployment-while-it-is-changed",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      justBefore(world, writes("Deployment", "rook-ceph-mgr-a", "apply"), () =>
        editObject(world, Deployment, "rook-ceph-mgr-a", (d) => (d.spec === undefined ? d : { ...d, spec: { ...d.spec, replicas: 0 } })),
      );
      setClusterSpec(world, { labels: { mgr: { team: "storage" } } });
    },
    mayDiffer: /^(added|deleted) Pod rook-ceph\/rook-ceph-mgr-a/,
  },
  {
    name: "ask-for-more-while-the-cluster-is-told",
    nodes: 2,
    from: smallCluster(),
    act: (world) => {
      justBefore(
        world,
        ({ kind, subresource }) => kind === "CephCluster" && subresource === "status",
        () => setClusterSpec(world, { mgr: { count: 2 } }),
      );
      setClusterSpec(world, { labels: { mgr: { team: "storage" } } });
    },
    wants: (world) => (world.sim.ceph.state()?.mgrs.length === 2 ? undefined : "there are not two mgrs"),
    mayDiffer: /^(added|deleted) Pod rook-ceph\/rook-ceph-mgr-a/,
  },
  {
    // what is made anew because it seems to be gone has been made by somebody else
    name: "restore-keyring-while-it-is-made-anew",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      const secret = mustGet(world, Secret, "rook-ceph-mgr-a-keyring");
      const { metadata, ...rest } = secret;
      const { labels = {}, ownerReferences = [] } = metadata;
      justBefore(
        world,
        writes("Secret", "rook-ceph-mgr-a-keyring", "apply", "create"),
        () =>
          void world.user.create(Secret, { ...rest, metadata: { namespace, name: "rook-ceph-mgr-a-keyring", labels, ownerReferences } }),
      );
      world.user.remove(Secret, secret);
    },
  },
  {
    // somebody restores the identity of a cluster that they had, in the moment in which a new one is about to be written
    name: "restore-identity-while-one-is-made",
    nodes: 1,
    act: (world) => {
      justBefore(
        world,
        writes("Secret", "rook-ceph-mon", "create", "apply"),
        () =>
          void world.user.create(Secret, {
            apiVersion: "v1",
            kind: "Secret",
            type: "kubernetes.io/rook",
            metadata: { namespace, name: "rook-ceph-mon" },
            data: Object.fromEntries(Object.entries(theirIdentity).map(([key, value]) => [key, btoa(value)])),
          }),
      );
      world.user.create(CephCluster, smallCluster());
    },
    wants: (world) => (world.sim.ceph.state()?.fsid === theirIdentity.fsid ? undefined : "it is another cluster than the one restored"),
  },
  {
    // a Job of that name that somebody else has made meanwhile is not the one to be deleted
    name: "make-job-anew-while-it-is-deleted",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      justBefore(
        world,
        ({ kind, verb }) => kind === "Job" && verb === "delete",
        () => {
          const job = world.user.list(Job, namespace).find(({ metadata }) => metadata.name === "rook-ceph-osd-prepare-node1");
          if (job !== undefined) mark(world, Job, "rook-ceph-osd-prepare-node1");
        },
      );
      setClusterSpec(world, { storage: { nodes: [{ name: "node1", devices: [{ name: "sdb" }, { name: "sdc" }] }] } });
    },
    disks: () => "sdb sdc",
  },
  {
    // somebody's Secret has the name that a CephClient's is to have
    name: "take-name-of-secret-of-client",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      justBefore(
        world,
        writes("Secret", "rook-ceph-client-images", "apply", "create"),
        () =>
          void world.user.create(Secret, {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { namespace, name: "rook-ceph-client-images" },
            data: { theirs: btoa("theirs") },
          }),
      );
      clientChild.create(world);
    },
    wants: (world) => {
      const { data } = mustGet(world, Secret, "rook-ceph-client-images");
      const { status } = mustGet(world, CephClient, "images");
      const reason = status?.conditions?.find(({ type }) => type === "Ready")?.reason;
      if (data?.["theirs"] !== btoa("theirs") || data["userKey"] !== undefined) return "somebody's Secret is not as it was";
      return reason === "SecretTaken" ? undefined : `the CephClient says ${reason ?? "nothing"}`;
    },
  },
  {
    name: "ask-for-other-caps-while-the-client-is-told",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      justBefore(
        world,
        ({ kind, subresource }) => kind === "CephClient" && subresource === "status",
        () => editObject(world, CephClient, "images", (c) => ({ ...c, spec: { caps: { mon: "allow r" } } })),
      );
      world.user.create(CephClient, clientOf("images", { caps: { mon: "allow rw" } }));
    },
    wants: (world) =>
      notReady(world, CephClient, "images") ??
      (world.sim.ceph.state()?.entities.get("client.images")?.caps["mon"] === "allow r" ? undefined : "it has the caps of before"),
    // who is that late finds them as they are to be, or sets the ones of before once more
    mayDiffer: /^ceph auth (get-or-create|caps) .*entity=client\.images$/,
  },
];

const theirIdentity = {
  fsid: "7d0b5a1c-6f2e-4a55-9a0e-3f1c0c8f2b11",
  "mon-secret": "AQBkZWFkAAAAABAAdGhpcnR5LXR3byBieXRlcw==",
  "ceph-username": "client.admin",
  "ceph-secret": "AQBkZWFkAAAAABAAc2l4dGVlbi1ieXRlcyE=",
};

/** What others do between the operator's look and its write. */
export const betweenWorkloads: readonly Workload[] = [...children.flatMap(heldChild), ...heldCluster, ...editedBetween];
