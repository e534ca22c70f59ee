import { formatCephVersion } from "../../ceph/ceph-version.ts";
import { sayLabel } from "../image/daemon-images.ts";
import type { BehindReason } from "../image/plan-versions.ts";
import { doNotReconcileLabel } from "../labels.ts";
import type { Held } from "./hold.ts";
import type { Progress } from "./roll-out.ts";

/** `osd.3 waits, since osd.2 is not back yet`; `sayOwn` says what only the kind knows. */
export function sayHold<Own>({ daemon, why }: Held<Own>, sayOwn: (why: Own) => string): string {
  return `${daemon} waits, since ${sayReason(why, sayOwn)}`;
}

function sayReason<Own>(reason: Held<Own>["why"], sayOwn: (why: Own) => string): string {
  switch (reason.type) {
    case "notItsTurn":
      return "what comes before it in an update is not done";
    case "awaits":
      return `${reason.daemon} is not back yet`;
    case "justChanged":
      return "the operator's cache is behind the API server";
    case "behind":
      return sayBehind(reason.why);
    case "own":
      return sayOwn(reason.why);
  }
}

/** Why a type is not yet where all are to be. */
export function sayBehind(reason: BehindReason): string {
  switch (reason.type) {
    case "leftAlone":
      return `it is left alone at ${sayLabel(reason.label)}; remove its label ${doNotReconcileLabel}, or end its maintenance`;
    case "isAt":
      return `it is at ${sayLabel(reason.label)}`;
    case "stillRuns": {
      const version = reason.version === undefined ? "" : sayLabel(formatCephVersion(reason.version));
      return `Ceph says that ${reason.daemons} still ${reason.daemons === 1 ? "runs" : "run"} ${version}`;
    }
  }
}

/** `1 of 3`, or in an update `1 of 3 at 20.2.4`. */
export function sayProgress({ done, of, label }: Progress): string {
  return `${done} of ${of}${label === undefined ? "" : ` at ${sayLabel(label)}`}`;
}

/** `osd.3, osd.4 and 5 more are being changed`; empty where none is. */
export function sayMoving({ moving }: { readonly moving: readonly string[] }): string {
  if (moving.length === 0) return "";
  const some = moving.slice(0, 3).join(", ");
  const rest = moving.length > 3 ? ` and ${moving.length - 3} more` : "";
  return `${some}${rest} ${moving.length === 1 ? "is" : "are"} being changed`;
}
