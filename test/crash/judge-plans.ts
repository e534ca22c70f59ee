import { differences } from "./compare.ts";
import { type Fault, nameOfFault } from "./fault.ts";
import type { Golden } from "./golden.ts";
import { createGoldenFiles } from "./golden-files.ts";
import { plansFor } from "./plans.ts";
import { runPlan } from "./run-plan.ts";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads.ts";

/**
 * Judges a few plans of one workload in this process, for seeded faults: `judge-plans FOLDER WORKLOAD PLAN…`, with the folder of the golden
 * files. The plan without a fault comes first; then, for each PLAN, those of this name or beginning with it, up to the first that differs. Each
 * is one line of JSON on standard output.
 */
async function main([folder = "", name = "", ...wanted]: readonly string[]): Promise<void> {
  const workload = workloads.find((each) => each.name === name);
  const golden = await createGoldenFiles(folder).read(name);
  if (workload === undefined || golden === undefined) throw new Error(`there is no workload ${name}, or no golden file of it`);
  await judge(workload, golden, { type: "none" });
  for (const prefix of wanted.filter((each) => each !== "none")) {
    const plans = plansFor(golden.counts).filter((fault) => `${nameOfFault(fault)}:`.startsWith(`${prefix}:`));
    if (plans.length === 0) throw new Error(`${name} has no plan ${prefix}`);
    for (const fault of plans) if ((await judge(workload, golden, fault)) > 0) break;
  }
}

/** Answers how many differences there are. */
async function judge(workload: Workload, golden: Golden, fault: Fault): Promise<number> {
  const said = await saidOf(workload, golden, fault);
  process.stdout.write(`${JSON.stringify({ plan: nameOfFault(fault), said })}\n`);
  return said.length;
}

async function saidOf(workload: Workload, golden: Golden, fault: Fault): Promise<readonly string[]> {
  try {
    return differences(workload, golden, await runPlan(workload, fault), fault);
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

await main(process.argv.slice(2));
