import { CephFilesystem } from "../../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { CephFilesystemSubVolumeGroup } from "../../../src/kinds/ceph-filesystem-subvolume-group/subvolume-group.ts";
import { forceDeletion } from "../../../src/resource/is-forced.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../crash-world.ts";
import { notReady, type Workload } from "../workload.ts";

const { namespace } = clusterKey;
const key = { namespace, name: "team" };

type Spec = CephFilesystemSubVolumeGroup["spec"];

const filesystem: CephFilesystem = {
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystem",
  metadata: { namespace, name: "myfs" },
  spec: {
    metadataPool: { replicated: { size: 3 } },
    dataPools: [{ name: "replicated", replicated: { size: 3 } }],
    metadataServer: { activeCount: 1, activeStandby: true },
  },
};
const createFilesystem = (world: CrashWorld): void => void world.user.create(CephFilesystem, filesystem);
const create =
  (spec: Partial<Spec> = {}) =>
  (world: CrashWorld): void =>
    void world.user.create(CephFilesystemSubVolumeGroup, {
      apiVersion: "ceph.rook.io/v1",
      kind: "CephFilesystemSubVolumeGroup",
      metadata: key,
      spec: { filesystemName: "myfs", quota: "10Gi", ...spec },
    });
const both =
  (spec: Partial<Spec> = {}) =>
  (world: CrashWorld): void => {
    createFilesystem(world);
    create(spec)(world);
  };
const found = (world: CrashWorld): CephFilesystemSubVolumeGroup => {
  const object = world.user.get(CephFilesystemSubVolumeGroup, key);
  if (object === undefined) throw new Error("there is no CephFilesystemSubVolumeGroup");
  return object;
};
const remove = (world: CrashWorld): void => world.user.remove(CephFilesystemSubVolumeGroup, found(world));
const groups = (world: CrashWorld) => world.sim.ceph.state()?.fsMap.filesystems.get("myfs")?.groups;

/** The group has its quota, in GiB, and is spread as asked. */
const isServed =
  (name = "team", quota = 10, pin = "distributed=1") =>
  (world: CrashWorld): string | undefined => {
    const group = groups(world)?.get(name);
    const wanted = `${quota * 1024 ** 3} ${pin}`;
    const is = `${String(group?.quota)} ${String(group?.pin)}`;
    return notReady(world, CephFilesystemSubVolumeGroup, key.name) ?? (is === wanted ? undefined : `the group is ${is}, not ${wanted}`);
  };

const isGone = (world: CrashWorld): string | undefined =>
  world.user.get(CephFilesystemSubVolumeGroup, key) === undefined && groups(world)?.has("team") !== true
    ? undefined
    : "the CephFilesystemSubVolumeGroup or its group is still there";

/** A group of subvolumes comes, changes, is lost, and goes. */
export const subvolumeGroupWorkloads: readonly Workload[] = [
  { name: "create-subvolumegroup", from: clusterOf(), before: createFilesystem, act: create(), wants: isServed() },
  { name: "adopt-subvolumegroup-csi", from: clusterOf(), before: createFilesystem, act: create({ name: "csi" }), wants: isServed("csi") },
  {
    name: "change-subvolumegroup",
    from: clusterOf(),
    before: both(),
    act: (world) =>
      void world.user.change(CephFilesystemSubVolumeGroup, found(world), (group) => ({
        ...group,
        spec: { ...group.spec, quota: "20Gi", pinning: { export: 0 } },
      })),
    wants: isServed("team", 20, "export=0"),
  },
  {
    // how a group is spread cannot be asked: it must not be taken for that of the one before
    name: "lose-subvolumegroup",
    onlyCephTells: "somebody removes the group in Ceph",
    from: clusterOf(),
    before: both({ pinning: { export: 0 } }),
    act: (world) => void groups(world)?.delete("team"),
    wants: isServed("team", 10, "export=0"),
  },
  { name: "delete-subvolumegroup", from: clusterOf(), before: both(), act: remove, wants: isGone },
  {
    name: "delete-subvolumegroup-with-subvolumes",
    from: clusterOf(),
    before: both(),
    act: (world) => {
      groups(world)?.get("team")?.subvolumes.add("pvc-1");
      remove(world);
      world.clock.after(25_000, () => groups(world)?.get("team")?.subvolumes.clear());
    },
    wants: isGone,
  },
  {
    name: "delete-subvolumegroup-with-all-in-it",
    from: clusterOf(),
    before: both(),
    act: (world) => {
      groups(world)?.get("team")?.subvolumes.add("pvc-1").add("pvc-2");
      world.sim.ceph
        .state()
        ?.fsMap.filesystems.get("myfs")
        ?.snapshots.set("team/pvc-2", new Set(["snap-1"]));
      remove(world);
      world.clock.after(
        10_000,
        () =>
          void world.user.change(CephFilesystemSubVolumeGroup, found(world), (group) => ({
            ...group,
            metadata: { ...group.metadata, annotations: { [forceDeletion]: "true" } },
          })),
      );
    },
    wants: isGone,
  },
  {
    name: "delete-subvolumegroup-and-its-filesystem",
    from: clusterOf(),
    before: both(),
    act: (world) => {
      const object = world.user.get(CephFilesystem, { namespace, name: "myfs" });
      if (object !== undefined) world.user.remove(CephFilesystem, object);
      remove(world);
    },
    wants: (world) => isGone(world) ?? (groups(world) === undefined ? undefined : "the file system is still there"),
  },
  {
    name: "delete-subvolumegroup-and-create-it-again",
    from: clusterOf(),
    before: both(),
    act: (world) => {
      const stop = world.sim.store.subscribe((resource, { type }) => {
        if (resource.kind !== CephFilesystemSubVolumeGroup.kind || type !== "deleted") return;
        stop();
        world.clock.after(3_000, () => create()(world));
      });
      remove(world);
    },
    wants: isServed(),
  },
];
