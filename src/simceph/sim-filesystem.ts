/** The file systems of a simulated cluster, and the MDSs. Times are milliseconds since 1970. */
export interface SimFsMap {
  epoch: number;
  lastId: number;
  lastGid: number;
  severalAllowed: boolean;
  /** By name. */
  readonly filesystems: Map<string, SimFilesystem>;
  /** Those that run. */
  mdss: SimMds[];
  /** Ids of pools that an MDS has written to. */
  readonly usedPools: Set<number>;
}

export interface SimFilesystem {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  changedAt: number;
  readonly metadataPool: number;
  readonly dataPools: number[];
  /** 0: it is down. */
  maxMds: number;
  /** Before it went down. */
  oldMaxMds: number;
  /** Undefined: never set; it is 1 then, once a rank is served. */
  standbyCountWanted: number | undefined;
  allowStandbyReplay: boolean;
  joinable: boolean;
  /** The ranks that there are, with the gid of their MDS; undefined for one that has failed. */
  readonly ranks: Map<number, number | undefined>;
  /** Ranks that were and are no more. */
  readonly stopped: Set<number>;
  readonly groups: Map<string, SimGroup>;
  /** Subvolumes in no group. */
  readonly subvolumes: Set<string>;
  /** Names of snapshots by `group/subvolume`. */
  readonly snapshots: Map<string, Set<string>>;
}

export interface SimGroup {
  readonly createdAt: number;
  /** Bytes; undefined: as many as there is room for. */
  quota: number | undefined;
  dataPool: string;
  pin: string | undefined;
  readonly subvolumes: Set<string>;
}

export interface SimMds {
  /** Another one each time it starts, or is made a standby again. */
  gid: number;
  readonly name: string;
  /** Of its Pod. */
  readonly uid: string;
  readonly podIp: string;
  readonly version: string;
  state: "standby" | "standby-replay" | "creating" | "replay" | "active" | "stopping";
  /** What it serves or follows. */
  filesystem: string | undefined;
  /** -1: none. */
  rank: number;
  /** When it comes out of its state by itself. */
  until: number | undefined;
}

export function newFsMap(): SimFsMap {
  return { epoch: 1, lastId: 0, lastGid: 4200, severalAllowed: true, filesystems: new Map(), mdss: [], usedPools: new Set() };
}
