import type { PoolDetail } from "../../../ceph/commands/pool.ts";
import type { NoReturn } from "../../../daemons/diagnosis/no-return.ts";
import type { Trouble } from "../../../daemons/diagnosis/trouble.ts";
import type { OsdStopRefusal } from "../common/osd-stop-verdict.ts";

/** Why an OSD must not be stopped for a change of its Pod. */
export type OsdHold =
  | { readonly type: "noReturn"; readonly noReturn: NoReturn }
  /** OSDs that were changed alike went down with it, and do not come back. */
  | { readonly type: "othersLost"; readonly lost: readonly { readonly daemon: string; readonly trouble: Trouble | undefined }[] }
  /** Ceph has not seen yet what the last change did to its PGs. */
  | { readonly type: "settling" }
  /** So many PGs of these states, and `upgradeOSDRequiresHealthyPGs` is set. */
  | { readonly type: "unclean"; readonly states: readonly { readonly state_name: string; readonly count: number }[] }
  | { readonly type: "notOk"; readonly refusal: OsdStopRefusal; readonly pools: readonly PoolDetail[] }
  /** Another hold, which ends at `until` (milliseconds since 1970), as `continueUpgradeAfterChecksEvenIfNotHealthy` asks. */
  | { readonly type: "until"; readonly why: OsdHold; readonly until: number };
