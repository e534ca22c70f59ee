import type { Ceph, CephCommandOptions } from "../ceph.ts";

/** A pool, as in `osd dump` and `osd pool ls detail`; the id is `pool` in the one and `pool_id` in the other. */
export interface PoolDetail {
  readonly pool?: number;
  readonly pool_id?: number;
  readonly pool_name: string;
  /** 1: replicated, 3: erasure coded. */
  readonly type: number;
  readonly size: number;
  readonly min_size: number;
  readonly crush_rule: number;
  readonly pg_num: number;
  readonly pg_num_target: number;
  readonly pg_autoscale_mode: string;
  readonly erasure_code_profile: string;
  readonly application_metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function poolDetails(ceph: Ceph, options?: CephCommandOptions): Promise<PoolDetail[]> {
  return ceph.command({ prefix: "osd pool ls", detail: "detail" }, options);
}
