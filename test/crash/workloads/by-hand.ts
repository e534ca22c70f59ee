import type { CephCommand } from "../../../src/ceph/ceph.ts";
import { CephBlockPool } from "../../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { clientChild, filesystemChild, groupChild, keyInSecret, onePool, poolChild, poolOf } from "../children.ts";
import type { CrashWorld } from "../crash-world.ts";
import { keyringKey } from "../keyring-key.ts";
import { smallCluster } from "../small-cluster.ts";
import { notReady, type Workload } from "../workload.ts";

/** Keys that are none of the operator's making. */
const anotherKey = "AQBkZWFkAAAAABAAYW5vdGhlci1rZXkhISEhIQ==";

/** Somebody changes Ceph with its own tools. */
const say = (world: CrashWorld, prefix: string, more: Partial<CephCommand> = {}): void => {
  world.clock.after(0, () => void world.sim.ceph.admin().command({ prefix, ...more }));
};
/** As `ceph auth rotate` does, or a key that was imported by hand. */
const rotate = (world: CrashWorld, entity: string): void => {
  const found = world.sim.ceph.state()?.entities.get(entity);
  if (found === undefined) throw new Error(`there is no ${entity}`);
  found.key = anotherKey;
};
const remove = (world: CrashWorld, entity: string): void => say(world, "auth rm", { entity });
const recap = (world: CrashWorld, entity: string): void => say(world, "auth caps", { entity, caps: ["mon", "allow r"] });
const capsOf = (world: CrashWorld, entity: string) => world.sim.ceph.state()?.entities.get(entity)?.caps;
const poolsOf = (world: CrashWorld): string =>
  (world.sim.ceph.state()?.pools ?? [])
    .map(({ pool_name }) => pool_name)
    .sort()
    .join();

/** The Secret of a daemon has Ceph's key. */
const hasCephsKey =
  (entity: string, secret: string, key?: string) =>
  (world: CrashWorld): string | undefined => {
    const [inCeph, inSecret] = [world.sim.ceph.state()?.entities.get(entity)?.key, keyringKey(world, secret, entity)];
    if (inCeph === undefined) return `${entity} is not in Ceph`;
    if (key !== undefined && inCeph !== key) return `${entity} has another key in Ceph than somebody gave it`;
    return inCeph === inSecret ? undefined : `Secret ${secret} has not Ceph's key`;
  };

const ofDaemons: readonly Workload[] = (
  [
    ["mgr", "mgr.a", "rook-ceph-mgr-a-keyring", undefined],
    ["mds", "mds.myfs-a", "rook-ceph-mds-myfs-a-keyring", filesystemChild],
  ] as const
).flatMap(([what, entity, secret, child]): Workload[] => {
  const ofChild = child === undefined ? {} : { before: child.create, onlyCephTells: "what somebody has changed of its users" };
  const common = { nodes: 1, from: smallCluster(), ...ofChild };
  return [
    {
      ...common,
      name: `rotate-key-of-${what}-by-hand`,
      act: (world) => rotate(world, entity),
      wants: hasCephsKey(entity, secret, anotherKey),
    },
    { ...common, name: `remove-key-of-${what}-by-hand`, act: (world) => remove(world, entity), wants: hasCephsKey(entity, secret) },
    {
      ...common,
      name: `change-caps-of-${what}-by-hand`,
      act: (world) => recap(world, entity),
      wants: (world) =>
        capsOf(world, entity)?.["mon"] === `allow profile ${what}` ? undefined : `${entity} has the caps that somebody gave it`,
    },
  ];
});

const ofClient: readonly Workload[] = [
  {
    name: "rotate-key-of-client-by-hand",
    nodes: 1,
    from: smallCluster(),
    before: clientChild.create,
    act: (world) => rotate(world, "client.images"),
    wants: (world) => (keyInSecret(world, "images") === anotherKey ? clientChild.isServed(world) : "the Secret has not the key that holds"),
  },
  {
    name: "remove-key-of-client-by-hand",
    nodes: 1,
    from: smallCluster(),
    before: clientChild.create,
    act: (world) => remove(world, "client.images"),
    wants: clientChild.isServed,
  },
  {
    name: "change-caps-of-client-by-hand",
    nodes: 1,
    from: smallCluster(),
    before: clientChild.create,
    act: (world) => recap(world, "client.images"),
    wants: clientChild.isServed,
  },
];

const options = { cephConfig: { global: { osd_pool_default_size: "2" } } };
const optionIs = (name: string, value: string) => (world: CrashWorld) => {
  const is = [...(world.sim.ceph.state()?.config.values() ?? [])].find((each) => each.section === "global" && each.name === name)?.value;
  return is === value ? undefined : `${name} is ${is ?? "not set"}`;
};

const ofCluster: readonly Workload[] = [
  {
    name: "remove-option-by-hand",
    nodes: 1,
    from: smallCluster(options),
    act: (world) => say(world, "config rm", { who: "global", name: "osd_pool_default_size" }),
    wants: optionIs("osd_pool_default_size", "2"),
  },
  {
    name: "change-option-by-hand",
    nodes: 1,
    from: smallCluster(options),
    act: (world) => say(world, "config set", { who: "global", name: "osd_pool_default_size", value: "1" }),
    wants: optionIs("osd_pool_default_size", "2"),
  },
  {
    // nobody but who set it knows what for
    name: "set-other-option-by-hand",
    nodes: 1,
    from: smallCluster(options),
    act: (world) => say(world, "config set", { who: "global", name: "osd_pool_default_min_size", value: "1" }),
    wants: optionIs("osd_pool_default_min_size", "1"),
  },
  {
    name: "disable-mgr-module-by-hand",
    nodes: 1,
    from: smallCluster(),
    act: (world) => say(world, "mgr module disable", { module: "prometheus" }),
    wants: (world) => (world.sim.ceph.state()?.mgrModules.has("prometheus") === true ? undefined : "the module is off"),
  },
];

const coded = { failureDomain: "osd", erasureCoded: { dataChunks: 2, codingChunks: 1 } };
const createPool = (spec: CephBlockPool["spec"]) => (world: CrashWorld) => void world.user.create(CephBlockPool, poolOf("images", spec));

const ofPools: readonly Workload[] = [
  {
    name: "change-quota-of-pool-by-hand",
    nodes: 1,
    from: smallCluster(),
    before: poolChild.create,
    act: (world) => say(world, "osd pool set-quota", { pool: "images", field: "max_objects", val: "7" }),
    wants: poolChild.isServed,
  },
  {
    name: "change-parameter-of-pool-by-hand",
    nodes: 1,
    from: smallCluster(),
    before: createPool({ ...onePool, parameters: { compression_mode: "aggressive" } }),
    act: (world) => say(world, "osd pool set", { pool: "images", var: "compression_mode", val: "force" }),
    wants: (world) => {
      const is = world.sim.ceph.state()?.pools.find(({ pool_name }) => pool_name === "images")?.options["compression_mode"];
      return is === "aggressive" ? undefined : `compression_mode is ${is ?? "not set"}`;
    },
  },
  {
    name: "change-size-of-pool-by-hand",
    nodes: 1,
    disks: () => "sdb sdc sdd",
    from: smallCluster(),
    before: createPool({ failureDomain: "osd", replicated: { size: 3 } }),
    act: (world) => say(world, "osd pool set", { pool: "images", var: "size", val: "2" }),
    wants: (world) => {
      const is = world.sim.ceph.state()?.pools.find(({ pool_name }) => pool_name === "images")?.size;
      return is === 3 ? undefined : `the pool's size is ${is ?? "nothing"}`;
    },
  },
  {
    // its data is in the pool of the other name, which is nobody's now and stays
    name: "rename-pool-by-hand",
    nodes: 1,
    from: smallCluster(),
    before: poolChild.create,
    act: (world) => {
      const pools = world.sim.ceph.state()?.pools ?? [];
      const at = pools.findIndex(({ pool_name }) => pool_name === "images");
      const found = pools[at];
      if (found !== undefined) pools[at] = { ...found, pool_name: "kept" };
    },
    wants: (world) => poolChild.isServed(world) ?? (poolsOf(world) === ".mgr,images,kept" ? undefined : `the pools are ${poolsOf(world)}`),
  },
  {
    name: "delete-pool-by-hand",
    nodes: 1,
    from: smallCluster(),
    before: poolChild.create,
    act: (world) => say(world, "osd pool delete", { pool: "images", pool2: "images", yes_i_really_really_mean_it: true }),
    wants: poolChild.isServed,
  },
  {
    name: "remove-profile-of-pool-by-hand",
    nodes: 1,
    disks: () => "sdb sdc sdd",
    from: smallCluster(),
    before: createPool(coded),
    // Ceph refuses that while a pool has it, and whoever has it gone has edited the map
    act: (world) => void world.sim.ceph.state()?.erasureCodeProfiles.delete("images_ecprofile"),
    wants: (world) => notReady(world, CephBlockPool, "images"),
  },
];

const ofFilesystems: readonly Workload[] = [
  {
    name: "change-ranks-of-filesystem-by-hand",
    nodes: 1,
    from: smallCluster(),
    before: filesystemChild.create,
    act: (world) => say(world, "fs set", { fs_name: "myfs", var: "max_mds", val: "2" }),
    wants: (world) => {
      const is = world.sim.ceph.state()?.fsMap.filesystems.get("myfs")?.maxMds;
      return is === 1 ? filesystemChild.isServed(world) : `it is to have ${is ?? "no"} ranks`;
    },
  },
  {
    name: "change-quota-of-subvolumegroup-by-hand",
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      groupChild.before(world);
      groupChild.create(world);
    },
    act: (world) => say(world, "fs subvolumegroup resize", { vol_name: "myfs", group_name: "team", new_size: "1" }),
    wants: groupChild.isServed,
  },
];

/** Each kind of object, with the daemons' Deployments and all, and Ceph changed behind the operator's back. */
export const byHandWorkloads: readonly Workload[] = [...ofDaemons, ...ofClient, ...ofCluster, ...ofPools, ...ofFilesystems].map(
  (workload) => ({
    ...workload,
    onlyCephTells: "what somebody has changed in it",
  }),
);
