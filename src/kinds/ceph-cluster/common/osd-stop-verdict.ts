import type { OsdStopReport } from "../../../ceph/commands/osd.ts";

/** Ceph's word on stopping OSDs together; or, in `why`, how it comes that it gave none. */
export type OsdStopVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: string; readonly report: OsdStopReport; readonly isUnanswered?: boolean };
