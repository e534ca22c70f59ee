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
  if (!status.mgrmap.available) return { ok: false, refusal: { type: "noMgr" } };
  try {
    const verdict = await osdOkToStop(ceph, ids, { timeoutMs: patienceMs, signal });
    return verdict.ok ? verdict : { ok: false, refusal: { type: "refused", words: verdict.why, report: verdict.report } };
  } catch (error) {
    if (isCephError(error) && error.unanswered && !signal.aborted) return { ok: false, refusal: { type: "noAnswer", words: error.words } };
    throw error;
  }
}
