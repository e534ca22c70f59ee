import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { type CrashWorld, type CrashWorldOptions, type CrashWorldState, clusterKey, createCrashWorld } from "./crash-world.ts";
import type { Workload } from "./workload.ts";

/** What there is before a workload: the same for all its plans, and most of their work. */
export interface Beginning {
  /** Undefined where a workload begins with nothing. */
  readonly state: CrashWorldState | undefined;
  readonly problems: readonly string[];
}

/** What a workload says of its world. */
export const optionsOf = ({ nodes, disks, deviceIntervalMs, operatorNamespace, hostnames }: Workload): Partial<CrashWorldOptions> => ({
  ...(nodes === undefined ? {} : { nodes }),
  ...(disks === undefined ? {} : { disks }),
  ...(deviceIntervalMs === undefined ? {} : { deviceIntervalMs }),
  ...(operatorNamespace === undefined ? {} : { operatorNamespace }),
  ...(hostnames === undefined ? {} : { hostnames }),
});

const ofWorkloads = new Map<Workload, Promise<Beginning>>();
/** Clusters at rest, by what they were made of: many workloads begin with the same. */
const ofClusters = new Map<string, Promise<Beginning>>();

/** The beginning of a workload, made when it is first asked for. */
export function beginningOf(workload: Workload): Promise<Beginning> {
  const made = ofWorkloads.get(workload) ?? begin(workload);
  ofWorkloads.set(workload, made);
  return made;
}

async function begin(workload: Workload): Promise<Beginning> {
  if (workload.from === undefined) return { state: undefined, problems: [] };
  const cluster = await clusterOfWorkload(workload);
  if (workload.before === undefined || cluster.state === undefined) return cluster;
  const world = createCrashWorld({ ...optionsOf(workload), fault: { type: "none" }, from: cluster.state });
  world.startOperator();
  const problems = [...cluster.problems];
  workload.before(world);
  return atRest(world, problems);
}

function clusterOfWorkload(workload: Workload): Promise<Beginning> {
  const { from, nodes = 3, disks = () => "sdb", deviceIntervalMs, operatorNamespace, hostnames } = workload;
  const ofNodes = Array.from({ length: nodes }, (_, index) => [disks(index + 1), hostnames?.(index + 1)]);
  const words = JSON.stringify([from, nodes, ofNodes, deviceIntervalMs, operatorNamespace]);
  const made = ofClusters.get(words) ?? makeCluster(workload);
  ofClusters.set(words, made);
  return made;
}

async function makeCluster(workload: Workload): Promise<Beginning> {
  const world = createCrashWorld({ ...optionsOf(workload), fault: { type: "none" } });
  const problems: string[] = [];
  world.startOperator();
  if (workload.from !== undefined) world.user.create(CephCluster, workload.from);
  const made = await atRest(world, problems);
  const status = world.user.get(CephCluster, clusterKey)?.status;
  if (status?.conditions?.find((c) => c.type === "Ready")?.status !== "True")
    problems.push(`not Ready before the workload: ${status?.message ?? "nothing said"}`);
  return made;
}

async function atRest(world: CrashWorld, problems: string[]): Promise<Beginning> {
  if (!(await world.settle(20_000))) problems.push("does not come to rest before the workload");
  world.stopOperators();
  problems.push(...world.violations());
  return { state: world.save(), problems };
}
