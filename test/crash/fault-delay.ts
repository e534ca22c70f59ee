import { type Fault, type FaultKind, kindOfFault } from "./fault.ts";

/** How long a killed operator is gone: Kubernetes starts it anew, and it lists what there is. */
const restartMs = 1000;
/** How long a failed pass waits before it is tried again: 200 ms the first time, twice that the next. */
const retryMs = 600;
/** How long a CephCluster waits one of whose steps failed. */
const stepRetryMs = 3000 + retryMs;
/** How long a pass over a child waits that Ceph did not answer; the CephCluster's waits 3 s. */
const askAgainMs = 5000;
/** How long a pass over a child waits whose step failed; the CephCluster's waits 3 s. */
const stepAgainMs = 10_000;
/** How long an operator that comes back sees the old world. */
const staleMs = 10_000;

const delays: Readonly<Record<FaultKind, number>> = {
  none: 0,
  "write:kill": restartMs,
  // 2 s until it is stopped
  "write:hang": 2000 + restartMs,
  "write:loseReply": stepRetryMs,
  "write:refuse": stepRetryMs,
  "write:conflict": stepRetryMs,
  // until it moves again; another takes over earlier, unless the Lease has just been renewed
  "write:pause": 30_000,
  // while the server is gone, then until each watch is tried again
  "write:apiRestart": 3000 + 7000,
  // at most 3 s until it is stopped
  "write:stale": 3000 + restartMs + staleMs,
  "write:staleAct": restartMs + staleMs,
  "write:staleBetween": restartMs + staleMs,
  "command:kill": restartMs,
  "command:hang": 2000 + restartMs,
  "command:timeOutAfter": askAgainMs,
  "command:timeOutBefore": askAgainMs,
  "command:garbage": stepAgainMs,
  "command:slow": 20_000,
  "read:timeOut": askAgainMs,
  "read:garbage": stepAgainMs,
  "read:slow": 20_000,
  "watch:late": 3000,
  "watch:freeze": 15_000,
  // until the list is read anew
  "watch:gone": 2000,
  wipeStatus: retryMs,
  // they refuse each other's writes
  twoOperators: 2 * retryMs,
};

/** How much later than without it the operator may see something, or do something about it: milliseconds. */
export function delayOf(fault: Fault): number {
  return delays[kindOfFault(fault)];
}
