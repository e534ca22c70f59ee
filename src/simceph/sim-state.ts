import type { ConfigSetting } from "../ceph/commands/config.ts";
import type { CrushRule } from "../ceph/commands/crush.ts";
import type { HealthStatus } from "../ceph/commands/health.ts";
import type { PoolDetail } from "../ceph/commands/pool.ts";
import type { SimFsMap } from "./sim-filesystem.ts";

/** Everything a simulated Ceph cluster knows. Times are milliseconds since 1970. */
export interface SimState {
  readonly fsid: string;
  /** Where its Pods are. */
  readonly namespace: string;
  /** What the daemons were last seen by; see `observe`. */
  seen: string;
  readonly createdAt: number;
  monEpoch: number;
  monsChangedAt: number;
  /** The monmap, by rank. */
  mons: SimMon[];
  /** Names of the mons in quorum; fewer than a majority: nobody answers. */
  quorum: string[];
  quorumSince: number;
  /** Stores of mons that have been in quorum: `node1 a`. */
  readonly monStores: Set<string>;
  electionEpoch: number;
  /** The major version that every mon in quorum had once: an older one cannot join any more. */
  minMonRelease: number;
  readonly monCiphers: Map<string, string>;
  readonly entities: Map<string, SimEntity>;
  readonly config: Map<string, ConfigSetting>;
  readonly configKeys: Map<string, string>;
  mgrEpoch: number;
  /** The active one first; then the standbys. */
  mgrs: SimMgr[];
  mgrActiveSince: number;
  readonly mgrModules: Set<string>;
  /** Passwords by user. */
  readonly dashboardUsers: Map<string, string>;
  osdEpoch: number;
  osdsChangedAt: number;
  /** When each epoch of the OSD map was made. */
  readonly osdEpochs: Map<number, number>;
  readonly osds: Map<number, SimOsd>;
  readonly osdFlags: Set<string>;
  /** Flags of CRUSH buckets and single OSDs, by name. */
  readonly crushNodeFlags: Map<string, ReadonlySet<string>>;
  readonly osdRatios: { full: number; backfillfull: number; nearfull: number };
  requireOsdRelease: string;
  /** Each is replaced when it changes. */
  readonly pools: SimPool[];
  /** The highest id that a pool ever had. */
  poolMax: number;
  readonly crushRules: CrushRule[];
  /** Erasure code profiles by name. */
  readonly erasureCodeProfiles: Map<string, Readonly<Record<string, string>>>;
  /** By pool's id: the keys of each object's omap, by the object's name, with its RADOS namespace before a slash. */
  readonly objects: Map<number, Map<string, readonly string[]>>;
  readonly fsMap: SimFsMap;
  readonly mutes: Map<string, { sticky: boolean; ttl?: string }>;
  /** Checks that a test has set. */
  readonly extraChecks: Map<string, SimHealthCheck>;
}

/** A pool, with what `osd pool set` knows beside the fields of its own. */
export interface SimPool extends PoolDetail {
  readonly pool: number;
  readonly options: Readonly<Record<string, string | number>>;
}

export interface SimMon {
  name: string;
  readonly host: string;
  /** Of the daemon that last ran under this address. */
  version: string;
}

export interface SimEntity {
  key: string;
  caps: Record<string, string>;
}

export interface SimMgr {
  readonly name: string;
  /** UID of the Pod that runs it. */
  readonly pod: string;
  readonly version: string;
}

export interface SimOsd {
  readonly id: number;
  readonly uuid: string;
  up: boolean;
  in: boolean;
  /** 0 before it first came up. */
  upFrom: number;
  downAt: number;
  /** When it last went down, in milliseconds since 1970; 0: never. */
  downStamp: number;
  /** It is out because it was down for long, and comes back in when it comes up. */
  autoOut: boolean;
  /** Places in CRUSH, highest first: `["root", "default"], ["host", "node1"]`; empty before it first came up. */
  location: [type: string, name: string][];
  deviceClass: string;
  /** UID of the Pod that last ran it; empty before it first came up. */
  pod: string;
  /** Of that Pod. */
  hostname: string;
  version: string;
}

export interface SimHealthCheck {
  readonly severity: Exclude<HealthStatus, "HEALTH_OK">;
  readonly message: string;
  readonly count?: number;
  readonly detail?: readonly string[];
}

/** How many of `count` mons are a quorum. */
export function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** `2026-11-23T09:30:56.711456Z`-like stamps of Ceph's maps, in its usual form. */
export function stamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000+0000");
}

const releases: Readonly<Record<string, string>> = { "17": "quincy", "18": "reef", "19": "squid", "20": "tentacle" };

/** The release's name of a version such as 20.2.4. */
export function releaseName(version: string): string {
  return releases[version.split(".")[0] ?? ""] ?? "unknown";
}

/** 20 of `tentacle`; undefined for a release that is not known. */
export function releaseMajor(release: string): number | undefined {
  const major = Object.keys(releases).find((each) => releases[each] === release);
  return major === undefined ? undefined : Number(major);
}

/** What a daemon of this version says of itself. */
export function fullVersion(version: string): string {
  return `ceph version ${version} (0000000000000000000000000000000000000000) ${releaseName(version)} (stable)`;
}

/** The value of a setting of everybody, as the daemons would see it. */
export function globalSetting(state: SimState, name: string, sections: readonly string[]): string | undefined {
  for (const section of [...sections, "global"]) {
    const setting = state.config.get(`${section}//${name}`);
    if (setting !== undefined) return setting.value;
  }
  return undefined;
}
