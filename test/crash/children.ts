import { CephBlockPool } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { CephClient } from "../../src/kinds/ceph-client/ceph-client.ts";
import { CephFilesystem } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { CephFilesystemSubVolumeGroup } from "../../src/kinds/ceph-filesystem-subvolume-group/subvolume-group.ts";
import { Secret } from "../../src/kube/kinds.ts";
import { type Child, childOf } from "./child.ts";
import { type CrashWorld, clusterKey } from "./crash-world.ts";

const { namespace } = clusterKey;
const apiVersion = "ceph.rook.io/v1";

/** A pool that one OSD serves. */
export const onePool = { replicated: { size: 1, requireSafeReplicaSize: false } };

/** A CephClient. */
export const clientOf = (name: string, spec: CephClient["spec"]): CephClient => ({
  apiVersion,
  kind: "CephClient",
  metadata: { namespace, name },
  spec,
});
/** A CephBlockPool. */
export const poolOf = (name: string, spec: CephBlockPool["spec"] = onePool): CephBlockPool => ({
  apiVersion,
  kind: "CephBlockPool",
  metadata: { namespace, name },
  spec,
});
/** A CephFilesystem of one MDS. */
export const filesystemOf = (name: string, spec: Partial<CephFilesystem["spec"]> = {}): CephFilesystem => ({
  apiVersion,
  kind: "CephFilesystem",
  metadata: { namespace, name },
  spec: {
    metadataPool: onePool,
    dataPools: [{ name: "data", ...onePool }],
    metadataServer: { activeCount: 1, activeStandby: false },
    ...spec,
  },
});
/** A CephFilesystemSubVolumeGroup in the file system `myfs`. */
export const groupOf = (name: string, spec: Partial<CephFilesystemSubVolumeGroup["spec"]> = {}): CephFilesystemSubVolumeGroup => ({
  apiVersion,
  kind: "CephFilesystemSubVolumeGroup",
  metadata: { namespace, name },
  spec: { filesystemName: "myfs", quota: "10Gi", ...spec },
});

/** The key that the Secret of a CephClient holds. */
export function keyInSecret(world: CrashWorld, client: string): string {
  const secret = world.user.get(Secret, { namespace, name: `rook-ceph-client-${client}` });
  return Buffer.from(secret?.data?.["userKey"] ?? "", "base64").toString();
}

const filesystem = filesystemOf("myfs");

/** The user `client.images` and whether its Secret holds its key. */
const sayClient = (world: CrashWorld): string | undefined => {
  const entity = world.sim.ceph.state()?.entities.get("client.images");
  if (entity === undefined) return undefined;
  const ofItsKey = entity.key === keyInSecret(world, "images") ? "" : ", with another key in its Secret";
  return `mon: ${entity.caps["mon"] ?? ""}, osd: ${entity.caps["osd"] ?? ""}${ofItsKey}`;
};
const sayPool = (world: CrashWorld): string | undefined => {
  const pool = world.sim.ceph.state()?.pools.find(({ pool_name }) => pool_name === "images");
  return pool === undefined ? undefined : `of ${pool.quota_max_objects} objects`;
};
const sayFilesystem = (world: CrashWorld): string | undefined => {
  const state = world.sim.ceph.state();
  const found = state?.fsMap.filesystems.get("myfs");
  const left = [
    ...(state?.pools ?? []).flatMap(({ pool_name }) => (pool_name.startsWith("myfs-") ? [`pool ${pool_name}`] : [])),
    ...[...(state?.entities.keys() ?? [])].filter((entity) => entity.startsWith("mds.myfs-")),
  ];
  if (found === undefined) return left.length === 0 ? undefined : left.join(", ");
  const mdss = (state?.fsMap.mdss ?? []).filter((mds) => mds.filesystem === "myfs").map(({ rank, state: its }) => `${rank} ${its}`);
  return mdss.sort().join(", ");
};
const sayGroup = (world: CrashWorld): string | undefined => {
  const group = world.sim.ceph.state()?.fsMap.filesystems.get("myfs")?.groups.get("team");
  return group === undefined ? undefined : `${(group.quota ?? 0) / 1024 ** 3} GiB ${group.pin ?? ""}`;
};

export const clientChild = childOf({
  what: "client",
  kind: CephClient,
  object: clientOf("images", { caps: { mon: "profile rbd", osd: "profile rbd pool=images" } }),
  changed: (client) => ({ ...client, spec: { ...client.spec, caps: { mon: "allow r" } } }),
  made: /^(added|deleted) Secret rook-ceph\/rook-ceph-client-images$|^ceph auth (get-or-create|caps|rm) .*entity=client\.images$/,
  inCeph: sayClient,
  wanted: ["mon: profile rbd, osd: profile rbd pool=images", "mon: allow r, osd: "],
});
export const poolChild = childOf({
  what: "pool",
  kind: CephBlockPool,
  object: poolOf("images", { ...onePool, quotas: { maxObjects: 1000 } }),
  changed: (pool) => ({ ...pool, spec: { ...pool.spec, quotas: { maxObjects: 5 } } }),
  made: /^ceph osd (pool|crush rule) .*\b(pool|name)=images( |$)/,
  inCeph: sayPool,
  wanted: ["of 1000 objects", "of 5 objects"],
});
export const filesystemChild = childOf({
  what: "filesystem",
  kind: CephFilesystem,
  object: filesystem,
  changed: (object) => ({ ...object, spec: { ...object.spec, metadataServer: { activeCount: 1, activeStandby: true } } }),
  made: new RegExp(
    [
      /^(added|deleted) (Secret|Deployment|Pod) rook-ceph\/rook-ceph-mds-myfs-/,
      /^ceph fs (fail|new|rm|set) .*\bfs_name=myfs( |$)|^ceph fs subvolumegroup create group_name=csi /,
      /^ceph (auth (import|rm)|config (set|rm)) .*\bmds\.myfs-|^ceph osd (pool|crush rule) .*\b(pool|name)=myfs-/,
    ]
      .map(({ source }) => source)
      .join("|"),
  ),
  inCeph: sayFilesystem,
  wanted: ["0 active", "0 active, 0 standby-replay"],
});
export const groupChild = childOf({
  what: "subvolumegroup",
  kind: CephFilesystemSubVolumeGroup,
  object: groupOf("team"),
  before: (world) => void world.user.create(CephFilesystem, filesystem),
  changed: (group) => ({ ...group, spec: { ...group.spec, quota: "20Gi", pinning: { export: 0 } } }),
  made: /^ceph fs subvolumegroup (create|pin|resize|rm) .*\bgroup_name=team /,
  inCeph: sayGroup,
  wanted: ["10 GiB distributed=1", "20 GiB export=0"],
});

/** One of each kind that lives in a Ceph cluster. */
export const children: readonly Child[] = [clientChild, poolChild, filesystemChild, groupChild];
