import { commandFaults, type Fault, readFaults, watchFaults, writeFaults } from "./fault.ts";
import type { JournalCounts } from "./journal.ts";
import { viewedWrite } from "./views.ts";

/**
 * Every plan for a workload, as follows from the places for faults in its golden file: none, and each fault at each place. With `every`, of
 * answers and told changes, which are most, only each so-manieth place: another one for each fault.
 */
export function plansFor(counts: JournalCounts, every = 1): Fault[] {
  const each = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const some = (count: number, turn: number) => each(count).filter((at) => (at + turn) % every === 0);
  const names = <T extends object>(faults: T) => Object.keys(faults) as (keyof T)[];
  return [
    { type: "none" },
    ...each(counts.writes).flatMap((at) =>
      names(writeFaults)
        .map((how): Fault => ({ type: "write", how, at }))
        .filter(isNoRepetition),
    ),
    ...each(counts.commands).flatMap((at) => names(commandFaults).map((how): Fault => ({ type: "command", how, at }))),
    ...names(readFaults).flatMap((how, turn) => some(counts.reads, turn).map((at): Fault => ({ type: "read", how, at }))),
    ...names(watchFaults).flatMap((how, turn) => some(counts.watchEvents, turn).map((at): Fault => ({ type: "watch", how, at }))),
    ...each(counts.statusWrites).map((at): Fault => ({ type: "wipeStatus", at })),
    { type: "twoOperators" },
  ];
}

/** Whether an old view is another one than those of the other plans: near the act there are not that many. */
function isNoRepetition(fault: Fault): boolean {
  if (fault.type !== "write") return true;
  if (fault.how === "staleAct") return fault.at > 1;
  return fault.how !== "staleBetween" || (viewedWrite(fault) ?? 1) > 1;
}
