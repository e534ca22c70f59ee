import { describe, expect, test } from "@jest/globals";
import { Deployment, Node, Pod, Service } from "../../src/kube/kinds.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { createVirtualClock } from "../../src/simkube/virtual-clock.ts";
import { differences } from "./compare.ts";
import { type CrashWorld, type CrashWorldOptions, clusterKey, clusterOf, createCrashWorld } from "./crash-world.ts";
import { endStateOf } from "./end-state.ts";
import type { Fault } from "./fault.ts";
import type { Golden } from "./golden.ts";
import { plansFor } from "./plans.ts";
import { type Outcome, runPlan } from "./run-plan.ts";
import { createSimProcess } from "./sim-process.ts";
import type { Counts } from "./tally.ts";
import { totalsDifferences } from "./totals.ts";
import type { Workload } from "./workload.ts";

const { namespace } = clusterKey;
const cluster = clusterOf({ mon: { count: 1 }, mgr: { count: 1 }, dashboard: { enabled: false }, crashCollector: { disable: true } });

/** A small cluster is made while something goes wrong, up to where all is at rest. */
async function made(fault: Fault, more: Partial<CrashWorldOptions> = {}): Promise<CrashWorld> {
  const world = createCrashWorld({ nodes: 1, fault, ...more });
  world.begin();
  world.startOperator();
  world.user.create(CephCluster, cluster);
  expect(await world.settle()).toBe(true);
  return world;
}

const timesRead = (world: CrashWorld, what: string) => world.journal.entries().reads.get(what) ?? 0;

describe("what a plan is compared with", () => {
  const efforts = (requests: number) => ({
    requests: new Map([["apply Secret", requests]]),
    "commands without effect": new Map(),
    reads: new Map(),
    refusals: new Map(),
    events: new Map(),
  });
  const golden: Golden = {
    counts: { writes: 1, commands: 0, reads: 0, watchEvents: 0, statusWrites: 0 },
    plans: 1,
    endsAfterMs: 1_000,
    readsAtRest: 0,
    end: new Map([["Secret a", "data: 1"]]),
    tally: { deeds: new Map([["added Secret a", 1]]), efforts: efforts(1) },
  };
  const outcome: Outcome = { ...golden, faultCame: true, problems: [] };
  const workload: Workload = { name: "none", act() {} };
  const kill: Fault = { type: "write", how: "kill", at: 1 };
  const said = (more: Partial<Outcome>, fault: Fault = kill) => differences(workload, golden, { ...outcome, ...more }, fault);
  const tallyOf = (deeds: Counts, requests = 1) => ({ tally: { deeds, efforts: efforts(requests) } });

  test("is as it is", () => {
    expect(said({})).toEqual([]);
    expect(said({}, { type: "none" })).toEqual([]);
  });

  test("is another end", () => {
    expect(said({ end: new Map([["Secret a", "data: 2"]]) })).toEqual([expect.stringMatching(/^Secret a ends otherwise/)]);
    expect(said({ end: new Map() })).toEqual(["Secret a is not there in the end"]);
  });

  test("is another deed", () => {
    expect(said(tallyOf(new Map([["added Secret a", 2]])))).toEqual(["added Secret a: 2 times instead of 1"]);
    expect(said(tallyOf(new Map()))).toEqual(["added Secret a: 0 times instead of 1"]);
  });

  test("is more effort than is allowed", () => {
    expect(said(tallyOf(golden.tally.deeds, 5_000))).toEqual([expect.stringMatching(/^4999 more requests/)]);
    expect(said(tallyOf(golden.tally.deeds, 2), { type: "none" })).toEqual([expect.stringMatching(/^requests, apply Secret/)]);
  });

  test("is a late end", () => {
    expect(said({ endsAfterMs: 3_600_000 })).toEqual([expect.stringMatching(/more delayMs/)]);
    expect(said({ endsAfterMs: 4_000 }, { type: "none" })).toEqual([expect.stringMatching(/^it ends after/)]);
  });

  test("has as many plans as stand in the repository", async () => {
    const plans = plansFor({ writes: 2, commands: 2, reads: 2, watchEvents: 2, statusWrites: 2 });
    const named = (type: string, how?: string) =>
      plans.filter((each) => each.type === type && (how === undefined || ("how" in each && each.how === how)));
    expect(named("write", "kill")).toHaveLength(2);
    expect(named("command", "kill")).toHaveLength(2);
    expect(named("read", "slow")).toHaveLength(2);
    expect(named("watch", "gone")).toHaveLength(2);
    expect(named("wipeStatus")).toHaveLength(2);

    const report = {
      workload: "a",
      kinds: { none: 1, "write:kill": 9 },
      golden: { ...golden, plans: 10 },
      missed: 0,
      known: [],
      failures: [],
      excess: {},
      seconds: 0,
    };
    const wrong = async (total: number) =>
      (await totalsDifferences({ totals: async () => ({ workloads: 1, plans: total }) }, [report], true)).filter((said) =>
        / plans/.test(said),
      );
    expect(await wrong(10)).toEqual([]);
    expect(await wrong(11)).toHaveLength(1);
  });
});

describe("a world", () => {
  test("is not at rest before all is done, and its end has Ceph in it", async () => {
    const world = await made({ type: "none" });
    const ready = world.user.get(CephCluster, clusterKey)?.status?.conditions?.find(({ type }) => type === "Ready");
    expect(ready?.status).toBe("True");
    const things = [...endStateOf(world.sim).keys()];
    for (const topic of ["osds", "entities", "monmap", "config"]) expect(things).toContain(`Ceph's ${topic}`);
  });

  test("has a second operator where one is killed", async () => {
    expect(timesRead(await made({ type: "none" }), "list for a watch Pod")).toBe(1);
    expect(timesRead(await made({ type: "write", how: "kill", at: 5 }), "list for a watch Pod")).toBe(2);
  });

  test("has two operators where two are to work at once", async () => {
    expect(timesRead(await made({ type: "twoOperators" }), "list for a watch Pod")).toBe(2);
  });

  test("shows an old view to an operator that starts anew with one", async () => {
    const refused = async (how: "kill" | "staleAct") => (await made({ type: "write", how, at: 12 })).journal.entries().refusedWrites.length;
    expect(await refused("kill")).toBe(0);
    expect(await refused("staleAct")).toBeGreaterThan(0);
  });

  test("wipes the status where it is to be wiped", async () => {
    const world = createCrashWorld({ nodes: 1, fault: { type: "wipeStatus", at: 2 } });
    let wiped = 0;
    world.sim.store.subscribe((resource, { object, before }) => {
      if (resource.kind === CephCluster.kind && before?.["status"] !== undefined && object["status"] === undefined) wiped += 1;
    });
    world.begin();
    world.startOperator();
    world.user.create(CephCluster, cluster);
    await world.settle();
    expect(wiped).toBe(1);
  });

  test("lets no OSD run without what it has on its disk", async () => {
    const world = await made({ type: "none" });
    world.stopOperators();
    const [node] = world.user.list(Node);
    const [disk] = node === undefined ? [] : world.sim.disks.on(node);
    if (node === undefined || disk === undefined) throw new Error("there is no disk");
    world.sim.disks.write(node, disk, { type: "empty" });
    for (const pod of world.user.list(Pod, namespace)) if (pod.metadata.labels?.["app"] === "rook-ceph-osd") world.user.remove(Pod, pod);
    await world.settle();
    await world.sim.ceph.admin().command({ prefix: "fsid" });
    expect([...(world.sim.ceph.state()?.osds.values() ?? [])].map(({ up }) => up)).toEqual([false]);
  });

  test("refuses what meets another object or version than it names", async () => {
    const { kube } = await made({ type: "none" });
    const key = { namespace, name: "rook-ceph-mgr-a" };
    const there = await kube.get(Deployment, key);
    await expect(kube.delete(Deployment, key, { uid: "another" })).rejects.toMatchObject({ code: "conflict" });
    const { uid } = there?.metadata ?? {};
    await expect(
      kube.mergePatch(Deployment, key, { metadata: { uid, resourceVersion: "1" }, spec: { replicas: 0 } }),
    ).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await kube.get(Deployment, key)).toEqual(there);
  });
});

test("what a new operator still has to do at the end is a problem", async () => {
  const workload: Workload = {
    name: "leave-something-undone",
    nodes: 1,
    act: (world) => void world.user.create(CephCluster, cluster),
    wants: (world) => {
      world.stopOperators();
      const service = world.user.get(Service, { namespace, name: "rook-ceph-mgr" });
      if (service !== undefined) world.user.remove(Service, service);
      return undefined;
    },
  };
  const { problems } = await runPlan(workload, { type: "write", how: "kill", at: 1 });
  expect(problems).toEqual([expect.stringMatching(/^a new operator still does: apply Service rook-ceph-mgr/)]);
});

test("nothing comes through to a process that was killed", async () => {
  const clock = createVirtualClock();
  const process = createSimProcess(clock);
  const seen: string[] = [];
  process.clock.after(1_000, () => void seen.push("timer"));
  process.kill();
  void process.reach("answer").then((answer) => void seen.push(answer));
  await clock.advance(2_000);
  expect(seen).toEqual([]);
});
