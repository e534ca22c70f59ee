import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { differences, excessOf } from "./compare.ts";
import { type Fault, kindOfFault, nameOfFault } from "./fault.ts";
import type { Golden } from "./golden.ts";
import { createGoldenFiles } from "./golden-files.ts";
import { withoutKnown } from "./known-differences.ts";
import { plansFor } from "./plans.ts";
import { printTotals, progress, type Report } from "./report.ts";
import { type Outcome, runPlan } from "./run-plan.ts";
import { totalsDifferences } from "./totals.ts";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads.ts";

/** Which plans of one workload a worker runs. */
interface Task {
  readonly workload: string;
  /** Every `of`-th plan, from `part` on. */
  readonly part: number;
  readonly of: number;
  readonly only: string | undefined;
  readonly stopAtFirst: boolean;
  /** Of answers and told changes, only each so-manieth place. */
  readonly every: number;
  /** Only each so-manieth plan. */
  readonly share: number;
}

/** Plans of one workload that a worker runs before it tells how they went: few enough that no worker is the last for long. */
const plansInTask = 60;

const folder = new URL("../test/crash/golden", import.meta.url).pathname;
const files = createGoldenFiles(folder);

async function work(task: Task): Promise<Report> {
  const { workload: name, part, of, only, stopAtFirst, every, share } = task;
  const began = performance.now();
  const workload = workloads.find((each) => each.name === name);
  if (workload === undefined) throw new Error(`there is no workload ${name}`);
  const golden = await files.read(name);
  const failures: { plan: string; said: readonly string[] }[] = [];
  if (golden === undefined) {
    if (part === 0) failures.push({ plan: "none", said: ["there is no golden file of it: make golden writes it"] });
    return { workload: name, kinds: {}, golden, missed: 0, failures, known: [], excess: {}, seconds: 0 };
  }
  // another share of each workload, so that every kind of fault has its turn
  const turn = workloads.indexOf(workload);
  const plans = plansFor(golden.counts, every)
    .filter((fault, index) => fault.type === "none" || (index + turn) % share === 0)
    .filter((fault, index) => index % of === part && (only === undefined || isNamed(fault, only)));
  let missed = 0;
  const known = new Set<string>();
  const excess: Record<string, Record<string, number>> = {};
  for (const fault of plans) {
    if (stopAtFirst && failures.length > 0) break;
    const judged = await judge(workload, fault, golden);
    if (judged.outcome !== undefined) keepMost((excess[kindOfFault(fault)] ??= {}), excessOf(golden, judged.outcome));
    const { said, met } = withoutKnown(name, nameOfFault(fault), judged.said);
    for (const { said: pattern } of met) known.add(String(pattern));
    if (said.length > 0) failures.push({ plan: nameOfFault(fault), said });
    else if (judged.outcome?.faultCame === false) missed += 1;
  }
  const kinds = Object.fromEntries(Object.entries(Object.groupBy(plans, kindOfFault)).map(([kind, list]) => [kind, list.length]));
  return { workload: name, kinds, golden, missed, failures, known: [...known], excess, seconds: (performance.now() - began) / 1000 };
}

function keepMost(most: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [what, count] of Object.entries(more)) most[what] = Math.max(most[what] ?? 0, count);
}

/** By its whole name, or by its beginning up to a colon: `write`, `write:kill`, `write:kill:17`. */
function isNamed(fault: Fault, name: string): boolean {
  return `${nameOfFault(fault)}:`.startsWith(`${name}:`);
}

async function judge(workload: Workload, fault: Fault, golden: Golden): Promise<{ said: string[]; outcome?: Outcome }> {
  try {
    const outcome = await runPlan(workload, fault);
    return { said: differences(workload, golden, outcome, fault), outcome };
  } catch (error) {
    return { said: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

/**
 * Runs all plans of the workloads whose name has `wanted` in it; resolves with the exit status. `--exact`: whose name it is; `--from=NAME`: from
 * this workload on; `--share=N`, `--every=N`: only some of the plans; `--excess`: with what they took; `--stop-at-first`: up to a difference.
 */
async function main(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const [wanted = "", only] = args.filter((arg) => !arg.startsWith("--"));
  const stopAtFirst = args.includes("--stop-at-first");
  const numberOf = (flag: string) => Number(args.find((arg) => arg.startsWith(`--${flag}=`))?.split("=")[1] ?? 1);
  const [every, share] = [numberOf("every"), numberOf("share")];
  const from = args.find((arg) => arg.startsWith("--from="))?.slice("--from=".length);
  const first = from === undefined ? 0 : workloads.findIndex(({ name }) => name === from);
  if (first < 0) throw new Error(`there is no workload ${from}`);
  const chosen = workloads.slice(first).filter(({ name }) => (args.includes("--exact") ? name === wanted : name.includes(wanted)));
  const plansIn = await Promise.all(chosen.map(async ({ name }) => ({ name, plans: (await files.read(name))?.plans ?? 0 })));
  const tasks: Task[] = plansIn.flatMap(({ name, plans }) => {
    const of = Math.max(1, Math.ceil(plans / share / plansInTask));
    return Array.from({ length: of }, (_, part) => ({ workload: name, part, of, only, stopAtFirst, every, share }));
  });
  const reports: Report[] = [];
  const all = plansIn.reduce((sum, { plans }) => sum + plans / share, 0);
  const hear = (report: Report): void => {
    reports.push(report);
    if (only === undefined && reports.length % 100 === 0) process.stderr.write(progress(reports, all, (performance.now() - began) / 1000));
    for (const { plan, said } of report.failures)
      process.stdout.write(
        `\nDIFFERENCE  ${report.workload} ${plan}\n${said
          .slice(0, 6)
          .map((line) => `    ${line}\n`)
          .join("")}    again: make crash ARGS="${report.workload} ${plan}"\n`,
      );
  };
  const isOver = () => stopAtFirst && reports.some(({ failures }) => failures.length > 0);
  await Promise.all(
    Array.from({ length: Math.min(availableParallelism(), tasks.length) }, async () => {
      const worker = new Worker(new URL(import.meta.url));
      try {
        for (let task = tasks.shift(); task !== undefined && !isOver(); task = tasks.shift()) hear(await ask(worker, task));
      } finally {
        await worker.terminate();
      }
    }),
  );
  const isWhole = chosen.length === workloads.length && only === undefined;
  const wrong = isWhole ? await totalsDifferences(files, reports, every === 1 && share === 1) : [];
  return printTotals(reports, chosen, { wrong, seconds: (performance.now() - began) / 1000, showExcess: args.includes("--excess") });
}

function ask(worker: Worker, task: Task): Promise<Report> {
  const answer = Promise.withResolvers<Report>();
  worker.once("message", answer.resolve);
  worker.once("error", answer.reject);
  worker.postMessage(task);
  return answer.promise.finally(() => worker.off("error", answer.reject));
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else
  parentPort?.on("message", (task: Task) => {
    void work(task).then((report) => parentPort?.postMessage(report));
  });
