import { CephBlockPool } from "../../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import type { SimPool } from "../../../src/simceph/sim-state.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../crash-world.ts";
import { notReady, removeCluster, type Workload } from "../workload.ts";

const { namespace } = clusterKey;
type Spec = CephBlockPool["spec"];

const poolOf = (spec: Spec, name = "images"): CephBlockPool => ({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephBlockPool",
  metadata: { name, namespace },
  spec,
});
const create =
  (spec: Spec, name = "images") =>
  (world: CrashWorld): void =>
    void world.user.create(CephBlockPool, poolOf(spec, name));
const found = (world: CrashWorld, name = "images"): CephBlockPool => {
  const object = world.user.get(CephBlockPool, { namespace, name });
  if (object === undefined) throw new Error(`there is no CephBlockPool ${name}`);
  return object;
};
const change = (world: CrashWorld, spec: Spec, name = "images"): void =>
  void world.user.change(CephBlockPool, found(world, name), (pool) => ({ ...pool, spec }));
const remove = (world: CrashWorld, name = "images"): void => world.user.remove(CephBlockPool, found(world, name));
const inCeph = (world: CrashWorld, name = "images"): SimPool | undefined =>
  world.sim.ceph.state()?.pools.find(({ pool_name }) => pool_name === name);
const rulesOf = (world: CrashWorld): string => (world.sim.ceph.state()?.crushRules ?? []).map(({ rule_name }) => rule_name).join();

/** A sentence where object or pool, or what the pool was built of, is left. */
const isGone = (world: CrashWorld): string | undefined => {
  const state = world.sim.ceph.state();
  const left = [
    ...(world.user.get(CephBlockPool, { namespace, name: "images" }) === undefined ? [] : ["the CephBlockPool"]),
    ...(inCeph(world) === undefined ? [] : ["the pool"]),
    ...(state?.crushRules.some(({ rule_name }) => rule_name.startsWith("images")) === true ? ["its rule"] : []),
    ...(state?.erasureCodeProfiles.has("images_ecprofile") === true ? ["its profile"] : []),
  ];
  return left.length === 0 ? undefined : `${left.join(" and ")} is still there`;
};
const isSo = (world: CrashWorld, so: boolean, otherwise: string): string | undefined =>
  notReady(world, CephBlockPool, "images") ?? (so ? undefined : otherwise);

/** Puts an image into the pool as soon as it is there. */
const fill = (world: CrashWorld, name = "images"): void => {
  if (inCeph(world, name) === undefined) world.clock.after(1_000, () => fill(world, name));
  else world.sim.ceph.setObject(name, "rbd_directory", ["id_1", "name_a"]);
};
const isFilled = (world: CrashWorld, name: string): boolean =>
  world.sim.ceph
    .state()
    ?.objects.get(inCeph(world, name)?.pool ?? -1)
    ?.has("rbd_directory") === true;

const rich: Spec = {
  replicated: { size: 3, targetSizeRatio: 0.5 },
  deviceClass: "hdd",
  parameters: { compression_mode: "aggressive", pg_num_min: "8", min_size: "1" },
  quotas: { maxSize: "10Gi", maxObjects: 1000 },
  enableRBDStats: true,
};
const coded: Spec = { erasureCoded: { dataChunks: 2, codingChunks: 1 } };
const plain: Spec = { replicated: { size: 3 } };

/** Pools come, change, move and go. */
export const poolWorkloads: readonly Workload[] = [
  {
    name: "create-pool",
    from: clusterOf(),
    act: create(rich),
    wants: (world) =>
      isSo(
        world,
        inCeph(world)?.min_size === 1 && inCeph(world)?.options["compression_mode"] === "aggressive",
        "the pool lacks its settings",
      ),
  },
  {
    name: "create-coded-pool",
    from: clusterOf(),
    act: create(coded),
    wants: (world) => isSo(world, inCeph(world)?.flags_names === "hashpspool,ec_overwrites", "the pool cannot be overwritten"),
  },
  {
    name: "change-pool",
    from: clusterOf(),
    before: create(rich),
    act: (world) =>
      change(world, {
        ...rich,
        replicated: { size: 2 },
        parameters: { compression_mode: "force", min_size: "2" },
        quotas: { maxSize: "0", maxObjects: 5 },
        enableRBDStats: false,
      }),
    wants: (world) => isSo(world, inCeph(world)?.size === 2 && inCeph(world)?.min_size === 2, "the pool has its old size"),
  },
  {
    name: "move-pool",
    from: clusterOf(),
    before: create(plain),
    act: (world) => change(world, { ...plain, failureDomain: "osd", enableCrushUpdates: true }),
    wants: (world) => isSo(world, rulesOf(world) === "replicated_rule,images_osd", `the rules are ${rulesOf(world)}`),
  },
  { name: "delete-pool", from: clusterOf(), before: create(rich), act: remove, wants: isGone },
  { name: "delete-coded-pool", from: clusterOf(), before: create(coded), act: remove, wants: isGone },
  {
    name: "delete-pool-with-images",
    from: clusterOf(),
    before: (world) => {
      create(plain)(world);
      fill(world);
    },
    act: (world) => {
      remove(world);
      world.clock.after(25_000, () => world.sim.ceph.setObject("images", "rbd_directory", []));
    },
    wants: isGone,
  },
  {
    // a view of the old one must not take the new one's pool
    name: "delete-pool-and-create-it-again",
    from: clusterOf(),
    before: create(plain),
    act: (world) => {
      const stop = world.sim.store.subscribe((resource, { type }) => {
        if (resource.kind !== CephBlockPool.kind || type !== "deleted") return;
        stop();
        world.clock.after(3_000, () => {
          create(plain)(world);
          fill(world);
        });
      });
      remove(world);
    },
    wants: (world) => isSo(world, inCeph(world) !== undefined, "the new pool is not there"),
  },
  {
    name: "take-over-the-mgr-pool",
    from: clusterOf(),
    act: create({ name: ".mgr", replicated: { size: 2 } }),
    wants: (world) => isSo(world, inCeph(world, ".mgr")?.size === 2, "the pool .mgr has its old size"),
  },
  {
    name: "leave-the-mgr-pool",
    from: clusterOf(),
    before: create({ name: ".mgr", replicated: { size: 2 } }),
    act: remove,
    wants: (world) => isGone(world) ?? (inCeph(world, ".mgr")?.size === 2 ? undefined : "the pool .mgr is not as it was left"),
  },
  {
    name: "delete-the-older-of-two-for-a-pool",
    from: clusterOf(),
    before: (world) => {
      create({ name: ".nfs", replicated: { size: 2 } }, "older")(world);
      fill(world, ".nfs");
      world.clock.after(5_000, () => create({ name: ".nfs", replicated: { size: 3 } })(world));
    },
    act: (world) => remove(world, "older"),
    wants: (world) =>
      isSo(world, inCeph(world, ".nfs")?.size === 3, "the pool is not as the younger asks") ??
      isSo(world, isFilled(world, ".nfs"), "what was in the pool is gone"),
  },
  {
    name: "delete-the-cluster-with-a-pool",
    from: clusterOf(),
    before: create(plain),
    act: (world) => {
      removeCluster(world);
      world.clock.after(15_000, () => remove(world));
    },
    ends: "gone",
  },
];
