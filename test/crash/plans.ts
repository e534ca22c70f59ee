import { commandFaults, type Fault, readFaults, watchFaults, writeFaults } from "./fault.ts";
import type { Outcome } from "./run-plan.ts";

/** Every plan for a workload, as follows from what its reference run did: each fault at each place. */
export function plansFor({ counts }: Outcome): Fault[] {
  const each = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const names = <T extends object>(faults: T) => Object.keys(faults) as (keyof T)[];
  return [
    ...each(counts.writes).flatMap((at) => names(writeFaults).map((how): Fault => ({ type: "write", how, at }))),
    ...each(counts.commands).flatMap((at) => names(commandFaults).map((how): Fault => ({ type: "command", how, at }))),
    ...each(counts.reads).flatMap((at) => names(readFaults).map((how): Fault => ({ type: "read", how, at }))),
    ...each(counts.watchEvents).flatMap((at) => names(watchFaults).map((how): Fault => ({ type: "watch", how, at }))),
    ...each(counts.statusWrites).map((at): Fault => ({ type: "wipeStatus", at })),
    { type: "twoOperators" },
  ];
}
