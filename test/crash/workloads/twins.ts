import { CephBlockPool } from "../../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { CephClient } from "../../../src/kinds/ceph-client/ceph-client.ts";
import { CephFilesystem } from "../../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { CephFilesystemSubVolumeGroup } from "../../../src/kinds/ceph-filesystem-subvolume-group/subvolume-group.ts";
import type { Kind, KubeObject } from "../../../src/kube/object.ts";
import { clientOf, filesystemOf, groupOf, keyInSecret, onePool, poolOf } from "../children.ts";
import type { CrashWorld } from "../crash-world.ts";
import { smallCluster } from "../small-cluster.ts";
import { removeObject } from "../user-acts.ts";
import { notReady, type Workload } from "../workload.ts";

interface Twins<T extends KubeObject> {
  readonly what: string;
  readonly kind: Kind<T>;
  readonly before?: (world: CrashWorld) => void;
  /** Two objects for one thing, which ask for different things. */
  readonly older: T;
  readonly younger: T;
  /** What Ceph has of it; undefined: nothing. */
  readonly inCeph: (world: CrashWorld) => string | undefined;
  /** What that is as each of the two asks. */
  readonly asOlder: string;
  readonly asYounger: string;
}

/** Both are at it at once, and whoever is behind finds nothing more to take away. */
const atOnce = /^ceph (auth rm|osd (pool delete|crush rule rm)|fs subvolumegroup rm)/;

/** Two objects that name one thing in Ceph, of which one goes, and both, in either order. */
function twinWorkloads<T extends KubeObject>({ what, kind, before, older, younger, inCeph, asOlder, asYounger }: Twins<T>): Workload[] {
  const nameOf = (object: T) => object.metadata.name ?? "";
  const common = {
    nodes: 1,
    from: smallCluster(),
    before: (world: CrashWorld) => {
      before?.(world);
      world.user.create(kind, older);
      // ages are told in whole seconds
      world.clock.after(5_000, () => void world.user.create(kind, younger));
    },
  };
  const isLeft = (object: T, wanted: string) => (world: CrashWorld) => {
    const is = inCeph(world);
    return notReady(world, kind, nameOf(object)) ?? (is === wanted ? undefined : `in Ceph it is ${is ?? "not there"}, not ${wanted}`);
  };
  const isGone = (world: CrashWorld): string | undefined => {
    const left = [older, younger].filter(({ metadata }) =>
      world.user.get(kind, { namespace: metadata.namespace ?? "", name: metadata.name ?? "" }),
    );
    if (left.length > 0) return `${left.map(nameOf).join(" and ")} is still there`;
    return inCeph(world) === undefined ? undefined : "it is still in Ceph";
  };
  return [
    {
      ...common,
      name: `delete-the-older-${what}-of-two`,
      act: (world) => removeObject(world, kind, nameOf(older)),
      wants: isLeft(younger, asYounger),
    },
    {
      ...common,
      name: `delete-the-younger-${what}-of-two`,
      act: (world) => removeObject(world, kind, nameOf(younger)),
      wants: isLeft(older, asOlder),
    },
    {
      ...common,
      name: `delete-both-${what}s-the-older-first`,
      act: (world) => {
        removeObject(world, kind, nameOf(older));
        removeObject(world, kind, nameOf(younger));
      },
      wants: isGone,
      mayDiffer: atOnce,
    },
    {
      ...common,
      name: `delete-both-${what}s-the-younger-first`,
      act: (world) => {
        removeObject(world, kind, nameOf(younger));
        removeObject(world, kind, nameOf(older));
      },
      wants: isGone,
      mayDiffer: atOnce,
    },
  ];
}

const poolNamed = (world: CrashWorld, name: string) => world.sim.ceph.state()?.pools.find(({ pool_name }) => pool_name === name);

/** Two objects for one thing in Ceph: it stays as long as one of them is there, and is as that one asks. */
export const twinsWorkloads: readonly Workload[] = [
  ...twinWorkloads({
    what: "client",
    kind: CephClient,
    older: clientOf("older", { name: "images", caps: { mon: "allow r" } }),
    younger: clientOf("younger", { name: "images", caps: { mon: "allow rw" } }),
    inCeph: (world) => {
      const entity = world.sim.ceph.state()?.entities.get("client.images");
      const holders = ["older", "younger"].filter((name) => keyInSecret(world, name) === entity?.key);
      return entity === undefined ? undefined : `${entity.caps["mon"] ?? ""}, its key with ${holders.join(" and ")}`;
    },
    asOlder: "allow r, its key with older",
    asYounger: "allow rw, its key with younger",
  }),
  ...twinWorkloads({
    what: "pool",
    kind: CephBlockPool,
    older: poolOf("older", { ...onePool, name: ".nfs", quotas: { maxObjects: 1 } }),
    younger: poolOf("younger", { ...onePool, name: ".nfs", quotas: { maxObjects: 2 } }),
    inCeph: (world) => poolNamed(world, ".nfs")?.quota_max_objects.toString(),
    asOlder: "1",
    asYounger: "2",
  }),
  ...twinWorkloads({
    what: "subvolumegroup",
    kind: CephFilesystemSubVolumeGroup,
    before: (world) => void world.user.create(CephFilesystem, filesystemOf("myfs")),
    older: groupOf("older", { name: "team", quota: "1Gi" }),
    younger: groupOf("younger", { name: "team", quota: "2Gi" }),
    inCeph: (world) => {
      const group = world.sim.ceph.state()?.fsMap.filesystems.get("myfs")?.groups.get("team");
      return group === undefined ? undefined : `${(group.quota ?? 0) / 1024 ** 3} GiB`;
    },
    asOlder: "1 GiB",
    asYounger: "2 GiB",
  }),
  {
    // a pool that a file system and a CephBlockPool name: it is the file system's
    name: "delete-the-pool-that-a-filesystem-has",
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      world.user.create(CephFilesystem, filesystemOf("myfs"));
      world.clock.after(5_000, () => void world.user.create(CephBlockPool, poolOf("twin", { ...onePool, name: ".nfs" })));
      world.clock.after(5_000, () => void world.user.create(CephBlockPool, poolOf("myfs-data")));
    },
    act: (world) => removeObject(world, CephBlockPool, "myfs-data"),
    wants: (world) =>
      poolNamed(world, "myfs-data") === undefined ? "the file system has lost its pool" : notReady(world, CephFilesystem, "myfs"),
  },
  {
    name: "delete-one-of-two-filesystems",
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      world.user.create(CephFilesystem, filesystemOf("myfs"));
      world.clock.after(5_000, () => void world.user.create(CephFilesystem, filesystemOf("myfs-a")));
    },
    act: (world) => removeObject(world, CephFilesystem, "myfs"),
    wants: (world) => {
      const left = (world.sim.ceph.state()?.pools ?? [])
        .flatMap(({ pool_name }) => (pool_name.startsWith("myfs") ? [pool_name] : []))
        .sort()
        .join();
      return notReady(world, CephFilesystem, "myfs-a") ?? (left === "myfs-a-data,myfs-a-metadata" ? undefined : `the pools are ${left}`);
    },
  },
];
