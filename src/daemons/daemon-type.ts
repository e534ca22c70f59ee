import type { SettingFields } from "./diagnosis/setting-fields.ts";

/**
 * One type of Ceph daemon: what is the same for each daemon of it. Each kind has the rows of its own daemons; what is below the kinds knows none
 * by name.
 *
 * @example const mdsType: DaemonType = { type: "mds", app: "rook-ceph-mds", selector: (id) => ({ ceph_daemon_id: id, mds: id }), … };
 */
export interface DaemonType {
  /** Ceph's own word: `mon`. */
  readonly type: string;
  /** Value of the label `app` of its Deployments and Pods. */
  readonly app: string;
  /** Labels of one daemon that its selector uses, beside `app` and `rook_cluster`; they never change. */
  readonly selector: (id: string, namespace: string) => Readonly<Record<string, string>>;
  /** What its probes ask its admin socket. */
  readonly question: string;
  /** How often its startup probe, each 5 s, may fail before the daemon is restarted. */
  readonly startupFailures: number;
  /** Where a user sets what its Pods get. */
  readonly fields: SettingFields;
}
