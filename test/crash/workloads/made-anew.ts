import { CephCluster } from "../../../src/schema/ceph-cluster.ts";
import type { Child } from "../child.ts";
import { children } from "../children.ts";
import { type CrashWorld, clusterKey } from "../crash-world.ts";
import { justBefore } from "../just-before.ts";
import { smallCluster } from "../small-cluster.ts";
import { editObject, withMetadata } from "../user-acts.ts";
import { removeCluster, type Workload } from "../workload.ts";

/** When a user thinks better of an edit: the operator, which waits 20 ms for more changes, has just acted on it. */
const soonMs = 30;

/** A user makes it again in the very moment in which it is gone. */
function createWhenGone(world: CrashWorld, { kind, name }: { readonly kind: string; readonly name: string }, create: () => void): void {
  const stop = world.sim.store.subscribe((resource, { type, object }) => {
    if (resource.kind !== kind || type !== "deleted" || object.metadata.name !== name) return;
    stop();
    world.clock.after(200, create);
  });
}

/** Which number a pool or file system got depends on how far the one before had come. */
const numbers = /^(CephFilesystem|CephBlockPool) .* status\.(poolID|info\.id)$|^Ceph's (pools .*\.pool|filesystems .*\.id)$/;

const childWorkloads = (child: Child): Workload[] => [
  {
    name: `make-${child.what}-anew-at-once`,
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      child.before(world);
      child.create(world);
    },
    act: (world) => {
      createWhenGone(world, child, () => child.create(world));
      child.remove(world);
    },
    wants: child.isServed,
  },
  {
    // a pass that began with the old one may still be on its way
    name: `make-${child.what}-anew-within-a-pass`,
    nodes: 1,
    from: smallCluster(),
    before: child.before,
    act: (world) => {
      child.create(world);
      world.clock.after(10_000, () => {
        if (!child.isThere(world)) return;
        createWhenGone(world, child, () => {
          child.create(world);
          child.change(world);
        });
        child.remove(world);
      });
    },
    wants: child.isChanged,
    mayDiffer: new RegExp(`${child.made.source}|${numbers.source}`),
  },
  {
    // nobody holds it yet: it is gone at once
    name: `delete-${child.what}-before-it-is-held`,
    nodes: 1,
    from: smallCluster(),
    before: child.before,
    act: (world) => {
      justBefore(
        world,
        ({ verb, kind, subresource }) => verb === "patch" && kind === child.kind && subresource === undefined,
        () => child.remove(world),
      );
      child.create(world);
    },
    wants: child.isGone,
  },
  {
    name: `delete-${child.what}-in-its-first-pass`,
    nodes: 1,
    from: smallCluster(),
    before: child.before,
    act: (world) => {
      const stop = world.sim.store.subscribe((resource, { type, object }) => {
        if (resource.kind !== child.kind || type !== "modified" || object.metadata.name !== child.name) return;
        stop();
        world.clock.after(1, () => child.remove(world));
      });
      child.create(world);
    },
    wants: child.isGone,
    mayDiffer: child.made,
  },
  {
    name: `edit-${child.what}-and-undo-it`,
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      child.before(world);
      child.create(world);
    },
    act: (world) => {
      const before = child.spec(world);
      child.change(world);
      world.clock.after(soonMs, () => child.setSpec(world, before));
    },
    wants: child.isServed,
    mayDiffer: child.made,
  },
  {
    name: `edit-${child.what}-while-it-is-looked-at`,
    nodes: 1,
    from: smallCluster(),
    before: child.before,
    act: (world) => {
      justBefore(
        world,
        ({ kind, subresource }) => kind === child.kind && subresource === "status",
        () => child.change(world),
      );
      child.create(world);
    },
    wants: child.isChanged,
    mayDiffer: child.made,
  },
];

const destroyed = smallCluster({ cleanupPolicy: { confirmation: "yes-really-destroy-data" } });

/** Objects that are deleted and made again at once, or deleted before anybody has looked at them for long; specs that change twice at once. */
export const madeAnewWorkloads: readonly Workload[] = [
  ...children.flatMap(childWorkloads),
  {
    name: "make-cluster-anew-at-once",
    nodes: 1,
    from: destroyed,
    act: (world) => {
      createWhenGone(world, { kind: CephCluster.kind, name: clusterKey.name }, () => void world.user.create(CephCluster, destroyed));
      removeCluster(world);
    },
    // what the image holds may still be known from the Pod of the one before
    mayDiffer: /^((added|deleted) )?(Job|Pod) rook-ceph\/rook-ceph-detect-version$/,
  },
  {
    name: "delete-cluster-before-it-is-held",
    nodes: 1,
    act: (world) => {
      justBefore(
        world,
        ({ kind }) => kind === CephCluster.kind,
        () => removeCluster(world),
      );
      world.user.create(CephCluster, smallCluster());
    },
    ends: "gone",
  },
  {
    name: "delete-cluster-in-its-first-pass",
    nodes: 1,
    act: (world) => {
      const stop = world.sim.store.subscribe((resource, { type }) => {
        if (resource.kind !== CephCluster.kind || type !== "modified") return;
        stop();
        world.clock.after(1, () => removeCluster(world));
      });
      world.user.create(CephCluster, smallCluster());
    },
    ends: "gone",
    mayDiffer:
      /^(added|deleted) (Service rook-ceph\/rook-ceph-(mon-a|mgr)|ConfigMap rook-ceph\/rook-config-override|(Job|Pod) rook-ceph\/rook-ceph-detect-version)$/,
  },
  {
    name: "edit-cluster-and-undo-it",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      editObject(world, CephCluster, clusterKey.name, (c) => ({ ...c, spec: { ...c.spec, labels: { mgr: { team: "storage" } } } }));
      world.clock.after(soonMs, () =>
        editObject(world, CephCluster, clusterKey.name, (c) => {
          const { labels: _labels, ...spec } = c.spec;
          return { ...c, spec };
        }),
      );
    },
    mayDiffer: /^(added|deleted) Pod rook-ceph\/rook-ceph-mgr-a$/,
  },
  {
    name: "edit-cluster-twice-at-once",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      editObject(world, CephCluster, clusterKey.name, (c) => ({ ...c, spec: { ...c.spec, labels: { mgr: { team: "first" } } } }));
      world.clock.after(soonMs, () =>
        editObject(world, CephCluster, clusterKey.name, (c) => ({ ...c, spec: { ...c.spec, labels: { mgr: { team: "second" } } } })),
      );
    },
    mayDiffer: /^(added|deleted) Pod rook-ceph\/rook-ceph-mgr-a$/,
  },
  {
    // who counts on what they saw writes nothing over what others have written since
    name: "edit-cluster-while-it-is-looked-at",
    nodes: 1,
    act: (world) => {
      justBefore(
        world,
        ({ kind, verb, subresource }) => kind === CephCluster.kind && verb === "patch" && subresource === undefined,
        () =>
          editObject(world, CephCluster, clusterKey.name, (c) =>
            withMetadata(c, { labels: { team: "storage" }, finalizers: ["example.com/other-controller"] }),
          ),
      );
      world.user.create(CephCluster, smallCluster());
    },
    wants: (world) => {
      const { labels, finalizers = [] } = world.user.get(CephCluster, clusterKey)?.metadata ?? {};
      return labels?.["team"] === "storage" && finalizers.length === 2 ? undefined : `it is held by ${finalizers.join(", ") || "nobody"}`;
    },
  },
];
