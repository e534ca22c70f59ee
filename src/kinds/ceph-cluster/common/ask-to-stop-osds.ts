import { isCephError } from "../../../ceph/ceph-error.ts";
import { osdOkToStop } from "../../../ceph/commands/osd.ts";
import type { Act } from "./act.ts";
import type { OsdStopVerdict } from "./osd-stop-verdict.ts";
import type { CephSeen } from "./world.ts";

/** What Ceph gives up to answer whether OSDs may be stopped. */
const patienceMs = 5000;

/** Ceph's word on stopping OSDs together; no answer is no yes. The mgr gives it: without one the operator asks nothing. */
export async function askToStopOsds(
  { status }: CephSeen,
  { ceph, signal }: Pick<Act, "ceph" | "signal">,
  ids: readonly number[],
): Promise<OsdStopVerdict> {
  const unanswered = (why: string): OsdStopVerdict => ({ ok: false, why, report: {}, isUnanswered: true });
  if (!status.mgrmap.available) return unanswered("no mgr is active, which knows whether it may be stopped");
  try {
    return await osdOkToStop(ceph, ids, { timeoutMs: patienceMs, signal });
  } catch (error) {
    if (isCephError(error) && error.unanswered && !signal.aborted)
      return unanswered(`the active mgr does not answer whether it may be stopped: ${error.words}`);
    throw error;
  }
}
