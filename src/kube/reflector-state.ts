import { backoffMs } from "./backoff.ts";
import type { KubeError } from "./kube-error.ts";

/** What following a collection does next. `failures` counts those in a row. */
export type ReflectorState =
  | ActiveState
  | { readonly phase: "waiting"; readonly delayMs: number; readonly next: ActiveState }
  | { readonly phase: "stopped" };

type ActiveState =
  | { readonly phase: "listing"; readonly failures: number }
  | { readonly phase: "watching"; readonly version: string; readonly failures: number };

/** How the phase went. */
export type ReflectorOutcome =
  | { readonly type: "listed"; readonly version: string }
  | { readonly type: "listFailed"; readonly error: KubeError }
  /** `version` is the last one seen; undefined where an event had none, so that a change may be lost. */
  | { readonly type: "watchEnded"; readonly version: string | undefined; readonly livedMs: number; readonly error?: KubeError }
  | { readonly type: "waited" }
  | { readonly type: "stopped" };

/** A watch that lives shorter is taken for one that was refused. */
const shortMs = 1_000;
/** A watch that lived this long wipes out the failures before it. */
const healthyMs = 120_000;
/** Half of it is random: clients of one server do not come back together. The longest one is for what only a person can mend, too. */
const backoff = { firstMs: 800, longestMs: 30_000, jitter: 0.5 } as const;

/**
 * The whole policy of a reflector: list, then watch from the list's version; watch on from the last version seen after a clean end
 * or a failure; list again only where the version is too old or unknown. One immediate attempt after a connection that was lost,
 * growing delays after it. Refusals that only a person can mend are tried each 30 s.
 *
 * @example
 * nextReflectorState({ phase: "listing", failures: 0 }, { type: "listed", version: "7" }, Math.random())
 * // { phase: "watching", version: "7", failures: 0 }
 */
export function nextReflectorState(state: ReflectorState, outcome: ReflectorOutcome, random: number): ReflectorState {
  if (outcome.type === "stopped" || state.phase === "stopped") return { phase: "stopped" };
  if (state.phase === "waiting") return state.next;
  switch (outcome.type) {
    case "listed":
      return { phase: "watching", version: outcome.version, failures: state.failures };
    case "listFailed":
      return waiting(outcome.error, state.failures, random, { phase: "listing", failures: state.failures + 1 });
    case "watchEnded":
      return afterWatch(outcome, outcome.livedMs >= healthyMs ? 0 : state.failures, random);
    case "waited":
    default:
      return state;
  }
}

function afterWatch(outcome: ReflectorOutcome & { type: "watchEnded" }, failures: number, random: number): ReflectorState {
  const { version, livedMs, error } = outcome;
  const long = livedMs >= shortMs;
  if (version === undefined || error?.code === "gone" || error?.code === "notFound") {
    const next: ActiveState = { phase: "listing", failures: failures + 1 };
    return error?.code !== "notFound" && (long || failures === 0) ? next : waiting(error, failures, random, next);
  }
  if (error === undefined && long) return { phase: "watching", version, failures };
  const next: ActiveState = { phase: "watching", version, failures: failures + 1 };
  return error?.code === "unreachable" && long && failures === 0 ? next : waiting(error, failures, random, next);
}

function waiting(error: KubeError | undefined, failures: number, random: number, next: ActiveState): ReflectorState {
  const forAPerson = error?.code === "forbidden" || error?.code === "notFound";
  const askedMs = (error?.retryAfterSeconds ?? 0) * 1000;
  const delayMs = forAPerson ? backoff.longestMs : Math.max(backoffMs(backoff, failures, random), askedMs);
  return { phase: "waiting", delayMs, next };
}
