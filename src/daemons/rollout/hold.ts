import type { BehindReason } from "../image/plan-versions.ts";

/**
 * Why a daemon that is to be changed is not changed yet. `Own` is what only its kind knows: why a daemon of this type must not be stopped.
 */
export type HoldReason<Own> =
  /** What comes before its type in an update is not done. */
  | { readonly type: "notItsTurn" }
  /** Another daemon is not back yet. */
  | { readonly type: "awaits"; readonly daemon: string }
  /** The API server has another version of an object that the decision follows from than the pass saw. */
  | { readonly type: "justChanged" }
  /** Nothing is left to be changed, and the type is not where it is to be. */
  | { readonly type: "behind"; readonly why: BehindReason }
  | { readonly type: "own"; readonly why: Own };

/** A daemon that is not changed yet, and why. */
export interface Held<Own> {
  readonly daemon: string;
  readonly why: HoldReason<Own>;
  /** When to look again, where that is known. */
  readonly recheckAfterMs?: number;
}
