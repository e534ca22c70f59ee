/** Ways in which a write to Kubernetes can go wrong. The write happens, but where another thing is said. */
export const writeFaults = {
  kill: "the operator is stopped right after it",
  hang: "its answer never comes, and the operator is stopped 2 s later",
  loseReply: "its answer is lost, and the operator goes on",
  refuse: "it does not happen: the server answers 503",
  conflict: "it does not happen: the server answers 409",
  pause: "the operator stands still for 30 s, while another takes over",
  apiRestart: "the API server is gone for 3 s, and has forgotten old versions when it is back",
  stale: "the operator is stopped three writes later, and what it first sees when it is back is as old as this",
  staleAct: "the operator is stopped right after it, and what it first sees when it is back is as old as the user's act",
  staleBetween:
    "the operator is stopped right after it, and what it first sees when it is back is of some write between the user's act and this",
} as const;

/** Ways in which a command that changes Ceph can go wrong. */
export const commandFaults = {
  kill: "the operator is stopped right after it",
  hang: "its answer never comes, and the operator is stopped 2 s later",
  timeOutAfter: "it takes effect, and times out",
  timeOutBefore: "it takes no effect, and times out",
  garbage: "it takes effect, and its answer makes no sense",
  slow: "its answer comes 20 s later",
} as const;

/** Ways in which a question to Ceph can go wrong. */
export const readFaults = {
  timeOut: "it times out",
  garbage: "its answer makes no sense",
  slow: "its answer comes 20 s later",
} as const;

/** Ways in which a change can reach the operator. */
export const watchFaults = {
  late: "it is told 3 s late, and all after it",
  freeze: "from it on nothing is told for 15 s",
  gone: "the watch ends before it, and the versions since then are forgotten",
} as const;

/** What goes wrong, once. `at` counts from 1 within what the operator does after the workload's own act. */
export type Fault =
  | { readonly type: "none" }
  | { readonly type: "write"; readonly how: keyof typeof writeFaults; readonly at: number }
  | { readonly type: "command"; readonly how: keyof typeof commandFaults; readonly at: number }
  /** The first question of each kind, the nth kind that is asked. */
  | { readonly type: "read"; readonly how: keyof typeof readFaults; readonly at: number }
  | { readonly type: "watch"; readonly how: keyof typeof watchFaults; readonly at: number }
  /** The status is wiped whenever the operator has written one for the nth time. */
  | { readonly type: "wipeStatus"; readonly at: number }
  /** Two operators work at the same time, without asking each other. */
  | { readonly type: "twoOperators" };

/** `write:kill`, `wipeStatus`: what the table of allowances knows a fault by. */
export type FaultKind = ReturnType<typeof kindOfFault>;

/** The kind of a fault, wherever it comes. */
export function kindOfFault(fault: Fault) {
  switch (fault.type) {
    case "none":
    case "twoOperators":
    case "wipeStatus":
      return fault.type;
    case "write":
      return `write:${fault.how}` as const;
    case "command":
      return `command:${fault.how}` as const;
    case "read":
      return `read:${fault.how}` as const;
    case "watch":
      return `watch:${fault.how}` as const;
  }
}

/** `write:kill:17`, as a plan is named on the command line. */
export function nameOfFault(fault: Fault): string {
  return "at" in fault ? `${kindOfFault(fault)}:${fault.at}` : kindOfFault(fault);
}
