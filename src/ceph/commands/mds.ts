import type { Ceph } from "../ceph.ts";
import { type StopVerdict, stopVerdict } from "./stop-verdict.ts";

/**
 * Whether every rank would still have an MDS without these (names as in `mds.<name>`). No while any file system is degraded, such as one
 * whose rank has just been taken over. An MDS that does not run may be stopped.
 */
export function mdsOkToStop(ceph: Ceph, ids: readonly string[]): Promise<StopVerdict> {
  return stopVerdict(ceph, { prefix: "mds ok-to-stop", ids });
}
