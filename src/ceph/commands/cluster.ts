import type { Ceph, CephCommandOptions } from "../ceph.ts";
import type { HealthReport } from "./health.ts";

/** `ceph status`, as far as it is used. */
export interface CephStatus {
  readonly fsid: string;
  readonly health: HealthReport;
  /** Ranks of the mons in quorum. */
  readonly quorum: readonly number[];
  readonly quorum_names: readonly string[];
  /** Seconds since the last election. */
  readonly quorum_age: number;
  readonly monmap: { readonly epoch: number; readonly min_mon_release_name: string; readonly num_mons: number };
  readonly osdmap: {
    readonly epoch: number;
    readonly num_osds: number;
    readonly num_up_osds: number;
    readonly num_in_osds: number;
    readonly num_remapped_pgs: number;
  };
  readonly pgmap: {
    readonly pgs_by_state: readonly { readonly state_name: string; readonly count: number }[];
    readonly num_pgs: number;
    readonly num_pools: number;
    readonly num_objects: number;
    readonly data_bytes: number;
    readonly bytes_used: number;
    readonly bytes_avail: number;
    readonly bytes_total: number;
  };
  readonly mgrmap: {
    /** Whether there is an active mgr and it has loaded its modules. */
    readonly available: boolean;
    readonly num_standbys: number;
    readonly modules: readonly string[];
    readonly services: Readonly<Record<string, string>>;
  };
}

/** `ceph versions`: how many daemons of each type run which version; keys are what `parseCephVersion` reads. A type without daemons is absent. */
export interface CephVersions {
  readonly [type: string]: Readonly<Record<string, number>> | undefined;
  readonly overall: Readonly<Record<string, number>>;
}

export function clusterStatus(ceph: Ceph, options?: CephCommandOptions): Promise<CephStatus> {
  return ceph.command({ prefix: "status" }, options);
}

export function daemonVersions(ceph: Ceph, options?: CephCommandOptions): Promise<CephVersions> {
  return ceph.command({ prefix: "versions" }, options);
}
