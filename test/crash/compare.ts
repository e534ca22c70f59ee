import type { Fault } from "./fault.ts";
import type { Outcome } from "./run-plan.ts";
import type { Workload } from "./workload.ts";

/** What may be done again after a fault, and why nobody could do without. */
export const repeatable: readonly { readonly what: RegExp; readonly why: string }[] = [
  {
    what: /^ceph dashboard ac-user-set-password /,
    why: "Ceph tells nobody which password holds: one whose answer was lost has to be set again",
  },
  {
    what: /^ceph fs subvolumegroup pin$/,
    why: "Ceph tells nobody how a group is spread over MDSs: one of which the status could not tell is spread again",
  },
];

/** What a run did or came to otherwise than the reference, in sentences; none is as it should be. */
export function differences({ mayDiffer }: Workload, reference: Outcome, outcome: Outcome, fault: Fault): string[] {
  const said: string[] = [...outcome.problems];
  const isOpen = (what: string) => mayDiffer?.test(what) === true;
  for (const [what, wanted] of reference.end) {
    if (isOpen(what)) continue;
    const is = outcome.end.get(what);
    if (is === undefined) said.push(`${what} is not there in the end`);
    else if (is !== wanted) said.push(`${what} ends otherwise: ${firstDifference(wanted, is)}`);
  }
  for (const what of outcome.end.keys()) if (!reference.end.has(what) && !isOpen(what)) said.push(`${what} is there in the end`);
  // two that do not ask each other do the same things twice; what counts is where it ends
  if (fault.type === "twoOperators") return said;
  for (const what of new Set([...reference.tally.keys(), ...outcome.tally.keys()])) {
    const [wanted, is] = [reference.tally.get(what) ?? 0, outcome.tally.get(what) ?? 0];
    const mayRepeat = is > wanted && wanted > 0 && repeatable.some((each) => each.what.test(what));
    if (is !== wanted && !mayRepeat && !isOpen(what)) said.push(`${what}: ${is} times instead of ${wanted}`);
  }
  return said;
}

function firstDifference(wanted: string, is: string): string {
  let at = 0;
  while (at < wanted.length && wanted[at] === is[at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - 30), at + 60);
  return `…${around(is)}… instead of …${around(wanted)}…`;
}
