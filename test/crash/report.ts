import type { Golden } from "./golden.ts";
import type { Workload } from "./workload.ts";

/** What a worker found out about a share of one workload's plans. */
export interface Report {
  readonly workload: string;
  /** How many plans were run, by the kind of fault. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly golden: Golden | undefined;
  /** Faults whose place did not come up again in the run. */
  readonly missed: number;
  readonly failures: readonly { readonly plan: string; readonly said: readonly string[] }[];
  /** Known differences that were met, by what is said of them. */
  readonly known: readonly string[];
  /** By the kind of fault: the most that any plan did more than without a fault. */
  readonly excess: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly seconds: number;
}

/** How many plans a report is about. */
export const plansOf = ({ kinds }: Report): number => Object.values(kinds).reduce((total, count) => total + count, 0);

/** A line that says how far a run of `all` plans is. */
export function progress(reports: readonly Report[], all: number, seconds: number): string {
  const plans = reports.reduce((total, report) => total + plansOf(report), 0);
  return `${plans} plans, ${Math.floor((plans / all) * 100)} %, ${seconds.toFixed(0)} s\n`;
}

/** Prints a line for each workload and the sum; answers the exit status. `wrong` is what is not right with the run itself. */
export function printTotals(
  reports: readonly Report[],
  chosen: readonly Workload[],
  { wrong, seconds, showExcess }: { readonly wrong: readonly string[]; readonly seconds: number; readonly showExcess: boolean },
): number {
  const out = (text: string) => process.stdout.write(text);
  const column = (count: number) => String(count).padStart(6);
  const sum = (list: readonly Report[], count: (report: Report) => number) => list.reduce((total, report) => total + count(report), 0);
  out(`\n${"workload".padEnd(60)} writes commands plans missed differ seconds\n`);
  for (const { name } of chosen) {
    const own = reports.filter(({ workload }) => workload === name);
    const { writes = 0, commands = 0 } = own[0]?.golden?.counts ?? {};
    const failures = sum(own, ({ failures: list }) => list.length);
    out(
      `${name.padEnd(60)} ${column(writes)} ${column(commands)} ${column(sum(own, plansOf))} ${column(sum(own, ({ missed }) => missed))} ${column(failures)} ${sum(own, (each) => each.seconds).toFixed(1)}\n`,
    );
  }
  if (showExcess) out(excessTable(reports));
  for (const each of wrong) out(`\nWRONG  ${each}\n`);
  const kinds = [...new Set(reports.flatMap((report) => Object.keys(report.kinds)))];
  const byKind = kinds.map((kind) => `${kind} ${sum(reports, (report) => report.kinds[kind] ?? 0)}`).join(", ");
  const plans = sum(reports, plansOf);
  const failures = sum(reports, ({ failures: list }) => list.length) + wrong.length;
  out(
    `\n${plans} plans (${byKind}) of ${chosen.length} workloads, ${sum(reports, ({ missed }) => missed)} whose place did not come up again, ${failures} differences, ${new Set(reports.flatMap(({ known }) => known)).size} known ones, ${seconds.toFixed(0)} s\n`,
  );
  out(`${Math.max(0, plans - failures)} passed, ${failures} failed\n`);
  return failures === 0 && plans > 0 ? 0 : 1;
}

/** The most that any plan did more, by the kind of fault: what the table of allowances has to be above. */
function excessTable(reports: readonly Report[]): string {
  const most = new Map<string, Map<string, { count: number; where: string }>>();
  for (const { workload, excess } of reports)
    for (const [kind, more] of Object.entries(excess))
      for (const [what, count] of Object.entries(more)) {
        const known = most.get(kind) ?? new Map<string, { count: number; where: string }>();
        most.set(kind, known);
        if (count > (known.get(what)?.count ?? 0)) known.set(what, { count, where: workload });
      }
  const lines = [...most].map(
    ([kind, known]) => `${kind}: ${[...known].map(([what, { count, where }]) => `${what} ${count} (${where})`).join(", ")}`,
  );
  return `\nMore than without a fault, at most:\n${lines.join("\n")}\n`;
}
