import type { Ceph, CephCommand, CephCommandOptions } from "../ceph.ts";
import { CephError, isCephError } from "../ceph-error.ts";

/** What Ceph says to stopping daemons; `why` is in its own words, `answer` what it said besides, where that was JSON. */
export type StopVerdict = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly answer?: unknown };

/** Asks one of the `ok-to-stop` family: done is yes, EBUSY is no, EAGAIN is "cannot tell now", and every other failure is one. */
export async function stopVerdict(ceph: Ceph, command: CephCommand, options?: CephCommandOptions): Promise<StopVerdict> {
  try {
    await ceph.command(command, options);
    return { ok: true };
  } catch (error) {
    if (isCephError(error, "EBUSY", "EAGAIN"))
      return { ok: false, why: error.words, ...(error.answer === undefined ? {} : { answer: error.answer }) };
    throw error instanceof Error ? error : new CephError("EUNKNOWN", command.prefix, String(error));
  }
}
