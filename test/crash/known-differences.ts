import type { EndState } from "./end-state.ts";

/** Something that the operator does not do as it should, and that an open issue names. Its golden file holds the wanted end. */
export interface KnownDifference {
  readonly workload: string;
  /** What a run says of it; all of it has to be known. */
  readonly said: RegExp;
  /** In plans of this name only; in all where absent. */
  readonly plans?: RegExp;
  /** Lines of the end, each behind its thing (`Secret rook-ceph/a data.b: c`), that are there and are not wanted. */
  readonly unwanted?: RegExp;
  readonly issue: number;
  /** Which part of that issue. */
  readonly item: string;
}

/** Each issue empties its own entries: one that no longer differs fails the run. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    workload: "take-away-label-of-mgr",
    said: /^rook-ceph-mgr-a still has marked$|ends otherwise: (\+ [^|]*labels\.mark: marked( \| )?)+$/,
    unwanted: /labels\.mark: marked$/,
    issue: 14,
    item: "who owns a field: a label that leaves the spec stays until something else differs",
  },
  {
    workload: "edit-cluster-and-undo-it",
    said: /ends otherwise: (\+ [^|]*labels\.team: storage( \| )?)+$/,
    unwanted: /labels\.team: storage$/,
    issue: 14,
    item: "who owns a field: a label that leaves the spec stays until something else differs",
  },
];

/** What is said beside what is known, and which entries were met. */
export function withoutKnown(workload: string, plan: string, said: readonly string[]): { said: string[]; met: KnownDifference[] } {
  const entries = knownDifferences.filter((each) => each.workload === workload && each.plans?.test(plan) !== false);
  const met = entries.filter((each) => said.some((line) => each.said.test(line)));
  return { said: said.filter((line) => !entries.some((each) => each.said.test(line))), met };
}

/** The end as it is wanted. */
export function wantedEnd(workload: string, end: EndState): EndState {
  const entries = knownDifferences.filter((each) => each.workload === workload);
  if (entries.length === 0) return end;
  return new Map(
    [...end].map(([thing, lines]): [string, string] => [
      thing,
      lines
        .split("\n")
        .filter((line) => !entries.some(({ unwanted }) => unwanted?.test(`${thing} ${line}`) === true))
        .join("\n"),
    ]),
  );
}
