import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { type CrashWorld, type CrashWorldState, clusterKey, createCrashWorld } from "./crash-world.ts";
import { type EndState, endStateOf } from "./end-state.ts";
import type { Fault } from "./fault.ts";
import { startTally, type Tally } from "./tally.ts";
import type { Workload } from "./workload.ts";

/** What came of a workload under a fault. */
export interface Outcome {
  readonly end: EndState;
  readonly tally: Tally;
  /** How many writes, commands and told changes there were, for the plans that follow from them. */
  readonly counts: {
    readonly writes: number;
    readonly commands: number;
    readonly reads: number;
    readonly watchEvents: number;
    readonly statusWrites: number;
  };
  /** Whether the fault had its place in this run. */
  readonly faultCame: boolean;
  /** What must not be: broken invariants, no rest, an end that is not the one wanted. */
  readonly problems: readonly string[];
}

/** What there is before a workload: the same for all its plans, and most of their work. */
interface Beginning {
  readonly state: CrashWorldState | undefined;
  readonly problems: readonly string[];
}

const beginnings = new Map<Workload, Promise<Beginning>>();

const optionsOf = ({ nodes, disks, deviceIntervalMs }: Workload) => ({
  ...(nodes === undefined ? {} : { nodes }),
  ...(disks === undefined ? {} : { disks }),
  ...(deviceIntervalMs === undefined ? {} : { deviceIntervalMs }),
});

function beginningOf(workload: Workload): Promise<Beginning> {
  const made = makeBeginning(workload);
  beginnings.set(workload, made);
  return made;
}

async function makeBeginning(workload: Workload): Promise<Beginning> {
  if (workload.from === undefined) return { state: undefined, problems: [] };
  const world = createCrashWorld({ ...optionsOf(workload), fault: { type: "none" } });
  const problems: string[] = [];
  world.startOperator();
  world.user.create(CephCluster, workload.from);
  await settleOrSay(world, problems, "before the workload", 20_000);
  if (sayOf(world).ready !== "True") problems.push(`not Ready before the workload: ${sayOf(world).message}`);
  if (workload.before !== undefined) {
    workload.before(world);
    await settleOrSay(world, problems, "before the workload", 20_000);
  }
  world.stopOperators();
  return { state: world.save(), problems: [...problems, ...world.violations()] };
}

/** Runs a workload from its beginning, with one fault. */
export async function runPlan(workload: Workload, fault: Fault): Promise<Outcome> {
  const before = await (beginnings.get(workload) ?? beginningOf(workload));
  const problems: string[] = [...before.problems];
  const world = createCrashWorld({ ...optionsOf(workload), fault, ...(before.state ? { from: before.state } : {}) });
  world.startOperator();
  if (before.state !== undefined) await settleOrSay(world, problems, "before the workload", 20_000);
  world.begin();
  const tally = startTally(world);
  try {
    workload.act(world);
    await settleOrSay(world, problems, "after the workload", workload.restForMs);
  } catch (error) {
    problems.push(`what the workload's user does next cannot be done: ${String(error)}`);
  }
  const counted = tally();
  const counts = {
    writes: world.writes().length,
    commands: world.commands().length,
    reads: world.reads(),
    watchEvents: world.watchEvents(),
    statusWrites: world.writes().filter(({ verb }) => verb === "patch status of").length,
  };
  // Ceph looks at its Pods when it is asked
  await world.sim.ceph
    .admin()
    .command({ prefix: "fsid" })
    .catch(() => {});
  const end = endStateOf(world.sim);
  problems.push(...judgeEnd(world, workload));
  await judgeRestart(world, problems);
  return { end, tally: counted, counts, faultCame: world.faultHasCome(), problems: [...problems, ...world.violations()] };
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

/** A new operator that finds everything done does nothing at all. */
async function judgeRestart(world: CrashWorld, problems: string[]): Promise<void> {
  world.stopOperators();
  const [writes, commands] = [world.writes().length, world.commands().length];
  world.startOperator();
  await settleOrSay(world, problems, "after a restart at the end");
  const more = [
    ...world
      .writes()
      .slice(writes)
      .map(({ verb, kind, name }) => `${verb} ${kind} ${name}`),
    ...world
      .commands()
      .slice(commands)
      .map(({ prefix }) => `ceph ${prefix}`),
  ];
  if (more.length > 0) problems.push(`a new operator still does: ${[...new Set(more)].slice(0, 5).join(", ")}`);
}
