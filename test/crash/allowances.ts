import type { Fault } from "./fault.ts";
import { type FaultKind, kindOfFault } from "./fault.ts";
import { delayOf } from "./fault-delay.ts";
import type { Effort } from "./tally.ts";
import type { Workload } from "./workload.ts";

/** How much more than without a fault an operator may do under one, and how much later it may end. */
export interface Allowance extends Readonly<Record<Effort, number>> {
  /** Milliseconds of virtual time beyond the fault's own delay. */
  readonly moreDelayMs: number;
  /** Whether a transition time may move with the status as it was: who does not know what the status says writes it anew. */
  readonly mayMoveTimes?: true;
  readonly why: string;
}

/** A new operator reads everything once more; its first passes write what the one before had not yet. */
const restart: Allowance = {
  requests: 12,
  "commands without effect": 4,
  reads: 500,
  refusals: 6,
  events: 10,
  moreDelayMs: 10_000,
  why: "a new operator reads everything once more; in a roll-out each pass that it makes more asks Ceph a dozen questions",
};
/** One pass, or a few, are made again. */
const again: Allowance = {
  requests: 12,
  "commands without effect": 4,
  reads: 500,
  refusals: 6,
  events: 10,
  moreDelayMs: 10_000,
  why: "the pass is made again, at most ten seconds later",
};
/** What is decided from an old view is refused, or makes no difference, until the view is new. */
const oldView: Allowance = {
  requests: 110,
  "commands without effect": 12,
  reads: 900,
  refusals: 110,
  events: 12,
  moreDelayMs: 15_000,
  mayMoveTimes: true,
  why: "while its view is old, an operator that has started anew tries again and again what the API server refuses, ever less often",
};
/** Changes come late, and in one go. */
const late: Allowance = {
  ...again,
  requests: 40,
  reads: 900,
  refusals: 40,
  moreDelayMs: 40_000,
  why: "each change is told late, and what is decided meanwhile may be refused",
};

/** One row for each kind of fault. The numbers are over the whole run. */
export const allowances: Readonly<Record<FaultKind, Allowance>> = {
  none: { requests: 0, "commands without effect": 0, reads: 0, refusals: 0, events: 0, moreDelayMs: 0, why: "nothing goes wrong" },
  "write:kill": restart,
  "write:hang": restart,
  "write:loseReply": again,
  "write:refuse": again,
  "write:conflict": again,
  "write:pause": {
    ...restart,
    reads: 900,
    moreDelayMs: 30_000,
    mayMoveTimes: true,
    why: "another takes over when the Lease has run out, and reads everything",
  },
  "write:apiRestart": {
    ...again,
    // each refusal is of a request
    requests: 20,
    reads: 900,
    refusals: 20,
    why: "until the operator has listed everything again it repeats what it just created, and the API server refuses; then all missed changes arrive at once",
  },
  "write:stale": oldView,
  "write:staleAct": oldView,
  "write:staleBetween": oldView,
  "command:kill": restart,
  "command:hang": restart,
  "command:timeOutAfter": again,
  "command:timeOutBefore": again,
  "command:garbage": again,
  "command:slow": again,
  "read:timeOut": again,
  "read:garbage": again,
  "read:slow": again,
  "watch:late": late,
  "watch:freeze": {
    ...late,
    "commands without effect": 12,
    moreDelayMs: 15_000,
    why: "no status can be told meanwhile, and how a group is spread over MDSs only the status tells: it is spread again in each pass",
  },
  "watch:gone": again,
  wipeStatus: { ...again, mayMoveTimes: true, why: "the status is written anew" },
  twoOperators: {
    requests: 400,
    "commands without effect": 100,
    reads: 5_000,
    refusals: 400,
    events: 100,
    moreDelayMs: 20_000,
    mayMoveTimes: true,
    why: "two do everything, and refuse each other",
  },
};

/** After so long an operator looks again by itself at what only Ceph can tell. */
const intervalMs = 60_000;

/** How much more of what, with the milliseconds that it may end later as `delayMs`. */
export function allowed(fault: Fault, { onlyCephTells }: Pick<Workload, "onlyCephTells">): Readonly<Record<string, number>> {
  const { why: _why, mayMoveTimes: _moves, moreDelayMs, ...efforts } = allowances[kindOfFault(fault)];
  return { ...efforts, delayMs: moreDelayMs + delayOf(fault) + (onlyCephTells === undefined ? 0 : intervalMs) };
}
