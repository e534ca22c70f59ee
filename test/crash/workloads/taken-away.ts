import { doNotReconcileLabel } from "../../../src/daemons/labels.ts";
import { CephBlockPool } from "../../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { CephClient } from "../../../src/kinds/ceph-client/ceph-client.ts";
import { CephFilesystem } from "../../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { CephFilesystemSubVolumeGroup } from "../../../src/kinds/ceph-filesystem-subvolume-group/subvolume-group.ts";
import { Deployment, Secret } from "../../../src/kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../../../src/schema/ceph-cluster.ts";
import { clientOf, filesystemOf, groupOf, keyInSecret, onePool, poolOf } from "../children.ts";
import { type CrashWorld, clusterKey } from "../crash-world.ts";
import { smallCluster } from "../small-cluster.ts";
import { editObject, mustGet, setClusterSpec, withMetadata } from "../user-acts.ts";
import { memory, notReady, type Workload } from "../workload.ts";

const { namespace } = clusterKey;

/** A field of the CephCluster's spec that was there from the beginning, and goes. */
const takeFromCluster = (what: string, spec: CephClusterSpec, wants: Workload["wants"], instead?: CephClusterSpec): Workload => ({
  name: `take-away-${what}`,
  nodes: 1,
  from: smallCluster(spec),
  act: (world) => setClusterSpec(world, { ...Object.fromEntries(Object.keys(spec).map((field) => [field, undefined])), ...instead }),
  ...(wants === undefined ? {} : { wants }),
});

/** All that a Pod's template takes from the spec, with a word in it that is found again. */
const marked = (component: "mon" | "mgr" | "osd"): CephClusterSpec => ({
  resources: { [component]: memory("2Gi") },
  labels: { [component]: { mark: "marked" } },
  annotations: { [component]: { mark: "marked" } },
  placement: { [component]: { tolerations: [{ key: "marked", operator: "Exists" }] } },
  priorityClassNames: { [component]: "system-cluster-critical" },
});

/** A sentence where a daemon's Deployment still has what the spec does not say any more. */
const unmarked =
  (name: string) =>
  (world: CrashWorld): string | undefined => {
    const text = JSON.stringify(mustGet(world, Deployment, name));
    const left = ["marked", '"2Gi"', "system-cluster-critical"].filter((word) => text.includes(word));
    return left.length === 0 ? undefined : `${name} still has ${left.join(", ")}`;
  };

const optionIn = (world: CrashWorld, section: string, name: string): string | undefined =>
  [...(world.sim.ceph.state()?.config.values() ?? [])].find((each) => each.section === section && each.name === name)?.value;

const clusterWorkloads: readonly Workload[] = [
  takeFromCluster("mon-template", marked("mon"), unmarked("rook-ceph-mon-a")),
  takeFromCluster("mgr-template", marked("mgr"), unmarked("rook-ceph-mgr-a")),
  takeFromCluster("osd-template", marked("osd"), unmarked("rook-ceph-osd-0")),
  // nothing else changes with it
  takeFromCluster("label-of-mgr", { labels: { mgr: { mark: "marked" } } }, unmarked("rook-ceph-mgr-a")),
  takeFromCluster("annotation-of-mgr", { annotations: { mgr: { mark: "marked" } } }, unmarked("rook-ceph-mgr-a")),
  takeFromCluster(
    "toleration-of-mgr",
    { placement: { mgr: { tolerations: [{ key: "marked", operator: "Exists" }] } } },
    unmarked("rook-ceph-mgr-a"),
  ),
  // the spec says so of itself: others may have set it as well
  takeFromCluster("ceph-config", { cephConfig: { global: { osd_pool_default_size: "2" } } }, (world) =>
    optionIn(world, "global", "osd_pool_default_size") === "2" ? undefined : "an option has gone that may be somebody else's",
  ),
  takeFromCluster("mgr-module", { mgr: { count: 1, modules: [{ name: "nfs", enabled: true }] } }, undefined, { mgr: { count: 1 } }),
  takeFromCluster("mgr-module-that-is-off", { mgr: { count: 1, modules: [{ name: "iostat", enabled: false }] } }, undefined, {
    mgr: { count: 1 },
  }),
  // whoever muted it: the spec no longer says
  takeFromCluster("mute", { healthCheck: { muteHealthWarning: { TOO_FEW_OSDS: { policy: "mute" } } } }, (world) =>
    world.sim.ceph.state()?.mutes.has("TOO_FEW_OSDS") === true ? undefined : "a mute has gone that may be somebody else's",
  ),
  takeFromCluster(
    "unmute",
    { healthCheck: { muteHealthWarning: { TOO_FEW_OSDS: { policy: "mute" } } } },
    (world) => (world.sim.ceph.state()?.mutes.has("TOO_FEW_OSDS") === true ? "the warning is still muted" : undefined),
    { healthCheck: { muteHealthWarning: { TOO_FEW_OSDS: { policy: "unmute" } } } },
  ),
  {
    name: "take-away-do-not-reconcile",
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      editObject(world, CephCluster, clusterKey.name, (c) => withMetadata(c, { labels: { [doNotReconcileLabel]: "true" } }));
      setClusterSpec(world, { labels: { mgr: { mark: "marked" } } });
    },
    act: (world) => editObject(world, CephCluster, clusterKey.name, (c) => withMetadata(c, { labels: {} })),
    wants: (world) => (unmarked("rook-ceph-mgr-a")(world) === undefined ? "what was asked for meanwhile has not been done" : undefined),
  },
];

const poolInCeph = (world: CrashWorld) => world.sim.ceph.state()?.pools.find(({ pool_name }) => pool_name === "images");

const takeFromPool = (
  what: string,
  spec: Partial<CephBlockPool["spec"]>,
  left: (pool: NonNullable<ReturnType<typeof poolInCeph>>, world: CrashWorld) => string | number | undefined,
  /** What the spec leaves out stays as it is in Ceph, since it may be somebody else's; but for what is the operator's alone. */
  stays = true,
): Workload => ({
  name: `take-away-${what}-of-pool`,
  nodes: 1,
  from: smallCluster(),
  before: (world) => void world.user.create(CephBlockPool, poolOf("images", { ...onePool, ...spec })),
  act: (world) => editObject(world, CephBlockPool, "images", (pool) => ({ ...pool, spec: onePool })),
  wants: (world) => {
    const pool = poolInCeph(world);
    const is = pool === undefined ? "no pool" : left(pool, world);
    const isThere = is !== undefined && is !== 0;
    const what = isThere ? `the pool still has ${is}` : "something has gone that may be somebody else's";
    return notReady(world, CephBlockPool, "images") ?? (isThere === stays ? undefined : what);
  },
});

const poolWorkloads: readonly Workload[] = [
  takeFromPool("quota", { quotas: { maxObjects: 1000 } }, (pool) => pool.quota_max_objects),
  takeFromPool("parameter", { parameters: { compression_mode: "aggressive" } }, (pool) => pool.options["compression_mode"]),
  takeFromPool("ratio", { replicated: { ...onePool.replicated, targetSizeRatio: 0.5 } }, (pool) => pool.options["target_size_ratio"]),
  takeFromPool("statistics", { enableRBDStats: true }, (_pool, world) => optionIn(world, "mgr", "mgr/prometheus/rbd_stats_pools"), false),
];

const childWorkloads: readonly Workload[] = [
  {
    name: "take-away-caps-of-client",
    nodes: 1,
    from: smallCluster(),
    before: (world) => void world.user.create(CephClient, clientOf("images", { caps: { mon: "profile rbd", osd: "allow rw" } })),
    act: (world) => editObject(world, CephClient, "images", (c) => ({ ...c, spec: { ...c.spec, caps: { mon: "profile rbd" } } })),
    wants: (world) =>
      notReady(world, CephClient, "images") ??
      (world.sim.ceph.state()?.entities.get("client.images")?.caps["osd"] === undefined ? undefined : "it may still use OSDs"),
  },
  {
    name: "take-away-remove-secret-of-client",
    nodes: 1,
    from: smallCluster(),
    before: (world) => void world.user.create(CephClient, clientOf("images", { caps: { mon: "allow r" }, removeSecret: true })),
    act: (world) => editObject(world, CephClient, "images", (c) => ({ ...c, spec: { caps: { mon: "allow r" } } })),
    wants: (world) =>
      world.sim.ceph.state()?.entities.get("client.images")?.key === keyInSecret(world, "images") ? undefined : "no Secret has its key",
  },
  {
    name: "take-away-secret-of-client",
    nodes: 1,
    from: smallCluster(),
    before: (world) => void world.user.create(CephClient, clientOf("images", { caps: { mon: "allow r" } })),
    act: (world) => editObject(world, CephClient, "images", (c) => ({ ...c, spec: { ...c.spec, removeSecret: true } })),
    wants: (world) =>
      world.user.get(Secret, { namespace, name: "rook-ceph-client-images" }) === undefined ? undefined : "its Secret is still there",
  },
  {
    name: "take-away-mds-template",
    nodes: 1,
    from: smallCluster(),
    before: (world) =>
      void world.user.create(
        CephFilesystem,
        filesystemOf("myfs", {
          metadataServer: {
            activeCount: 1,
            activeStandby: false,
            resources: memory("2Gi"),
            labels: { mark: "marked" },
            annotations: { mark: "marked" },
            placement: { tolerations: [{ key: "marked", operator: "Exists" }] },
            priorityClassName: "system-cluster-critical",
          },
        }),
      ),
    act: (world) => editObject(world, CephFilesystem, "myfs", (fs) => ({ ...fs, spec: filesystemOf("myfs").spec })),
    wants: (world) =>
      notReady(world, CephFilesystem, "myfs") ??
      unmarked("rook-ceph-mds-myfs-a")(world) ??
      (optionIn(world, "mds.myfs-a", "mds_cache_memory_limit") === undefined ? "a limit has gone that may be somebody else's" : undefined),
  },
  {
    name: "take-away-standby-of-filesystem",
    nodes: 1,
    from: smallCluster(),
    before: (world) =>
      void world.user.create(CephFilesystem, filesystemOf("myfs", { metadataServer: { activeCount: 1, activeStandby: true } })),
    act: (world) => editObject(world, CephFilesystem, "myfs", (fs) => ({ ...fs, spec: filesystemOf("myfs").spec })),
    wants: (world) => {
      const left = world.user.list(Deployment, namespace).filter(({ metadata }) => metadata.labels?.["app"] === "rook-ceph-mds");
      return notReady(world, CephFilesystem, "myfs") ?? (left.length === 1 ? undefined : `${left.length} MDSs are left`);
    },
  },
  {
    name: "take-away-quota-of-pool-of-filesystem",
    nodes: 1,
    from: smallCluster(),
    before: (world) =>
      void world.user.create(
        CephFilesystem,
        filesystemOf("myfs", { dataPools: [{ name: "data", ...onePool, quotas: { maxObjects: 1000 } }] }),
      ),
    act: (world) => editObject(world, CephFilesystem, "myfs", (fs) => ({ ...fs, spec: filesystemOf("myfs").spec })),
    wants: (world) => {
      const quota = world.sim.ceph.state()?.pools.find(({ pool_name }) => pool_name === "myfs-data")?.quota_max_objects;
      return notReady(world, CephFilesystem, "myfs") ?? (quota === 1000 ? undefined : "a quota has gone that may be somebody else's");
    },
  },
  {
    name: "take-away-quota-and-pin-of-subvolumegroup",
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      world.user.create(CephFilesystem, filesystemOf("myfs"));
      world.user.create(CephFilesystemSubVolumeGroup, groupOf("team", { pinning: { export: 0 } }));
    },
    act: (world) => editObject(world, CephFilesystemSubVolumeGroup, "team", (group) => ({ ...group, spec: { filesystemName: "myfs" } })),
    wants: (world) => {
      const group = world.sim.ceph.state()?.fsMap.filesystems.get("myfs")?.groups.get("team");
      const is = `${group?.quota ?? "infinite"} ${group?.pin ?? ""}`;
      return notReady(world, CephFilesystemSubVolumeGroup, "team") ?? (is === "infinite distributed=1" ? undefined : `the group is ${is}`);
    },
  },
];

/** Settings that were there, and are taken away again: in the end it is as if they had never been. */
export const takenAwayWorkloads: readonly Workload[] = [...clusterWorkloads, ...poolWorkloads, ...childWorkloads];
