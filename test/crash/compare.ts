import { allowances, allowed } from "./allowances.ts";
import type { EndState } from "./end-state.ts";
import { type Fault, kindOfFault, nameOfFault } from "./fault.ts";
import { changedLines, type Golden } from "./golden.ts";
import { pathOf } from "./lines.ts";
import type { Outcome } from "./run-plan.ts";
import { type Counts, effortKinds } from "./tally.ts";
import type { Workload } from "./workload.ts";

/** What may be done again after a fault, of these kinds where they are named, and why nobody could do without. */
export const repeatable: readonly { readonly what: RegExp; readonly faults?: RegExp; readonly why: string }[] = [
  {
    what: /^ceph dashboard ac-user-set-password /,
    why: "Ceph tells nobody which password holds: one whose answer was lost has to be set again",
  },
  {
    what: /^ceph fs subvolumegroup pin /,
    why: "Ceph tells nobody how a group is spread over MDSs: one of which the status could not tell is spread again",
  },
  {
    what: /^(added|deleted) PodDisruptionBudget rook-ceph\/rook-ceph-mon-pdb$/,
    faults: /^write:stale/,
    why: "who knows an older world in which there are more mons makes their budget, which harms nobody, and takes it away again",
  },
  {
    what: /^(added|deleted) PodDisruptionBudget rook-ceph\/rook-ceph-osd|^ceph osd (un)?set-group flags=noout /,
    faults: /^write:stale/,
    why: "who knows an older state of a drain goes a step back and comes again; what may be evicted meanwhile is an invariant",
  },
  {
    what: /^ceph osd require-osd-release /,
    faults: /^twoOperators$/,
    why: "each of two may find, in the same moment, that every OSD runs the release",
  },
];

function isRepeatable(what: string, fault: Fault, wanted: number): boolean {
  return repeatable.some((each) => each.what.test(what) && (each.faults === undefined ? wanted > 0 : each.faults.test(nameOfFault(fault))));
}

/** What order decides in an end under a fault, and why it tells nothing. */
const chance: readonly { readonly what: RegExp; readonly why: string }[] = [
  {
    what: /^Ceph's pools (myfs|otherfs)-[a-z]+\.pool$/,
    why: "the pools of a file system are made at once, and which is first is chance; that none is made twice is in what was done",
  },
];
const isChance = (what: string) => chance.some((each) => each.what.test(what));

/** How much later than the golden end a run without a fault may end. */
const slackOf = (endsAfterMs: number) => Math.max(2_000, endsAfterMs / 10);

/** What a run did or came to otherwise than the golden file says, in sentences; none is as it should be. */
export function differences(workload: Workload, golden: Golden, outcome: Outcome, fault: Fault): string[] {
  const mayDiffer = workload.mayDifferUnder?.test(nameOfFault(fault)) === false ? undefined : workload.mayDiffer;
  const isOpen = (what: string) => mayDiffer?.test(what) === true || (fault.type !== "none" && isChance(what));
  const isMovedTime = (line: string) => allowances[kindOfFault(fault)].mayMoveTimes === true && line.includes("].lastTransitionTime: ");
  const said = [...outcome.problems, ...endDifferences(golden.end, outcome.end, isOpen, isMovedTime)];
  const { deeds } = golden.tally;
  for (const what of new Set([...deeds.keys(), ...outcome.tally.deeds.keys()])) {
    const [wanted, is] = [deeds.get(what) ?? 0, outcome.tally.deeds.get(what) ?? 0];
    const mayRepeat = is > wanted && fault.type !== "none" && isRepeatable(what, fault, wanted);
    if (is !== wanted && !mayRepeat && !isOpen(what)) said.push(`${what}: ${is} times instead of ${wanted}`);
  }
  said.push(...(fault.type === "none" ? exactDifferences(golden, outcome) : boundDifferences(workload, golden, outcome, fault)));
  return said;
}

function endDifferences(
  wanted: EndState,
  end: EndState,
  isOpen: (what: string) => boolean,
  isMovedTime: (line: string) => boolean,
): string[] {
  const said: string[] = [];
  for (const [thing, lines] of wanted) {
    const is = end.get(thing);
    if (is === lines || isOpen(thing)) continue;
    if (is === undefined) said.push(`${thing} is not there in the end`);
    else {
      const changed = changedLines(lines, is).filter((line) => !isOpen(`${thing} ${pathOf(line.slice(2))}`) && !isMovedTime(line));
      if (changed.length > 0) said.push(`${thing} ends otherwise: ${changed.slice(0, 4).join(" | ")}`);
    }
  }
  for (const thing of end.keys()) if (!wanted.has(thing) && !isOpen(thing)) said.push(`${thing} is there in the end`);
  return said;
}

/** Without a fault all is as it is written. */
function exactDifferences(golden: Golden, outcome: Outcome): string[] {
  const said: string[] = [];
  for (const [what, count] of Object.entries(golden.counts)) {
    const is = outcome.counts[what as keyof typeof outcome.counts];
    if (is !== count) said.push(`places for faults: ${is} ${what} instead of ${String(count)}`);
  }
  for (const effort of effortKinds) {
    const [wanted, is] = [golden.tally.efforts[effort], outcome.tally.efforts[effort]];
    for (const what of new Set([...wanted.keys(), ...is.keys()]))
      if (wanted.get(what) !== is.get(what)) said.push(`${effort}, ${what}: ${is.get(what) ?? 0} instead of ${wanted.get(what) ?? 0}`);
  }
  if (Math.abs(outcome.endsAfterMs - golden.endsAfterMs) > slackOf(golden.endsAfterMs))
    said.push(`it ends after ${outcome.endsAfterMs} ms instead of ${golden.endsAfterMs}`);
  if (outcome.readsAtRest !== undefined && outcome.readsAtRest !== golden.readsAtRest)
    said.push(`${outcome.readsAtRest} reads a minute at rest instead of ${golden.readsAtRest}`);
  return said;
}

const sumOf = (counts: Counts) => [...counts.values()].reduce((total, times) => total + times, 0);

/** How much more than the golden file says, by what the table of allowances bounds. */
export function excessOf(golden: Golden, outcome: Outcome): Readonly<Record<string, number>> {
  return Object.fromEntries([
    ...effortKinds.map((effort) => [effort, sumOf(outcome.tally.efforts[effort]) - sumOf(golden.tally.efforts[effort])]),
    ["delayMs", outcome.endsAfterMs - golden.endsAfterMs],
  ]) as Record<string, number>;
}

function boundDifferences(workload: Workload, golden: Golden, outcome: Outcome, fault: Fault): string[] {
  const limits = allowed(fault, workload);
  return Object.entries(excessOf(golden, outcome)).flatMap(([what, more]) =>
    more > (limits[what] ?? 0) ? [`${more} more ${what} than without a fault, where ${String(limits[what])} are allowed`] : [],
  );
}
