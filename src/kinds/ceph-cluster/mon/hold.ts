import type { NoReturn } from "../../../daemons/diagnosis/no-return.ts";

/** Why a mon must not be stopped for a change of its Pod. */
export type MonHold =
  /** It shares its node with another mon, which is no longer allowed, and would not start again. */
  | { readonly type: "sharesNode"; readonly hostname: string; readonly with: string }
  | { readonly type: "noReturn"; readonly noReturn: NoReturn }
  /** Mons that the monmap has are about to become members. */
  | { readonly type: "endpointsLack" }
  | { readonly type: "monChanges"; readonly id: string }
  | { readonly type: "noQuorum" }
  /** Others are not in quorum. */
  | { readonly type: "missing"; readonly ids: readonly string[] }
  /** Ceph does not answer. */
  | { readonly type: "silent" }
  /** Ceph's words. */
  | { readonly type: "refused"; readonly words: string };
