import { Secret } from "../../src/kube/kinds.ts";
import { hasQuorum } from "../../src/simceph/observe.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { SimFilesystem } from "../../src/simceph/sim-filesystem.ts";
import type { SimState } from "../../src/simceph/sim-state.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import type { Mask } from "./mask.ts";

type Shown = Readonly<Record<string, unknown>>;

/**
 * What Ceph has come to, by topic. Without a quorum only what its mons keep is shown: what was last known of what runs depends on who asked
 * last.
 */
export function cephEnd(sim: SimCluster, mask: Mask): Readonly<Record<string, Shown>> {
  const state = sim.ceph.state();
  if (state === undefined) return {};
  return { ...(hasQuorum(state) ? whatRuns(state, mask) : {}), ...whatIsKept(sim, state, mask) };
}

function whatRuns(state: SimState, mask: Mask): Readonly<Record<string, Shown>> {
  const [active, ...standbys] = state.mgrs;
  return {
    quorum: { mons: [...state.quorum].sort() },
    mgrs: {
      active: active === undefined ? "none" : `one of version ${active.version}`,
      names: state.mgrs.map(({ name }) => name).sort(),
      standbys: standbys.map(({ version }) => version),
    },
    osds: Object.fromEntries(
      [...state.osds.values()].map(({ id, uuid, up, in: isIn, version, deviceClass, location, hostname }) => [
        mask.placeOf(String(id)),
        { uuid, up, in: isIn, version, deviceClass, hostname, location: location.map(([type, name]) => `${type} ${name}`).join(", ") },
      ]),
    ),
    // which of them has which rank is chance
    mdss: {
      states: state.fsMap.mdss
        .map(({ version, state: its, filesystem, rank }) => `${version} ${its} ${filesystem ?? "of none"} rank ${rank}`)
        .sort(),
      names: state.fsMap.mdss.map(({ name }) => name).sort(),
    },
  };
}

function whatIsKept(sim: SimCluster, state: SimState, mask: Mask): Readonly<Record<string, Shown>> {
  const secret = typedStore(sim.store).get(Secret, { namespace: state.namespace, name: "rook-ceph-dashboard-password" });
  const written = Buffer.from(secret?.data?.["password"] ?? "", "base64").toString();
  const poolName = (id: number) => state.pools.find(({ pool }) => pool === id)?.pool_name ?? `pool ${id}, which is not there`;
  return {
    monmap: {
      mons: Object.fromEntries(state.mons.map(({ name, host, version }) => [name, { host, version }])),
      minMonRelease: state.minMonRelease,
    },
    ciphers: Object.fromEntries(state.monCiphers),
    modules: { enabled: [...state.mgrModules].sort() },
    dashboard: Object.fromEntries(
      [...state.dashboardUsers].map(([name, password]) => [name, password === written ? "the Secret's password" : "another password"]),
    ),
    entities: Object.fromEntries(
      [...state.entities].map(([entity, { caps }]) => [
        /^osd\.\d+$/.test(entity) ? `osd.<${mask.placeOf(entity.slice(4))}>` : entity,
        caps,
      ]),
    ),
    config: Object.fromEntries(
      [...state.config.values()].map(({ section, mask: where, name, value }) => [`${section}/${where}/${name}`, value]),
    ),
    configKeys: Object.fromEntries([...state.configKeys].map(([name, value]) => [name, value.length > 200 ? "a long value" : value])),
    flags: {
      osds: [...state.osdFlags].sort(),
      nodes: Object.fromEntries([...state.crushNodeFlags].map(([name, flags]) => [name, [...flags].sort()])),
    },
    osdmap: { requireOsdRelease: state.requireOsdRelease, ratios: state.osdRatios, osds: state.osds.size },
    pools: Object.fromEntries(
      state.pools.map(({ create_time: _created, crush_rule, ...pool }) => [
        pool.pool_name,
        {
          ...pool,
          crush_rule: state.crushRules.find(({ rule_id }) => rule_id === crush_rule)?.rule_name,
          objects: Object.fromEntries(state.objects.get(pool.pool) ?? []),
        },
      ]),
    ),
    crushRules: Object.fromEntries(
      state.crushRules.map(({ rule_name, type, steps }) => [
        rule_name,
        [type, ...steps.map(({ op, item_name, type: domain }) => `${op} ${item_name ?? domain ?? ""}`)].join(", "),
      ]),
    ),
    profiles: Object.fromEntries(state.erasureCodeProfiles),
    filesystems: Object.fromEntries([...state.fsMap.filesystems.values()].map((each) => [each.name, shownFilesystem(each, poolName)])),
    mutes: Object.fromEntries(state.mutes),
  };
}

function shownFilesystem(filesystem: SimFilesystem, poolName: (id: number) => string): Shown {
  const { id, maxMds, standbyCountWanted, allowStandbyReplay, joinable, ranks, stopped, metadataPool, dataPools } = filesystem;
  return {
    id,
    metadataPool: poolName(metadataPool),
    dataPools: dataPools.map(poolName),
    maxMds,
    standbyCountWanted,
    allowStandbyReplay,
    joinable,
    ranks: [...ranks.keys()],
    stopped: [...stopped],
    groups: Object.fromEntries(
      [...filesystem.groups].map(([group, { quota, pin, dataPool, subvolumes }]) => [
        group,
        { quota: quota ?? "infinite", pin, dataPool, subvolumes: [...subvolumes].sort() },
      ]),
    ),
    subvolumes: [...filesystem.subvolumes].sort(),
    snapshots: Object.fromEntries([...filesystem.snapshots].map(([subvolume, names]) => [subvolume, [...names].sort()])),
  };
}
