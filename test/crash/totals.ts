import type { GoldenFiles } from "./golden-files.ts";
import { knownDifferences } from "./known-differences.ts";
import { plansOf, type Report } from "./report.ts";

/** How many workloads and plans there are, as the repository has it. */
export interface Totals {
  readonly workloads: number;
  readonly plans: number;
}

/**
 * What is wrong with a run of all workloads itself, in sentences: fewer or more workloads or plans than stand in the repository, or, where
 * every plan was to be run (`isEvery`), plans that were not.
 */
export async function totalsDifferences(
  files: Pick<GoldenFiles, "totals">,
  reports: readonly Report[],
  isEvery: boolean,
): Promise<string[]> {
  const wanted = await files.totals();
  const goldens = new Map(reports.map(({ workload, golden }) => [workload, golden]));
  const planned = [...goldens.values()].reduce((total, golden) => total + (golden?.plans ?? 0), 0);
  const run = reports.reduce((total, report) => total + plansOf(report), 0);
  return [
    ...(goldens.size === wanted.workloads
      ? []
      : [`there are ${goldens.size} workloads, where ${wanted.workloads} stand in golden/total.txt`]),
    ...(planned === wanted.plans ? [] : [`there are ${planned} plans, where ${wanted.plans} stand in golden/total.txt`]),
    ...(run === planned || !isEvery ? [] : [`${run} plans were run, where there are ${planned}`]),
    ...knownDifferences
      .filter(({ said }) => isEvery && !reports.some(({ known }) => known.includes(String(said))))
      .map(({ workload, issue }) => `${workload} no longer differs, as issue ${issue} wanted: its entry in known-differences.ts has to go`),
    ...(isEvery || run > planned / 100 ? [] : [`only ${run} of ${planned} plans were run`]),
  ];
}
