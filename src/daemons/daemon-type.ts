import type { SettingFields } from "./diagnosis/setting-fields.ts";

/**
 * One type of Ceph daemon: what is the same for each daemon of it. Each kind has the rows of its own daemons, and `kinds/index.ts` makes one table
 * of them; what is below the kinds knows none by name.
 *
 * @example const mdsType: DaemonType = { type: "mds", app: "rook-ceph-mds", updateTurn: 4, selector: (id) => ({ ceph_daemon_id: id, mds: id }), … };
 */
export interface DaemonType {
  /** Ceph's own word: `mon`. */
  readonly type: string;
  /** Value of the label `app` of its Deployments and Pods. */
  readonly app: string;
  /** Its place in an update: daemons change when all daemons of lower turns have. */
  readonly updateTurn: number;
  /** Labels of one daemon that its selector uses, beside `app` and `rook_cluster`; they never change. */
  readonly selector: (id: string, namespace: string) => Readonly<Record<string, string>>;
  /** Its Ceph user, such as `client.rgw.store.a`; where absent, `mon.a` of mon a. */
  readonly user?: (id: string) => string;
  /** What its Ceph user may do, by the type of daemon that it asks; absent where Ceph itself says it, as for OSDs. */
  readonly caps?: Readonly<Record<string, string>>;
  /** What its probes ask its admin socket. */
  readonly question: string;
  /** How often its startup probe, each 5 s, may fail before the daemon is restarted. */
  readonly startupFailures: number;
  /** Where a user sets what its Pods get. */
  readonly fields: SettingFields;
}

/** A row that says what its Ceph user may do. */
export type CappedDaemonType = DaemonType & Required<Pick<DaemonType, "caps">>;

/** Rows in the order of an update. */
export function inUpdateOrder(types: readonly DaemonType[]): readonly DaemonType[] {
  return types.toSorted((a, b) => a.updateTurn - b.updateTurn);
}
