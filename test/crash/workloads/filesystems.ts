import { CephFilesystem } from "../../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { Deployment, Pod, Secret } from "../../../src/kube/kinds.ts";
import { forceDeletion } from "../../../src/resource/is-forced.ts";
import { CephCluster } from "../../../src/schema/ceph-cluster.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../crash-world.ts";
import { memory, notReady, type Workload } from "../workload.ts";

const { namespace } = clusterKey;
const key = { namespace, name: "myfs" };

type Server = CephFilesystem["spec"]["metadataServer"];

const filesystemOf = (server: Partial<Server> = {}): CephFilesystem => ({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystem",
  metadata: key,
  spec: {
    metadataPool: { replicated: { size: 3 } },
    dataPools: [{ name: "replicated", replicated: { size: 3 } }],
    metadataServer: { activeCount: 1, activeStandby: true, ...server },
  },
});
const create =
  (server: Partial<Server> = {}) =>
  (world: CrashWorld): void =>
    void world.user.create(CephFilesystem, filesystemOf(server));
const found = (world: CrashWorld): CephFilesystem => {
  const object = world.user.get(CephFilesystem, key);
  if (object === undefined) throw new Error("there is no CephFilesystem");
  return object;
};
const change = (world: CrashWorld, server: Partial<Server>): void =>
  void world.user.change(CephFilesystem, found(world), (filesystem) => ({
    ...filesystem,
    spec: { ...filesystem.spec, metadataServer: { ...filesystem.spec.metadataServer, ...server } },
  }));
const remove = (world: CrashWorld): void => world.user.remove(CephFilesystem, found(world));
const inCeph = (world: CrashWorld) => world.sim.ceph.state()?.fsMap.filesystems.get("myfs");
const mdss = (world: CrashWorld): string =>
  (world.sim.ceph.state()?.fsMap.mdss ?? [])
    .map(({ rank, state }) => `${rank} ${state}`)
    .sort()
    .join(", ");

/** Its ranks are served and followed as asked. */
const isServed =
  (ranks: number) =>
  (world: CrashWorld): string | undefined => {
    const wanted = Array.from({ length: ranks }, (_, rank) => [`${rank} active`, `${rank} standby-replay`])
      .flat()
      .join(", ");
    const missing = inCeph(world)?.groups.has("csi") === true ? undefined : "there is no group csi";
    return notReady(world, CephFilesystem, key.name) ?? (mdss(world) === wanted ? missing : `the MDSs are ${mdss(world)}`);
  };

/** A sentence where something of it is left. */
const isGone = (world: CrashWorld): string | undefined => {
  const state = world.sim.ceph.state();
  const left = [
    ...(world.user.get(CephFilesystem, key) === undefined ? [] : ["the CephFilesystem"]),
    ...(inCeph(world) === undefined ? [] : ["the file system"]),
    ...(state?.pools.some(({ pool_name }) => pool_name.startsWith("myfs")) === true ? ["a pool"] : []),
    ...([...(state?.entities.keys() ?? [])].some((entity) => entity.startsWith("mds.")) ? ["a key"] : []),
    ...([...(state?.config.values() ?? [])].some(({ section }) => section.startsWith("mds.")) ? ["a setting"] : []),
    ...(world.user.list(Deployment, namespace).some(({ metadata }) => metadata.labels?.["app"] === "rook-ceph-mds") ? ["an MDS"] : []),
    ...(world.user.list(Secret, namespace).some(({ metadata }) => metadata.name?.startsWith("rook-ceph-mds") === true) ? ["a Secret"] : []),
  ];
  return left.length === 0 ? undefined : `${left.join(" and ")} is still there`;
};

/** The Pod of the MDS that serves rank 0. */
const activePod = (world: CrashWorld): Pod => {
  const active = world.sim.ceph.state()?.fsMap.mdss.find(({ rank, state }) => rank === 0 && state === "active");
  const pod = world.user.list(Pod, namespace).find(({ metadata }) => metadata.labels?.["mds"] === active?.name);
  if (pod === undefined) throw new Error("no MDS is active");
  return pod;
};

/** Puts a subvolume into the group csi as soon as that is there. */
const fill = (world: CrashWorld): void => {
  const group = inCeph(world)?.groups.get("csi");
  if (group === undefined) world.clock.after(1_000, () => fill(world));
  else group.subvolumes.add("pvc-1");
};

/** Somebody protects it from those who use it. */
const takeDown = (world: CrashWorld): Promise<unknown> =>
  world.sim.ceph.admin().command({ prefix: "fs set", fs_name: key.name, var: "down", val: "true" });
/** Its user says that it may go with all that is in it. */
const letGo = (world: CrashWorld): void =>
  void world.user.change(CephFilesystem, found(world), (filesystem) => ({
    ...filesystem,
    metadata: { ...filesystem.metadata, annotations: { [forceDeletion]: "true" } },
  }));

const withTemplate: Partial<Server> = {
  resources: memory("2Gi"),
  annotations: { team: "storage" },
  priorityClassName: "system-cluster-critical",
};

/** A file system comes, is served by more and fewer, changes, and goes. */
export const filesystemWorkloads: readonly Workload[] = [
  { name: "create-filesystem", from: clusterOf(), act: create(), wants: isServed(1) },
  {
    name: "create-filesystem-without-standbys",
    from: clusterOf(),
    act: create({ activeStandby: false }),
    wants: (world) => notReady(world, CephFilesystem, key.name) ?? (mdss(world) === "0 active" ? undefined : `the MDSs are ${mdss(world)}`),
  },
  {
    name: "lose-the-active-mds",
    from: clusterOf(),
    before: create(),
    act: (world) => world.user.remove(Pod, activePod(world)),
    wants: isServed(1),
  },
  {
    name: "delete-deployment-of-mds",
    from: clusterOf(),
    before: create(),
    act: (world) => {
      const deployment = world.user.get(Deployment, { namespace, name: "rook-ceph-mds-myfs-a" });
      if (deployment !== undefined) world.user.remove(Deployment, deployment);
    },
    wants: isServed(1),
  },
  {
    name: "delete-keyring-of-mds",
    from: clusterOf(),
    before: create(),
    act: (world) => {
      const secret = world.user.get(Secret, { namespace, name: "rook-ceph-mds-myfs-a-keyring" });
      if (secret !== undefined) world.user.remove(Secret, secret);
    },
    wants: isServed(1),
  },
  { name: "one-rank-more", from: clusterOf(), before: create(), act: (world) => change(world, { activeCount: 2 }), wants: isServed(2) },
  {
    name: "one-rank-less",
    from: clusterOf(),
    before: create({ activeCount: 2 }),
    act: (world) => change(world, { activeCount: 1 }),
    wants: (world) =>
      isServed(1)(world) ??
      (world.user.get(Secret, { namespace, name: "rook-ceph-mds-myfs-c-keyring" }) === undefined &&
      world.sim.ceph.state()?.entities.has("mds.myfs-d") === false
        ? undefined
        : "an MDS that is not asked for has left its key"),
  },
  {
    // the first to be changed is one that stands by: while it is away, its rank has no follower
    name: "change-mds-template",
    from: clusterOf(),
    before: create(),
    act: (world) => change(world, withTemplate),
    wants: (world) =>
      isServed(1)(world) ??
      (world.sim.ceph.state()?.config.get("mds.myfs-a//mds_cache_memory_limit")?.value === "1717986918"
        ? undefined
        : "the MDS may keep something else in memory"),
  },
  {
    name: "upgrade-filesystem",
    from: clusterOf({ dashboard: { enabled: false }, crashCollector: { disable: true } }),
    before: create({ activeCount: 2 }),
    act: (world) => {
      const cluster = world.user.get(CephCluster, clusterKey);
      if (cluster !== undefined)
        world.user.change(CephCluster, cluster, (c) => ({
          ...c,
          spec: { ...c.spec, cephVersion: { image: "quay.io/ceph/ceph:v20.2.5" } },
        }));
    },
    wants: (world) =>
      isServed(2)(world) ??
      (world.sim.ceph.state()?.fsMap.mdss.every(({ version }) => version === "20.2.5") === true ? undefined : "an MDS is older"),
  },
  { name: "delete-filesystem", from: clusterOf(), before: create(), act: remove, wants: isGone },
  {
    name: "delete-filesystem-with-subvolumes",
    from: clusterOf(),
    before: (world) => {
      create()(world);
      fill(world);
    },
    act: (world) => {
      remove(world);
      world.clock.after(25_000, () => inCeph(world)?.groups.get("csi")?.subvolumes.clear());
    },
    wants: isGone,
  },
  {
    name: "delete-filesystem-that-is-down",
    from: clusterOf(),
    before: (world) => {
      create()(world);
      fill(world);
    },
    act: (world) => {
      remove(world);
      world.clock.after(5_000, () => void takeDown(world));
      world.clock.after(40_000, () => letGo(world));
    },
    wants: isGone,
  },
  {
    // nobody can say what is in it before an MDS serves it again; a look that comes soon is answered by one that is about to end
    name: "delete-filesystem-without-its-mdss",
    // … and who ends behind the keys' removal needs them again to ask
    mayDiffer: /^((added|deleted) (Deployment|Pod) rook-ceph\/rook-ceph-mds-myfs-|ceph auth (rm entity=mds\.myfs-|import mds\.myfs-))/,
    from: clusterOf(),
    before: create(),
    act: (world) => {
      for (const deployment of world.user.list(Deployment, namespace))
        if (deployment.metadata.labels?.["app"] === "rook-ceph-mds") world.user.remove(Deployment, deployment);
      remove(world);
    },
    wants: isGone,
  },
  {
    name: "delete-filesystem-and-create-it-again",
    from: clusterOf(),
    before: create(),
    act: (world) => {
      const stop = world.sim.store.subscribe((resource, { type }) => {
        if (resource.kind !== CephFilesystem.kind || type !== "deleted") return;
        stop();
        world.clock.after(3_000, () => create()(world));
      });
      remove(world);
    },
    wants: isServed(1),
  },
];
