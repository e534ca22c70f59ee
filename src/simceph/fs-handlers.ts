import { failRanks, isDegraded, preferenceOf, standbysFor } from "./mds.ts";
import { flagValue, list, refuse, type SimCall, type SimHandlers, text, wholeNumber } from "./sim-command.ts";
import type { SimFilesystem, SimMds } from "./sim-filesystem.ts";
import { fullVersion, type SimPool, type SimState, stamp } from "./sim-state.ts";

/** File systems and their MDSs. */
export const fsHandlers: Readonly<SimHandlers> = {
  "fs dump": ({ state }) => ({
    epoch: state.fsMap.epoch,
    default_fscid: [...state.fsMap.filesystems.values()][0]?.id ?? -1,
    feature_flags: { enable_multiple: state.fsMap.severalAllowed, ever_enabled_multiple: true },
    standbys: state.fsMap.mdss.filter((mds) => mds.state === "standby").map((mds) => infoOf(state, mds)),
    filesystems: [...state.fsMap.filesystems.values()].map((filesystem) => mapOf(state, filesystem)),
  }),
  "fs get": (call) => mapOf(call.state, known(call)),
  "fs ls": ({ state }) =>
    [...state.fsMap.filesystems.values()].map(({ name, metadataPool, dataPools }) => ({
      name,
      metadata_pool: poolById(state, metadataPool)?.pool_name ?? "",
      metadata_pool_id: metadataPool,
      data_pool_ids: dataPools,
      data_pools: dataPools.map((id) => poolById(state, id)?.pool_name ?? ""),
    })),
  "fs flag set": (call) => {
    const flag = text(call, "flag_name");
    if (flag !== "enable_multiple") throw refuse(call, "EINVAL", `Unknown flag '${flag}'`);
    call.state.fsMap.severalAllowed = flagValue(call, "val");
    return "";
  },
  "fs new": (call) => {
    const { state, now } = call;
    const { fsMap } = state;
    const name = text(call, "fs_name");
    if (name === "") throw refuse(call, "EINVAL", "Filesystem name may not be empty");
    const [metadata, data] = [poolNamed(call, text(call, "metadata")), poolNamed(call, text(call, "data"))];
    const there = fsMap.filesystems.get(name);
    if (there !== undefined) {
      if (there.metadataPool === metadata.pool && there.dataPools[0] === data.pool) return "";
      throw refuse(call, "EINVAL", `filesystem already exists with name '${name}'`);
    }
    if (fsMap.filesystems.size > 0 && !fsMap.severalAllowed) throw refuse(call, "EINVAL", "Creation of multiple filesystems is disabled.");
    for (const pool of [metadata, data]) checkNewPool(call, pool);
    if (metadata.type === 3) throw refuse(call, "EINVAL", `pool '${metadata.pool_name}' (id '${metadata.pool}') is an erasure-coded pool`);
    for (const pool of [metadata, data])
      if (fsMap.usedPools.has(pool.pool))
        throw refuse(call, "EINVAL", `pool '${pool.pool_name}' already contains some objects. Use an empty pool instead.`);
    if (data.type === 3)
      throw refuse(
        call,
        "EINVAL",
        `pool '${data.pool_name}' (id '${data.pool}') is an erasure-coded pool. Use of an EC pool for the default data pool is discouraged`,
      );
    fsMap.lastId += 1;
    fsMap.epoch += 1;
    fsMap.filesystems.set(name, {
      id: fsMap.lastId,
      name,
      createdAt: now,
      changedAt: now,
      metadataPool: metadata.pool,
      dataPools: [data.pool],
      maxMds: 1,
      oldMaxMds: 0,
      standbyCountWanted: undefined,
      allowStandbyReplay: false,
      joinable: true,
      ranks: new Map(),
      stopped: new Set(),
      groups: new Map(),
      subvolumes: new Set(),
      snapshots: new Map(),
    });
    tag(state, metadata, { metadata: name });
    tag(state, data, { data: name });
    return "";
  },
  "fs add_data_pool": (call) => {
    const filesystem = known(call);
    const pool = poolNamed(call, text(call, "pool"));
    const owner = ownerOf(call.state, pool.pool);
    if (isOfOthers(pool)) throw refuse(call, "EINVAL", `RADOS pool '${pool.pool_name}' has another non-CephFS application enabled.`);
    if (owner === undefined && pool.type === 3 && !pool.flags_names.includes("ec_overwrites"))
      throw refuse(call, "EINVAL", `pool '${pool.pool_name}' (id '${pool.pool}') is an erasure-coded pool, with no overwrite support`);
    if (owner !== undefined)
      throw refuse(
        call,
        "EINVAL",
        `RADOS pool '${pool.pool_name}' is already used by filesystem '${owner}' as a 'data' pool for application 'cephfs'`,
      );
    filesystem.dataPools.push(pool.pool);
    call.state.fsMap.epoch += 1;
    tag(call.state, pool, { data: filesystem.name });
    return "";
  },
  "fs set": (call) => {
    const filesystem = known(call);
    set(call, filesystem, text(call, "var"), text(call, "val"));
    filesystem.changedAt = call.now;
    call.state.fsMap.epoch += 1;
    return "";
  },
  "fs fail": (call) => {
    const filesystem = known(call);
    filesystem.joinable = false;
    filesystem.changedAt = call.now;
    failRanks(call.state, filesystem);
    call.state.fsMap.epoch += 1;
    return "";
  },
  "fs rm": (call) => {
    const { state, command } = call;
    const filesystem = state.fsMap.filesystems.get(text(call, "fs_name"));
    if (command["yes_i_really_mean_it"] !== true) throw refuse(call, "EPERM", "this is a DESTRUCTIVE operation");
    if (filesystem === undefined) return "";
    if (state.fsMap.mdss.some((mds) => mds.filesystem === filesystem.name))
      throw refuse(call, "EINVAL", "all MDS daemons must be inactive/failed before removing filesystem. See `ceph fs fail`.");
    state.fsMap.filesystems.delete(filesystem.name);
    state.fsMap.epoch += 1;
    return "";
  },
  "mds metadata": ({ state }) => state.fsMap.mdss.map(({ name, version }) => ({ name, ceph_version: fullVersion(version) })),
  "mds ok-to-stop": (call) => {
    const { state } = call;
    const ids = list(call, "ids");
    const filesystems = [...state.fsMap.filesystems.values()];
    if (filesystems.some((filesystem) => isDegraded(state, filesystem)))
      throw refuse(call, "EBUSY", "one or more filesystems is currently degraded");
    for (const filesystem of filesystems) {
      const ranked = state.fsMap.mdss.filter(
        (mds) => ids.includes(mds.name) && mds.filesystem === filesystem.name && mds.state !== "standby-replay",
      );
      const left = standbysFor(state, filesystem).filter((mds) => !ids.includes(mds.name));
      if (ranked.length > left.length)
        throw refuse(
          call,
          "EBUSY",
          `insufficent standby MDS daemons to stop active gids ${ranked.map(({ gid }) => gid).join(",")} and/or standby gids `,
        );
    }
    return "";
  },
};

/** Whether it is another application's. */
function isOfOthers({ application_metadata }: SimPool): boolean {
  return Object.keys(application_metadata).some((app) => app !== "cephfs");
}

/** Refuses a pool that another file system has, or that is another application's. */
function checkNewPool(call: SimCall, pool: SimPool): void {
  if (ownerOf(call.state, pool.pool) !== undefined)
    throw refuse(call, "EINVAL", `Filesystem '${text(call, "fs_name")}' is already using one of the specified RADOS pools.`);
  if (isOfOthers(pool)) throw refuse(call, "EINVAL", `RADOS pool '${pool.pool_name}' has another non-CephFS application enabled.`);
}

/** The file system that a pool is of; undefined: of none. */
export function ownerOf(state: SimState, pool: number): string | undefined {
  return [...state.fsMap.filesystems.values()].find(({ metadataPool, dataPools }) => metadataPool === pool || dataPools.includes(pool))
    ?.name;
}

function set(call: SimCall, filesystem: SimFilesystem, setting: string, value: string): void {
  switch (setting) {
    case "max_mds":
      if (wholeNumber(call, value) > 256) throw refuse(call, "EINVAL", "may not have more than 256 MDS ranks");
      if (Number(value) < 1) throw refuse(call, "EINVAL", "You must specify at least one MDS");
      if (asksTwice(call.state) && call.command["yes_i_really_mean_it"] !== true)
        throw refuse(call, "EPERM", "an MDS has a health warning, which max_mds may make worse; to go on, pass --yes-i-really-mean-it");
      filesystem.maxMds = Number(value);
      // as Ceph does: who says how many ranks there are gives it back
      filesystem.joinable = true;
      return;
    case "down":
      if (!flagValue(call, "val")) filesystem.maxMds = Math.max(filesystem.oldMaxMds, 1);
      else if (filesystem.maxMds > 0) Object.assign(filesystem, { oldMaxMds: filesystem.maxMds, maxMds: 0 });
      return;
    case "standby_count_wanted":
      if (wholeNumber(call, value) < 0) throw refuse(call, "ERANGE", "standby_count_wanted must be non-negative");
      filesystem.standbyCountWanted = Number(value);
      return;
    case "allow_standby_replay":
      filesystem.allowStandbyReplay = flagValue(call, "val");
      return;
    case "joinable":
      filesystem.joinable = flagValue(call, "val");
      return;
    default:
      throw refuse(call, "EINVAL", `unknown variable ${setting}`);
  }
}

/** Since 20.2, how many ranks there are is changed only by who is sure while an MDS tells of something. */
function asksTwice({ mons, extraChecks }: SimState): boolean {
  return (
    mons.every(({ version }) => Number(version.split(".")[0]) >= 20) && [...extraChecks.keys()].some((code) => code.startsWith("MDS_"))
  );
}

/** The file system that a command names; refused where there is none. */
function known(call: SimCall): SimFilesystem {
  const name = text(call, "fs_name");
  const filesystem = call.state.fsMap.filesystems.get(name);
  if (filesystem === undefined)
    throw refuse(call, "ENOENT", call.command.prefix === "fs get" ? `filesystem '${name}' not found` : `Filesystem not found: '${name}'`);
  return filesystem;
}

function poolNamed(call: SimCall, name: string): SimPool {
  const pool = call.state.pools.find(({ pool_name }) => pool_name === name);
  if (pool === undefined) throw refuse(call, "ENOENT", `pool '${name}' does not exist`);
  return pool;
}

const poolById = (state: SimState, id: number) => state.pools.find((pool) => pool.pool === id);

/** Says in the pool what it is for. */
function tag(state: SimState, pool: SimPool, what: Readonly<Record<string, string>>): void {
  const index = state.pools.indexOf(pool);
  const { application_metadata } = pool;
  state.pools[index] = {
    ...pool,
    application_metadata: { ...application_metadata, cephfs: { ...application_metadata["cephfs"], ...what } },
  };
}

function mapOf(state: SimState, filesystem: SimFilesystem): unknown {
  const { ranks } = filesystem;
  const mdss = state.fsMap.mdss.filter((mds) => mds.filesystem === filesystem.name);
  return {
    mdsmap: {
      epoch: state.fsMap.epoch,
      flags_state: {
        joinable: filesystem.joinable,
        allow_snaps: true,
        allow_multimds_snaps: true,
        allow_standby_replay: filesystem.allowStandbyReplay,
        refuse_client_session: false,
        refuse_standby_for_another_fs: false,
      },
      created: stamp(filesystem.createdAt),
      modified: stamp(filesystem.changedAt),
      max_mds: filesystem.maxMds,
      in: [...ranks.keys()].sort((a, b) => a - b),
      up: Object.fromEntries([...ranks].flatMap(([rank, gid]) => (gid === undefined ? [] : [[`mds_${rank}`, gid]]))),
      failed: [...ranks].flatMap(([rank, gid]) => (gid === undefined ? [rank] : [])),
      damaged: [],
      stopped: [...filesystem.stopped],
      info: Object.fromEntries(mdss.map((mds) => [`gid_${mds.gid}`, infoOf(state, mds)])),
      data_pools: filesystem.dataPools,
      metadata_pool: filesystem.metadataPool,
      enabled: true,
      fs_name: filesystem.name,
      standby_count_wanted: filesystem.standbyCountWanted ?? 0,
    },
    id: filesystem.id,
  };
}

function infoOf(state: SimState, mds: SimMds): unknown {
  return {
    gid: mds.gid,
    name: mds.name,
    rank: mds.rank,
    incarnation: 0,
    state: `up:${mds.state}`,
    addr: `${mds.podIp}:6801/${mds.gid}`,
    join_fscid: preferenceOf(state, mds)?.id ?? -1,
  };
}
