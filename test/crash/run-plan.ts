import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { beginningOf, optionsOf } from "./beginnings.ts";
import { watchConditionTimes } from "./condition-times.ts";
import { type CrashWorld, clusterKey, createCrashWorld } from "./crash-world.ts";
import { type EndState, endStateOf } from "./end-state.ts";
import type { Fault } from "./fault.ts";
import type { JournalCounts } from "./journal.ts";
import { startTally, type Tally } from "./tally.ts";
import type { Workload } from "./workload.ts";

/** What came of a workload under a fault. */
export interface Outcome {
  readonly end: EndState;
  readonly tally: Tally;
  /** How many places for faults there were. */
  readonly counts: JournalCounts;
  /** Virtual time from the user's act to the last change, in milliseconds. */
  readonly endsAfterMs: number;
  /** What an operator reads in a minute at the end; only told without a fault. */
  readonly readsAtRest: number | undefined;
  /** Whether the fault had its place in this run. */
  readonly faultCame: boolean;
  /** What must not be: broken invariants, no rest, an end that is not the one wanted. */
  readonly problems: readonly string[];
}

/** How long a new operator, which looks again by itself, has nothing to do at the end. */
const surelyMs = 75_000;
/** How often an operator may read at rest, a minute: what has just begun is looked at ever less often, from twice a second on. */
const mostReadsAtRest = 600;

/** Runs a workload from its beginning, with one fault. */
export async function runPlan(workload: Workload, fault: Fault): Promise<Outcome> {
  const before = await beginningOf(workload);
  const problems: string[] = [...before.problems];
  const intervals = workload.onlyCephTells === undefined ? "off" : "on";
  const world = createCrashWorld({ ...optionsOf(workload), fault, intervals, ...(before.state ? { from: before.state } : {}) });
  world.startOperator();
  if (before.state !== undefined) await settleOrSay(world, problems, "before the workload");
  world.begin();
  const began = world.clock.now();
  const tally = startTally(world);
  const movedTimes = watchConditionTimes(world.sim);
  try {
    workload.act(world);
    await settleOrSay(world, problems, "after the workload", workload.restForMs);
  } catch (error) {
    problems.push(`what the workload's user does next cannot be done: ${String(error)}`);
  }
  const [counted, counts, endsAfterMs] = [tally(), world.journal.counts(), Math.max(0, world.lastChange() - began)];
  // Ceph looks at its Pods when it is asked
  await world.sim.ceph
    .admin()
    .command({ prefix: "fsid" })
    .catch(() => {});
  const end = endStateOf(world.sim, movedTimes);
  problems.push(...judgeEnd(world, workload));
  const readsAtRest = fault.type === "none" ? await readsOfAMinute(world, problems) : undefined;
  await judgeRestart(world, problems, fault.type === "none");
  return {
    end,
    tally: counted,
    counts,
    endsAfterMs,
    readsAtRest,
    faultCame: world.faultHasCome(),
    problems: [...problems, ...world.violations()],
  };
}

async function settleOrSay(world: CrashWorld, problems: string[], when: string, restForMs?: number): Promise<void> {
  if (!(await world.settle(restForMs))) problems.push(`does not come to rest ${when}: ${sayOf(world).message}`);
}

function sayOf(world: CrashWorld): { ready: string | undefined; reason: string | undefined; message: string } {
  const status = world.user.get(CephCluster, clusterKey)?.status;
  const condition = status?.conditions?.find((c) => c.type === "Ready");
  return { ready: condition?.status, reason: condition?.reason, message: status?.message ?? "nothing said" };
}

function judgeEnd(world: CrashWorld, { ends, wants }: Workload): string[] {
  const cluster = world.user.get(CephCluster, clusterKey);
  const { ready, reason, message } = sayOf(world);
  const missing = wants?.(world);
  if (ends === "gone")
    return [...(cluster === undefined ? [] : [`the CephCluster is still there: ${message}`]), ...(missing === undefined ? [] : [missing])];
  const isAsWanted = ends === undefined ? ready === "True" : ready === "False" && [ends].flat().some((each) => each === reason);
  return [
    ...(isAsWanted ? [] : [`Ready is ${ready ?? "unsaid"} with ${reason ?? "no reason"}, not ${String(ends ?? "True")}: ${message}`]),
    ...(missing === undefined ? [] : [missing]),
  ];
}

/** What an operator reads in a minute in which nothing happens. */
async function readsOfAMinute(world: CrashWorld, problems: string[]): Promise<number> {
  const readsOf = () => [...world.journal.entries().reads.values()].reduce((total, times) => total + times, 0);
  const before = readsOf();
  await world.clock.advance(60_000);
  const reads = readsOf() - before;
  if (reads > mostReadsAtRest) problems.push(`${reads} reads in a minute at rest, where ${mostReadsAtRest} are the most`);
  return reads;
}

/**
 * A new operator that finds everything done does nothing at all. `surely`: not even where it looks again by itself, as long as any of its
 * intervals.
 */
async function judgeRestart(world: CrashWorld, problems: string[], surely: boolean): Promise<void> {
  world.stopOperators();
  const { writes, commands } = world.journal.counts();
  world.startOperator(surely ? "on" : undefined);
  await settleOrSay(world, problems, "after a restart at the end", surely ? surelyMs : undefined);
  const after = world.journal.entries();
  const more = [
    ...after.writes.slice(writes).map(({ verb, kind, name }) => `${verb} ${kind} ${name}`),
    ...after.commands.slice(commands).map(({ prefix }) => `ceph ${prefix}`),
  ];
  if (more.length > 0) problems.push(`a new operator still does: ${[...new Set(more)].slice(0, 5).join(", ")}`);
}
