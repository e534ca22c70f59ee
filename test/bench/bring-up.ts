// `make bench`: how long a CephCluster takes to come up, what the operator asks of the API server and of the machine for it, and what a
// restart and rest cost; beside Rook's numbers. It prints and judges nothing.

import { type ApiRequest, apiRequests, isExtra, isWrite, operatorUser } from "../e2e/support/audit.ts";
import { createCephCluster, waitForReady } from "../e2e/support/ceph-cluster.ts";
import { eventually, rest } from "../e2e/support/eventually.ts";
import { kubectl } from "../e2e/support/kubectl.ts";
import { operator } from "../e2e/support/operator.ts";
import { testCluster } from "../e2e/support/test-cluster.ts";
import { CephObserver } from "./ceph-observer.ts";
import { usageOf } from "./process-usage.ts";
import { goal, rook } from "./rook-numbers.ts";

type Numbers = { [name in keyof typeof rook]: number };

const rows: [keyof Numbers, string][] = [
  ["quorumSeconds", "3 mons in quorum, s"],
  ["mgrSeconds", "mgr active, s"],
  ["osdsSeconds", "3 OSDs up and in, s"],
  ["readySeconds", "Ready, s"],
  ["cleanSeconds", "every PG active+clean, s"],
  ["requests", "API requests until Ready"],
  ["writes", "  of them writes"],
  ["jobs", "  Jobs created"],
  ["cpuSeconds", "operator's CPU until Ready, s"],
  ["restartSeconds", "restart: until the operator has looked at all, s"],
  ["restartRequests", "  API requests"],
  ["restartWrites", "  of them writes"],
  ["restartJobs", "  Jobs created"],
  ["restRequestsPerMinute", "at rest: API requests a minute"],
  ["restWritesPerMinute", "  of them writes"],
  ["restCpuSecondsPerMinute", "  operator's CPU a minute, s"],
  ["residentMb", "operator's memory, MB"],
];

/** Requests beside watches and the Lease; those of Rook's column are counted the same way, and it has no Lease. */
async function extraRequests(from: number, to = Date.now()): Promise<ApiRequest[]> {
  return (await apiRequests({ user: operatorUser, from, to })).filter(isExtra);
}

const jobsIn = (requests: ApiRequest[]) =>
  requests.filter((request) => request.resource === "batch/jobs" && ["create", "patch"].includes(request.verb)).length;

async function bringUp() {
  const devices = { node1: [await testCluster.addDisk(1)], node2: [await testCluster.addDisk(2)], node3: [await testCluster.addDisk(3)] };
  await operator.deploy();
  await rest(5000); // so that the nodes' first syncs and the operator's start are not measured with it
  const pod = await operator.pod();
  const idle = await usageOf(pod);

  const began = Date.now();
  const since = (time: number) => (time - began) / 1000;
  await createCephCluster({ mons: 3, mgrs: 2, devices });
  const ready = waitForReady(300).then(() => Date.now());
  const observer = await CephObserver.start(3);
  try {
    const [readyAt, quorum, mgr, osds] = await Promise.all([
      ready,
      observer.first("3 mons are in quorum", (moment) => moment.quorum === 3),
      observer.first("a mgr is active", (moment) => moment.mgr),
      observer.first("3 OSDs are up and in", (moment) => moment.osdsUp === 3 && moment.osdsIn === 3),
    ]);
    const used = await usageOf(pod);
    const requests = await extraRequests(began, readyAt);
    const clean = await observer.first(
      "every PG is clean",
      (moment) => moment.osdsIn === 3 && moment.pgs > 0 && moment.clean === moment.pgs,
    );
    return {
      quorumSeconds: since(quorum),
      mgrSeconds: since(mgr),
      osdsSeconds: since(osds),
      readySeconds: since(readyAt),
      cleanSeconds: since(clean),
      requests: requests.length,
      writes: requests.filter(isWrite).length,
      jobs: jobsIn(requests),
      cpuSeconds: used.cpuSeconds - idle.cpuSeconds,
    };
  } finally {
    observer.stop();
  }
}

async function restart() {
  await settled();
  await operator.restart();
  // its user's requests since then that are of the new process: from the new container's first on, until it has nothing more to ask
  const pod = await operator.pod();
  const began = Date.parse(pod.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? "");
  await rest(45_000);
  const requests = await extraRequests(began, began + 40_000);
  const first = (await apiRequests({ user: operatorUser, from: began }))[0]?.time ?? began;
  const burst = requests.filter((request) => request.time < first + 40_000);
  return {
    restartSeconds: ((lastOfBurst(burst)?.time ?? first) - first) / 1000,
    restartRequests: requests.length,
    restartWrites: requests.filter(isWrite).length,
    restartJobs: jobsIn(requests),
  };
}

/** The last request before the first pause of 5 s. */
function lastOfBurst(requests: readonly ApiRequest[]): ApiRequest | undefined {
  return requests.find((request, index) => (requests[index + 1]?.time ?? Number.POSITIVE_INFINITY) - request.time > 5000);
}

async function atRest() {
  await settled();
  const pod = await operator.pod();
  const before = await usageOf(pod);
  const from = Date.now();
  await rest(120_000);
  const after = await usageOf(pod);
  const requests = await extraRequests(from);
  process.stdout.write(`Memory: ${after.residentMb.toFixed(1)} MB now, ${after.peakMb.toFixed(1)} MB at the most\n`);
  return {
    restRequestsPerMinute: requests.length / 2,
    restWritesPerMinute: requests.filter(isWrite).length / 2,
    restCpuSecondsPerMinute: (after.cpuSeconds - before.cpuSeconds) / 2,
    residentMb: after.residentMb,
  };
}

/** Waits until the operator has written nothing for 15 s; goes on after 2 minutes all the same. */
async function settled(): Promise<void> {
  await eventually(
    "the operator writes nothing",
    async () => {
      const writes = (await extraRequests(Date.now() - 15_000)).filter(isWrite).length;
      if (writes > 0) throw new Error(`${writes} writes`);
    },
    { seconds: 120, everyMs: 1000 },
  ).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
}

function print(numbers: Partial<Numbers>): void {
  const text = (value: number | undefined) => (value === undefined ? "" : String(Math.round(value * 100) / 100));
  const ratio = (ours: number, theirs: number) => (ours === 0 ? "none" : `${(theirs / ours).toFixed(1)} x less`);
  process.stdout.write(`${"".padEnd(52)}${"Jackdaw".padStart(10)}${"goal".padStart(8)}${"Rook".padStart(8)}\n`);
  for (const [name, title] of rows) {
    const ours = numbers[name];
    if (ours === undefined) continue;
    const columns = `${text(ours).padStart(10)}${text(goal[name]).padStart(8)}${text(rook[name]).padStart(8)}`;
    process.stdout.write(`${title.padEnd(52)}${columns}   ${ratio(ours, rook[name])}\n`);
  }
}

await testCluster.up(3);
const numbers: Partial<Numbers> = await bringUp();
print(numbers);
Object.assign(numbers, await restart(), await atRest());
process.stdout.write(`\n${(await kubectl(["get", "cephcluster", "-A"])).trim()}\n\n`);
print(numbers);
await testCluster.down();
