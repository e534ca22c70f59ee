import { fullVersion, releaseName, type SimOsd, type SimState, stamp } from "./sim-state.ts";

/** Ids of the types of CRUSH buckets. */
export const bucketTypes: Readonly<Record<string, number>> = {
  host: 1,
  chassis: 2,
  rack: 3,
  row: 4,
  pdu: 5,
  pod: 6,
  room: 7,
  datacenter: 8,
  zone: 9,
  region: 10,
  root: 11,
};

/** Gives an OSD the lowest free id, as `osd new` does; the same uuid gets the same id. */
export function newOsd(state: SimState, uuid: string, as: { deviceClass: string; version: string }): SimOsd {
  const known = [...state.osds.values()].find((osd) => osd.uuid === uuid);
  if (known !== undefined) return known;
  let id = 0;
  while (state.osds.has(id)) id++;
  const osd: SimOsd = {
    id,
    uuid,
    up: false,
    in: false,
    upFrom: 0,
    downAt: 0,
    downStamp: 0,
    autoOut: false,
    location: [],
    pod: "",
    hostname: "",
    ...as,
  };
  state.osds.set(id, osd);
  return osd;
}

/** `osd dump`. */
export function osdMap(state: SimState): unknown {
  return {
    epoch: state.osdEpoch,
    fsid: state.fsid,
    created: stamp(state.createdAt),
    modified: stamp(state.osdsChangedAt),
    flags: [...state.osdFlags].sort().join(","),
    flags_set: [...state.osdFlags].sort(),
    full_ratio: state.osdRatios.full,
    backfillfull_ratio: state.osdRatios.backfillfull,
    nearfull_ratio: state.osdRatios.nearfull,
    pool_max: state.poolMax,
    max_osd: Math.max(-1, ...state.osds.keys()) + 1,
    require_min_compat_client: "luminous",
    min_compat_client: "jewel",
    require_osd_release: state.requireOsdRelease,
    pools: state.pools,
    osds: byId(state).map(osdEntry),
    crush_node_flags: Object.fromEntries([...state.crushNodeFlags].map(([name, flags]) => [name, [...flags].sort()])),
  };
}

function osdEntry(osd: SimOsd): unknown {
  const states = ["exists", ...(osd.up ? ["up"] : []), ...(osd.upFrom === 0 ? ["new"] : []), ...(osd.autoOut ? ["autoout"] : [])];
  return {
    osd: osd.id,
    uuid: osd.uuid,
    up: osd.up ? 1 : 0,
    in: osd.in ? 1 : 0,
    weight: osd.in ? 1 : 0,
    primary_affinity: 1,
    up_from: osd.upFrom,
    up_thru: osd.upFrom,
    down_at: osd.downAt,
    lost_at: 0,
    public_addrs: { addrvec: [] },
    state: states,
  };
}

/** `osd tree`: every bucket once, each before what it holds. */
export function osdTree(state: SimState): unknown {
  interface Node {
    id: number;
    name: string;
    type: string;
    type_id: number;
    children: number[];
  }
  const buckets = new Map<string, Node>();
  const bucket = (type: string, name: string): Node => {
    const node = buckets.get(name) ?? { id: -1 - buckets.size, name, type, type_id: bucketTypes[type] ?? 1, children: [] };
    buckets.set(name, node);
    return node;
  };
  bucket("root", "default");
  for (const osd of byId(state)) {
    let child = osd.id;
    for (const [type, name] of [...osd.location].sort(([a], [b]) => (bucketTypes[a] ?? 1) - (bucketTypes[b] ?? 1))) {
      const node = bucket(type, name);
      if (!node.children.includes(child)) node.children.push(child);
      child = node.id;
    }
  }
  const nodes = [...buckets.values()].sort((a, b) => b.type_id - a.type_id || b.id - a.id);
  const leaves = byId(state).map((osd) => ({ placed: osd.location.length > 0, node: leaf(osd) }));
  return {
    nodes: [...nodes, ...leaves.filter(({ placed }) => placed).map(({ node }) => node)],
    stray: leaves.filter(({ placed }) => !placed).map(({ node }) => node),
  };
}

function leaf(osd: SimOsd): unknown {
  return {
    id: osd.id,
    device_class: osd.deviceClass,
    name: `osd.${osd.id}`,
    type: "osd",
    type_id: 0,
    crush_weight: 0.0078,
    depth: osd.location.length,
    pool_weights: {},
    exists: 1,
    status: osd.up ? "up" : "down",
    reweight: osd.in ? 1 : 0,
    primary_affinity: 1,
  };
}

/** `osd metadata` of one OSD; only its id before it ran. */
export function osdMetadata(osd: SimOsd): unknown {
  if (osd.upFrom === 0) return { id: osd.id };
  return {
    id: osd.id,
    hostname: osd.hostname,
    ceph_release: releaseName(osd.version),
    ceph_version: fullVersion(osd.version),
    ceph_version_short: osd.version,
    default_device_class: osd.deviceClass,
    bluestore_bdev_size: String(8 * 1024 ** 3),
    osd_objectstore: "bluestore",
  };
}

function byId(state: SimState): SimOsd[] {
  return [...state.osds.values()].sort((a, b) => a.id - b.id);
}
