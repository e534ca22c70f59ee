import type { Held, Rollout } from "../../../daemons/rollout/roll-out.ts";
import type { Outcome } from "./outcome.ts";
import { waiting } from "./outcome.ts";
import type { ConditionReason } from "./reasons.ts";

/** A roll-out that waits: how far it is, which daemon is next, and what keeps it. `kind` is such as `OSDs`. */
export function sayHeld(reason: ConditionReason, kind: string, { progress }: Rollout, { daemon, why, recheckAfterMs }: Held): Outcome {
  const head = progress === undefined ? `Updating ${kind}` : `Updating ${kind}: ${progress}`;
  return waiting(reason, `${head}${progress === undefined ? ":" : ";"} ${daemon} waits, since ${why}`, recheckAfterMs ?? 5000);
}

/** `osd.3, osd.4 and 5 more are being changed`; empty where none is. */
export function sayMoving({ moving }: Pick<Rollout, "moving">): string {
  if (moving.length === 0) return "";
  const some = moving.slice(0, 3).join(", ");
  const rest = moving.length > 3 ? ` and ${moving.length - 3} more` : "";
  return `${some}${rest} ${moving.length === 1 ? "is" : "are"} being changed`;
}
