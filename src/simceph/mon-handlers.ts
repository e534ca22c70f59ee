import { knowsAes256k, parseCephVersion } from "../ceph/ceph-version.ts";
import { hostPort, msgr1Port, msgr2Port } from "../ceph/mon-host.ts";
import { parseSeconds } from "./config-rules.ts";
import { changeMonMap } from "./observe.ts";
import { pgStates } from "./placement-groups.ts";
import { list, monVersion, refuse, type SimCall, type SimHandlers, text } from "./sim-command.ts";
import { healthOf } from "./sim-health.ts";
import { fullVersion, majority, releaseName, type SimMon, type SimState, stamp } from "./sim-state.ts";

const ciphers: readonly string[] = ["auth_service_cipher", "auth_allowed_ciphers", "auth_preferred_cipher"];

const GiB = 1024 ** 3;

/** Status, monmap, quorum, versions, health. */
export const monHandlers: Readonly<SimHandlers> = {
  status: (call) => status(call),
  fsid: ({ state }) => ({ fsid: state.fsid }),
  quorum_status: ({ state, now }) => ({
    election_epoch: state.electionEpoch,
    quorum: quorumRanks(state),
    quorum_names: state.quorum,
    quorum_leader_name: state.quorum[0] ?? "",
    quorum_age: quorumAge(state, now),
    features: { quorum_con: "4541880224203014143", quorum_mon: [] },
    monmap: monMap(state),
  }),
  "mon dump": ({ state }) => ({ ...monMap(state), quorum: quorumRanks(state) }),
  versions: ({ state }) => versions(state),
  "mon ok-to-stop": (call) => {
    const { state } = call;
    const ids = list(call, "ids");
    const left = state.quorum.filter((name) => !ids.includes(name));
    if (left.length >= majority(state.mons.length)) return "";
    throw refuse(call, "EBUSY", `not enough monitors would be available (${left.join(",")}) after stopping mons [${ids.join(",")}]`);
  },
  "mon rm": (call) => {
    const { state, now } = call;
    const name = text(call, "name");
    const kept = state.mons.filter((mon) => mon.name !== name);
    if (kept.length === state.mons.length) return "";
    if (kept.length === 0) throw refuse(call, "EINVAL", `error: refusing removal of last monitor ${name}`);
    state.mons = kept;
    state.quorum = state.quorum.filter((member) => member !== name);
    changeMonMap(state, now);
    return "";
  },
  "mon set": (call) => {
    const name = text(call, "name");
    const version = parseCephVersion(monVersion(call));
    if (version === undefined || !knowsAes256k(version)) throw refuse(call, "EINVAL", "unknown command mon set");
    // it says that the name is unknown, and that all is well
    if (!ciphers.includes(name)) return "";
    if (
      text(call, "value")
        .split(",")
        .some((cipher) => cipher !== "aes" && cipher !== "aes256k")
    )
      throw refuse(call, "EINVAL", "(22) Invalid argument");
    call.state.monCiphers.set(name, text(call, "value"));
    changeMonMap(call.state, call.now);
    return "";
  },
  health: ({ state, command }) => healthOf(state, command["detail"] === "detail"),
  "health mute": (call) => {
    const { command, now } = call;
    const ttl = command["ttl"] === undefined ? undefined : stamp(now + duration(call, text(call, "ttl")));
    const code = text(call, "code");
    const isRaised = code in (healthOf(call.state, false) as { checks: Record<string, unknown> }).checks;
    if (!isRaised && command["sticky"] !== true) throw refuse(call, "ENOENT", `health alert ${code} is not currently raised`);
    call.state.mutes.set(code, { sticky: command["sticky"] === true, ...(ttl === undefined ? {} : { ttl }) });
    return "";
  },
  "health unmute": (call) => {
    if (call.command["code"] === undefined) call.state.mutes.clear();
    else call.state.mutes.delete(text(call, "code"));
    return "";
  },
};

function status({ state, now }: SimCall): unknown {
  const osds = [...state.osds.values()];
  const up = osds.filter((osd) => osd.up);
  const total = up.length * 8 * GiB;
  return {
    fsid: state.fsid,
    health: healthOf(state, false),
    election_epoch: state.electionEpoch,
    quorum: quorumRanks(state),
    quorum_names: state.quorum,
    quorum_age: quorumAge(state, now),
    monmap: { epoch: state.monEpoch, min_mon_release_name: minRelease(state), num_mons: state.mons.length },
    osdmap: {
      epoch: state.osdEpoch,
      num_osds: osds.length,
      num_up_osds: up.length,
      num_in_osds: osds.filter((osd) => osd.in).length,
      num_remapped_pgs: 0,
    },
    pgmap: {
      pgs_by_state: pgStates(state),
      num_pgs: state.pools.reduce((sum, pool) => sum + pool.pg_num, 0),
      num_pools: state.pools.length,
      num_objects: 0,
      data_bytes: 0,
      bytes_used: 0,
      bytes_avail: total,
      bytes_total: total,
    },
    fsmap: fsSummary(state),
    mgrmap: {
      available: state.mgrs.length > 0,
      num_standbys: Math.max(0, state.mgrs.length - 1),
      modules: [...state.mgrModules].sort(),
      services: {},
    },
    servicemap: { epoch: 1, modified: stamp(state.createdAt), services: {} },
    progress_events: {},
  };
}

function fsSummary({ fsMap, createdAt }: SimState): unknown {
  const ranked = fsMap.mdss.filter(({ rank, state }) => rank >= 0 && state !== "standby-replay");
  const first = [...fsMap.filesystems.values()][0];
  return {
    epoch: fsMap.epoch,
    btime: stamp(createdAt),
    ...(first === undefined ? {} : { id: first.id, up: ranked.length, in: first.ranks.size, max: first.maxMds }),
    by_rank: ranked.map(({ filesystem, rank, name, state, gid }) => ({
      filesystem_id: fsMap.filesystems.get(filesystem ?? "")?.id,
      rank,
      name,
      status: `up:${state}`,
      gid,
    })),
    "up:standby": fsMap.mdss.filter(({ state }) => state === "standby").length,
  };
}

function quorumRanks(state: SimState): number[] {
  return state.mons.flatMap((mon, rank) => (state.quorum.includes(mon.name) ? [rank] : []));
}

function quorumAge(state: SimState, now: number): number {
  return Math.floor((now - state.quorumSince) / 1000);
}

/** The release that all mons have reached. */
function minRelease(state: SimState): string {
  return releaseName(String(state.minMonRelease));
}

function monMap(state: SimState): Record<string, unknown> {
  const ciphers = [...state.monCiphers].map(([name, value]) => {
    const parts = value.split(",").map((cipher) => ({ name: cipher, value: cipher === "aes" ? 1 : 2 }));
    return [name, name === "auth_allowed_ciphers" ? parts : parts[0]];
  });
  return {
    epoch: state.monEpoch,
    ...(Object.fromEntries(ciphers) as Record<string, unknown>),
    fsid: state.fsid,
    modified: stamp(state.monsChangedAt),
    created: stamp(state.createdAt),
    min_mon_release: state.minMonRelease,
    min_mon_release_name: minRelease(state),
    election_strategy: 1,
    mons: state.mons.map(monEntry),
  };
}

function monEntry(mon: SimMon, rank: number): unknown {
  const v1 = hostPort(mon.host, msgr1Port);
  const v2 = hostPort(mon.host, msgr2Port);
  return {
    rank,
    name: mon.name,
    public_addrs: {
      addrvec: [
        { type: "v2", addr: v2, nonce: 0 },
        { type: "v1", addr: v1, nonce: 0 },
      ],
    },
    addr: `${v1}/0`,
    public_addr: `${v1}/0`,
    priority: 0,
    weight: 0,
    crush_location: [],
  };
}

function versions(state: SimState): Record<string, Record<string, number>> {
  const running: [type: string, version: string][] = [
    ...state.mons.filter((mon) => state.quorum.includes(mon.name)).map((mon): [string, string] => ["mon", mon.version]),
    ...state.mgrs.map((mgr): [string, string] => ["mgr", mgr.version]),
    ...[...state.osds.values()].filter((osd) => osd.up).map((osd): [string, string] => ["osd", osd.version]),
    ...state.fsMap.mdss.map((mds): [string, string] => ["mds", mds.version]),
  ];
  const counts: Record<string, Record<string, number>> = {};
  const overall: Record<string, number> = {};
  for (const [type, version] of running) {
    const full = fullVersion(version);
    const ofType = (counts[type] ??= {});
    ofType[full] = (ofType[full] ?? 0) + 1;
    overall[full] = (overall[full] ?? 0) + 1;
  }
  return { ...counts, overall };
}

/** Milliseconds of `90s`, `1h`, `2d`… */
function duration(call: SimCall, value: string): number {
  const time = parseSeconds(value);
  if (typeof time !== "number") throw refuse(call, "EINVAL", `invalid duration: ${value} (${time.why})`);
  return time * 1000;
}
