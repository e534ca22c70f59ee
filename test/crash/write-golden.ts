import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { clusterKey, clusterOf, createCrashWorld } from "./crash-world.ts";
import { endStateOf } from "./end-state.ts";
import { createGoldenFiles } from "./golden-files.ts";
import { wantedEnd, withoutKnown } from "./known-differences.ts";
import { plansFor } from "./plans.ts";
import { runPlan } from "./run-plan.ts";
import { workloads } from "./workloads.ts";

/** Writes the golden files of the workloads whose name has the first argument in it; of all, and the standard cluster, without one. */
const [wanted = ""] = process.argv.slice(2);
const files = createGoldenFiles(new URL("../test/crash/golden", import.meta.url).pathname);

if (wanted === "") {
  const world = createCrashWorld({ fault: { type: "none" } });
  world.startOperator();
  world.user.create(CephCluster, clusterOf());
  if (!(await world.settle()))
    throw new Error(`the standard cluster does not come to rest: ${JSON.stringify(world.user.get(CephCluster, clusterKey)?.status)}`);
  await world.sim.ceph.admin().command({ prefix: "fsid" });
  await files.writeStandard(endStateOf(world.sim));
}
let wrong = 0;
for (const workload of workloads.filter(({ name }) => name.includes(wanted))) {
  const outcome = await runPlan(workload, { type: "none" });
  const problems = withoutKnown(workload.name, "none", outcome.problems).said;
  for (const problem of problems) process.stdout.write(`${workload.name}: ${problem}\n`);
  wrong += problems.length;
  const { counts, endsAfterMs, readsAtRest = 0, end, tally } = outcome;
  await files.write(workload.name, {
    counts,
    plans: plansFor(counts).length,
    endsAfterMs,
    readsAtRest,
    end: wantedEnd(workload.name, end),
    tally,
  });
}
const removed = wanted === "" ? await files.prune(workloads.map(({ name }) => name)) : [];
const goldens = await Promise.all(workloads.map(({ name }) => files.read(name)));
const plans = goldens.reduce((total, golden) => total + (golden?.plans ?? 0), 0);
await files.writeTotals({ workloads: workloads.length, plans });
process.stdout.write(
  `${workloads.length} workloads, ${plans} plans; removed: ${removed.length === 0 ? "none" : removed.join(", ")}; look at git diff before you commit\n`,
);
process.exitCode = wrong === 0 ? 0 : 1;
