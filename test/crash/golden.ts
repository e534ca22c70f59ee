import type { EndState } from "./end-state.ts";
import type { JournalCounts } from "./journal.ts";
import { pathOf } from "./lines.ts";
import { type Counts, type Effort, effortKinds, type Tally } from "./tally.ts";

/** What a workload comes to without a fault, as the repository has it. */
export interface Golden {
  /** Places for faults. */
  readonly counts: JournalCounts;
  /** Faults that follow from them. */
  readonly plans: number;
  /** Virtual time from the user's act to the last change, in milliseconds. */
  readonly endsAfterMs: number;
  /** What an operator reads in a minute in which nothing happens, without its intervals. */
  readonly readsAtRest: number;
  readonly end: EndState;
  readonly tally: Tally;
}

const heads = {
  end: "The end, where it differs from the standard cluster:",
  deeds: "Done, the same under every fault:",
  efforts: "Done without a fault; bounded under faults:",
} as const;

/** The file of a workload. `standard` is the end that it is shown against. */
export function writeGolden(name: string, golden: Golden, standard: EndState): string {
  const { counts, plans, endsAfterMs, readsAtRest, end, tally } = golden;
  const list = (of: Counts) => [...of].map(([what, times]) => `  ${times} ${what}`);
  return [
    `Workload ${name}`,
    `faults: ${Object.entries(counts)
      .map(([what, count]) => `${what} ${String(count)}`)
      .join(", ")}`,
    `plans: ${plans}`,
    `ends after ms: ${endsAfterMs}`,
    `reads a minute at rest: ${readsAtRest}`,
    "",
    heads.end,
    ...differenceLines(standard, end),
    "",
    heads.deeds,
    ...list(tally.deeds),
    "",
    heads.efforts,
    ...effortKinds.flatMap((effort) => [` ${effort}`, ...list(tally.efforts[effort])]),
    "",
  ].join("\n");
}

/** Reads what `writeGolden` has written; throws where it is not of that form. */
export function readGolden(text: string, standard: EndState): Golden {
  const [facts = [], end = [], deeds = [], efforts = []] = sectionsOf(text);
  const fact = (name: string): string => {
    const line = facts.find((each) => each.startsWith(`${name}: `));
    if (line === undefined) throw new Error(`the golden file does not say ${name}`);
    return line.slice(name.length + 2);
  };
  const counts = Object.fromEntries(
    fact("faults")
      .split(", ")
      .map((each) => each.split(" "))
      .map(([what, count]) => [what, Number(count)]),
  ) as unknown as JournalCounts;
  const byEffort = Object.fromEntries(effortKinds.map((effort) => [effort, countsIn(under(efforts, effort))])) as Record<Effort, Counts>;
  return {
    counts,
    plans: Number(fact("plans")),
    endsAfterMs: Number(fact("ends after ms")),
    readsAtRest: Number(fact("reads a minute at rest")),
    end: applyLines(standard, end),
    tally: { deeds: countsIn(deeds), efforts: byEffort },
  };
}

/** The end of the standard cluster, whole. */
export function writeEnd(end: EndState): string {
  return [...end]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([thing, lines]) => `${thing}\n${lines.replaceAll(/^/gm, "    ")}\n`)
    .join("\n");
}

/** Reads what `writeEnd` has written. */
export function readEnd(text: string): EndState {
  return new Map(
    text
      .trimEnd()
      .split("\n\n")
      .map((block): [string, string] => {
        const [thing = "", ...lines] = block.split("\n");
        return [thing, lines.map((line) => line.slice(4)).join("\n")];
      }),
  );
}

/** The parts of a file, without their heads. */
function sectionsOf(text: string): string[][] {
  const sections: string[][] = [[]];
  const isHead = new Set<string>(Object.values(heads));
  for (const line of text.split("\n"))
    if (isHead.has(line)) sections.push([]);
    else if (line !== "") sections.at(-1)?.push(line);
  return sections;
}

/** The lines below ` reads`, up to the next such head. */
function under(lines: readonly string[], head: string): string[] {
  const from = lines.indexOf(` ${head}`) + 1;
  const length = lines.slice(from).findIndex((line) => !line.startsWith("  "));
  return from === 0 ? [] : lines.slice(from, length < 0 ? undefined : from + length);
}

function countsIn(lines: readonly string[]): Counts {
  return new Map(
    lines.map((line): [string, number] => {
      const [, times = "", what = ""] = /^ {2}(\d+) (.*)$/.exec(line) ?? [];
      return [what, Number(times)];
    }),
  );
}

/** `end` as its difference from `standard`: things that are not there (`-`), that are new (`+`) or changed (`*`), the last two with lines. */
export function differenceLines(standard: EndState, end: EndState): string[] {
  return [...new Set([...standard.keys(), ...end.keys()])].sort().flatMap((thing) => {
    const [was, is] = [standard.get(thing), end.get(thing)];
    if (was === is) return [];
    if (is === undefined) return [`- ${thing}`];
    if (was === undefined) return [`+ ${thing}`, ...is.split("\n").map((line) => `    + ${line}`)];
    return [`* ${thing}`, ...changedLines(was, is).map((line) => `    ${line}`)];
  });
}

/** `- path: old` and `+ path: new` of each line that is in one of them only, in the order of their paths. */
export function changedLines(was: string, is: string): string[] {
  const [before, after] = [was.split("\n"), is.split("\n")];
  const [known, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !known.has(line)).map((line) => `+ ${line}`),
  ].sort((a, b) => {
    const [one, other] = [pathOf(a.slice(2)), pathOf(b.slice(2))];
    return one === other ? (a[0] === "-" ? -1 : 1) : one < other ? -1 : 1;
  });
}

/** Turns `standard` into what the lines of `differenceLines` say. */
function applyLines(standard: EndState, lines: readonly string[]): EndState {
  const out = new Map(standard);
  const removed = new Map<string, Set<string>>();
  const added = new Map<string, string[]>();
  let thing = "";
  for (const line of lines) {
    const [sign, rest] = [line.trimStart()[0], line.trimStart().slice(2)];
    if (!line.startsWith(" ")) {
      thing = rest;
      removed.set(thing, new Set());
      added.set(thing, []);
      if (sign === "-") out.delete(thing);
    } else if (sign === "-") removed.get(thing)?.add(rest);
    else added.get(thing)?.push(rest);
  }
  for (const [each, less] of removed) {
    const more = added.get(each) ?? [];
    if (less.size === 0 && more.length === 0) continue;
    const left = (standard.get(each) ?? "").split("\n").filter((line) => line !== "" && !less.has(line));
    out.set(each, [...left, ...more].sort().join("\n"));
  }
  return out;
}
