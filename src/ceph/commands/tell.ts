import type { Ceph, CephCommand, CephCommandOptions } from "../ceph.ts";

/** `ceph tell osd.N`: asks the OSD itself. `ENOENT` where there is no such OSD, `timedOut` or another error where it does not run. */
export function tellOsd<T>(ceph: Ceph, id: number, command: CephCommand, options: Omit<CephCommandOptions, "target"> = {}): Promise<T> {
  return ceph.command<T>(command, { ...options, target: `osd.${id}` });
}

/** What an OSD says of itself. */
export interface OsdDaemonStatus {
  readonly osd_fsid: string;
  readonly whoami: number;
  /** `active` once it serves. */
  readonly state: string;
  readonly num_pgs: number;
}

export function osdDaemonStatus(ceph: Ceph, id: number, options?: Omit<CephCommandOptions, "target">): Promise<OsdDaemonStatus> {
  return tellOsd(ceph, id, { prefix: "status" }, options);
}
