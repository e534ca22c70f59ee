import type { OsdStopReport } from "../../../ceph/commands/osd.ts";

/** Why OSDs must not be stopped together: Ceph refuses, with its words and its report; no mgr is active, which knows; or it does not answer. */
export type OsdStopRefusal =
  | { readonly type: "refused"; readonly words: string; readonly report: OsdStopReport }
  | { readonly type: "noMgr" }
  | { readonly type: "noAnswer"; readonly words: string };

/** Whether OSDs may be stopped together. */
export type OsdStopVerdict = { readonly ok: true } | { readonly ok: false; readonly refusal: OsdStopRefusal };
