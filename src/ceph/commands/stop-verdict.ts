import type { Ceph, CephCommand, CephCommandOptions } from "../ceph.ts";
import { CephError, isCephError } from "../ceph-error.ts";

/** What Ceph says to stopping daemons; `why` is its own sentence. */
export type StopVerdict = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Asks one of the `ok-to-stop` family: done is yes, EBUSY is no, and every other failure is one. */
export async function stopVerdict(ceph: Ceph, command: CephCommand, options?: CephCommandOptions): Promise<StopVerdict> {
  try {
    await ceph.command(command, options);
    return { ok: true };
  } catch (error) {
    if (isCephError(error, "EBUSY")) return { ok: false, why: error.message };
    throw error instanceof Error ? error : new CephError("EUNKNOWN", command.prefix, String(error));
  }
}
