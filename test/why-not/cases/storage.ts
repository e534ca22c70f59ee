import { CephBlockPool } from "../../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { CephClient } from "../../../src/kinds/ceph-client/ceph-client.ts";
import { CephFilesystem } from "../../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import type { Kind, KubeObject } from "../../../src/kube/object.ts";
import { CephCluster } from "../../../src/schema/ceph-cluster.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../../crash/crash-world.ts";
import type { WhyNotCase } from "../why-not-case.ts";
import { changeObject, failAs, namespace, removeObject } from "./plant.ts";

type PoolSpec = CephBlockPool["spec"];

const tentacle = "quay.io/ceph/ceph:v20.2.4";
const name = "images";
const three: PoolSpec = { replicated: { size: 3 } };
const oneMon = { mon: { count: 1 } };

const tell =
  <T extends KubeObject>(kind: Kind<T>, of = name) =>
  (world: CrashWorld): KubeObject | undefined =>
    world.user.get(kind, { namespace, name: of });
const createPool = (world: CrashWorld, spec: PoolSpec, as = name): void =>
  void world.user.create(CephBlockPool, { apiVersion: "ceph.rook.io/v1", kind: "CephBlockPool", metadata: { namespace, name: as }, spec });
const changePool = (world: CrashWorld, spec: PoolSpec): void => changeObject(world, CephBlockPool, name, (pool) => ({ ...pool, spec }));
const createClient = (world: CrashWorld, secretName: string): void =>
  void world.user.create(CephClient, {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephClient",
    metadata: { namespace, name },
    spec: { caps: { mon: "profile rbd" }, secretName },
  });
const createFilesystem = (world: CrashWorld): void =>
  void world.user.create(CephFilesystem, {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephFilesystem",
    metadata: { namespace, name: "myfs" },
    spec: {
      metadataPool: { replicated: { size: 3 } },
      dataPools: [{ name: "replicated", replicated: { size: 3 } }],
      metadataServer: { activeCount: 1, activeStandby: true },
    },
  });

/** A pool that is asked for and cannot be, until it is asked for with three copies. */
const pool = (cause: string, spec: PoolSpec, values: Record<string, string> = {}): WhyNotCase => ({
  cause,
  told: tell(CephBlockPool),
  plant: (world) => createPool(world, spec),
  cure: (world) => changePool(world, three),
  values: { pool: name, ...values },
});

/** Causes that lie in pools, file systems and clients. */
export const storageCases: readonly WhyNotCase[] = [
  pool("a pool on a device class that no OSD has", { replicated: { size: 3 }, deviceClass: "nvme" }, { class: "nvme" }),
  {
    ...pool("a pool over a failure domain that is not there", { replicated: { size: 3 }, failureDomain: "rack" }, { domain: "rack" }),
    cure: (world) => changePool(world, { ...three, failureDomain: "host", enableCrushUpdates: true }),
  },
  pool("a pool below a CRUSH root that is not there", { replicated: { size: 3 }, crushRoot: "elsewhere" }, { root: "elsewhere" }),
  pool("more copies than failure domains", { replicated: { size: 4 } }, { copies: "4", domains: "3" }),
  {
    ...pool("more chunks than failure domains", { erasureCoded: { dataChunks: 4, codingChunks: 2 } }, { chunks: "6", domains: "3" }),
    incurable: "a pool keeps its chunks; hosts for as many take longer than a minute",
  },
  { ...pool("a pool of neither type", {}), values: {} },
  {
    cause: "a pool whose OSDs are down",
    told: tell(CephBlockPool),
    values: { pool: name },
    plant: (world) => {
      createPool(world, three);
      return failAs(world, { app: "osd" }, { type: "crash", exitCode: 1, message: "" });
    },
  },
  {
    cause: "a pool's object, and no CephCluster",
    isThereBefore: true,
    isWithoutCluster: true,
    told: tell(CephBlockPool),
    plant: (world) => createPool(world, three),
    cure: (world) => void world.user.create(CephCluster, clusterOf(oneMon)),
    values: { namespace },
  },
  {
    cause: "a pool's object before Ceph answers",
    isThereBefore: true,
    told: tell(CephBlockPool),
    spec: { ...oneMon, cephVersion: { image: "quay.io/ceph/ceph:nosuch" } },
    plant: (world) => createPool(world, three),
    cure: (world) =>
      changeObject(world, CephCluster, clusterKey.name, (c) => ({ ...c, spec: { ...c.spec, cephVersion: { image: tentacle } } })),
    values: { namespace },
  },
  {
    cause: "a pool that is to go and is not empty",
    told: tell(CephBlockPool),
    status: "True",
    condition: "DeletionIsBlocked",
    plant: (world) => {
      createPool(world, three);
      world.clock.after(20_000, () => {
        world.sim.ceph.setObject(name, "rbd_directory", ["id_1", "name_a"]);
        removeObject(world, CephBlockPool, name);
      });
    },
    incurable: "without them there is no pool any more",
    values: { pool: name, count: "1", images: "a" },
  },
  {
    cause: "a file system whose MDSs do not start",
    told: tell(CephFilesystem, "myfs"),
    plant: (world) => {
      const end = failAs(world, { app: "mds" }, { type: "crash", exitCode: 1, message: "" });
      createFilesystem(world);
      return end;
    },
    values: { filesystem: "myfs", mds: "myfs-a" },
  },
  {
    cause: "a client's Secret that is somebody else's",
    told: tell(CephClient),
    plant: (world) => createClient(world, "rook-ceph-mon"),
    cure: (world) =>
      changeObject(world, CephClient, name, (client) => ({ ...client, spec: { ...client.spec, secretName: "rook-ceph-client-images" } })),
    values: { secret: "rook-ceph-mon" },
  },
];
