import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { differences } from "./compare.ts";
import { type Fault, nameOfFault } from "./fault.ts";
import { plansFor } from "./plans.ts";
import { type Outcome, runPlan } from "./run-plan.ts";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads.ts";

/** What a worker found out about one workload. */
interface Report {
  readonly workload: string;
  readonly plans: number;
  /** Plans by the kind of fault. */
  readonly byFault: Readonly<Record<string, number>>;
  readonly writes: number;
  readonly commands: number;
  /** Faults whose place did not come up again in the run. */
  readonly missed: number;
  readonly failures: readonly { readonly plan: string; readonly said: readonly string[] }[];
  readonly seconds: number;
}

/** A share of one workload's plans: every `of`-th, from `part` on. */
interface Task {
  readonly workload: string;
  readonly part: number;
  readonly of: number;
  readonly only: string | undefined;
  readonly stopAtFirst: boolean;
  /** Of answers and told changes, only each so-manieth place. */
  readonly every: number;
  /** Only each so-manieth plan. */
  readonly share: number;
}

/** Of this worker, by workload. */
const references = new Map<string, Outcome>();

async function work({ workload: name, part, of, only, stopAtFirst, every, share }: Task): Promise<Report> {
  const began = performance.now();
  const workload = workloads.find((each) => each.name === name);
  if (workload === undefined) throw new Error(`there is no workload ${name}`);
  const reference = references.get(name) ?? (await runPlan(workload, { type: "none" }));
  references.set(name, reference);
  const failures: { plan: string; said: string[] }[] = [];
  if (reference.problems.length > 0 && part === 0) failures.push({ plan: "none", said: [...reference.problems] });
  // another share of each workload, so that every kind of fault has its turn
  const turn = workloads.indexOf(workload);
  const plans = plansFor(reference, every)
    .filter((_, index) => (index + turn) % share === 0)
    .filter((fault, index) => index % of === part && (only === undefined || isNamed(fault, only)));
  let missed = 0;
  for (const fault of plans) {
    if (stopAtFirst && failures.length > 0) break;
    const said = await judge(workload, fault, reference);
    if (said === "missed") missed += 1;
    else if (said.length > 0) failures.push({ plan: nameOfFault(fault), said });
  }
  return {
    workload: name,
    plans: plans.length,
    byFault: Object.fromEntries(Object.entries(Object.groupBy(plans, ({ type }) => type)).map(([type, list]) => [type, list.length])),
    writes: reference.counts.writes,
    commands: reference.counts.commands,
    missed,
    failures,
    seconds: (performance.now() - began) / 1000,
  };
}

/** By its whole name, or by its beginning up to a colon: `write`, `write:kill`, `write:kill:17`. */
function isNamed(fault: Fault, name: string): boolean {
  return `${nameOfFault(fault)}:`.startsWith(`${name}:`);
}

async function judge(workload: Workload, fault: Fault, reference: Outcome): Promise<string[] | "missed"> {
  try {
    const outcome = await runPlan(workload, fault);
    const said = differences(workload, reference, outcome, fault);
    return said.length === 0 && !outcome.faultCame ? "missed" : said;
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

/** Runs all plans of the workloads whose name has `wanted` in it; resolves with the exit status. */
async function main(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const [wanted = "", only] = args.filter((arg) => !arg.startsWith("--"));
  const stopAtFirst = args.includes("--stop-at-first");
  const numberOf = (flag: string) => Number(args.find((arg) => arg.startsWith(`--${flag}=`))?.split("=")[1] ?? 1);
  const [every, share] = [numberOf("every"), numberOf("share")];
  const chosen = workloads.filter(({ name }) => name.includes(wanted));
  const cores = availableParallelism();
  const of = 4;
  const tasks: Task[] = chosen.flatMap(({ name }) =>
    Array.from({ length: of }, (_, part) => ({ workload: name, part, of, only, stopAtFirst, every, share })),
  );
  const reports: Report[] = [];
  let failures = 0;
  const hear = (report: Report): void => {
    reports.push(report);
    failures += report.failures.length;
    for (const { plan, said } of report.failures)
      process.stdout.write(
        `\nDIFFERENCE  ${report.workload} ${plan}\n${said
          .slice(0, 6)
          .map((line) => `    ${line}\n`)
          .join("")}    again: make crash ARGS="${report.workload} ${plan}"\n`,
      );
  };
  await Promise.all(
    Array.from({ length: Math.min(cores, tasks.length) }, async () => {
      const worker = new Worker(new URL(import.meta.url));
      try {
        for (let task = tasks.shift(); task !== undefined && !(stopAtFirst && failures > 0); task = tasks.shift()) {
          const answer = Promise.withResolvers<Report>();
          worker.once("message", answer.resolve);
          worker.once("error", answer.reject);
          worker.postMessage(task);
          hear(await answer.promise);
          worker.off("error", answer.reject);
        }
      } finally {
        await worker.terminate();
      }
    }),
  );

  const sum = (count: (report: Report) => number) => reports.reduce((total, report) => total + count(report), 0);
  process.stdout.write(
    `\n${"workload".padEnd(50)} ${"writes".padStart(6)} ${"commands".padStart(8)} ${"plans".padStart(6)} ${"missed".padStart(6)} ${"differ".padStart(6)}\n`,
  );
  for (const { name } of chosen) {
    const own = reports.filter(({ workload }) => workload === name);
    const of = (count: (report: Report) => number) => String(own.reduce((total, report) => total + count(report), 0)).padStart(6);
    process.stdout.write(
      `${name.padEnd(50)} ${String(own[0]?.writes ?? 0).padStart(6)} ${String(own[0]?.commands ?? 0).padStart(8)} ${of((r) => r.plans)} ${of((r) => r.missed)} ${of((r) => r.failures.length)}\n`,
    );
  }
  const types = [...new Set(reports.flatMap(({ byFault }) => Object.keys(byFault)))];
  const byType = types.map((type) => `${type} ${sum(({ byFault }) => byFault[type] ?? 0)}`).join(", ");
  const plans = sum((report) => report.plans);
  process.stdout.write(
    `\n${plans} plans (${byType}) of ${chosen.length} workloads, ${sum((r) => r.missed)} whose place did not come up again, ${failures} differences, ${((performance.now() - began) / 1000).toFixed(0)} s\n`,
  );
  process.stdout.write(`${plans - failures} passed, ${failures} failed\n`);
  return failures === 0 && plans > 0 ? 0 : 1;
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else
  parentPort?.on("message", (task: Task) => {
    void work(task).then((report) => parentPort?.postMessage(report));
  });
