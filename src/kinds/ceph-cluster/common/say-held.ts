import { sayHold, sayProgress } from "../../../daemons/rollout/explain.ts";
import type { Held } from "../../../daemons/rollout/hold.ts";
import type { Rollout } from "../../../daemons/rollout/roll-out.ts";
import type { Outcome } from "./outcome.ts";
import { waiting } from "./outcome.ts";
import type { ConditionReason } from "./reasons.ts";

/** A roll-out that waits: how far it is, which daemon is next, and what keeps it. `kind` is such as `OSDs`; `sayOwn` is its topic's words. */
export function sayHeld<Own>(
  { reason, kind, sayOwn }: { readonly reason: ConditionReason; readonly kind: string; readonly sayOwn: (why: Own) => string },
  { progress }: Pick<Rollout<Own>, "progress">,
  held: Held<Own>,
): Outcome {
  const head = progress === undefined ? `Updating ${kind}:` : `Updating ${kind}: ${sayProgress(progress)};`;
  return waiting(reason, `${head} ${sayHold(held, sayOwn)}`, held.recheckAfterMs ?? 5000);
}
