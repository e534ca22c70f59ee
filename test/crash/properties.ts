import * as fc from "fast-check";
import { Deployment, Node, Pod, Secret } from "../../src/kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../../src/schema/ceph-cluster.ts";
import { disksAnnotation, powerAnnotation } from "../../src/simkube/controllers/nodes.ts";
import { type CrashWorld, clusterKey, clusterOf, createCrashWorld } from "./crash-world.ts";

/** Something that happens to a running cluster. */
type Deed =
  | { readonly type: "edit"; readonly which: number }
  | { readonly type: "killPod"; readonly which: number }
  | { readonly type: "deleteDeployment"; readonly which: number }
  | { readonly type: "deleteSecret"; readonly which: number }
  | { readonly type: "cutPower"; readonly node: number }
  | { readonly type: "restorePower"; readonly node: number }
  | { readonly type: "pullDisk"; readonly node: number }
  | { readonly type: "putDiskBack"; readonly node: number }
  | { readonly type: "restartOperator" }
  | { readonly type: "wait"; readonly seconds: number };

const edits: readonly CephClusterSpec[] = [
  { resources: { mon: { requests: { memory: "2Gi" } } } },
  { resources: { osd: { requests: { memory: "4Gi" } } } },
  { resources: {} },
  { cephConfig: { global: { osd_pool_default_size: "2" } } },
  { dashboard: { enabled: false } },
  { dashboard: { enabled: true, ssl: true, port: 9443 } },
  { crashCollector: { disable: true } },
  { crashCollector: { disable: false } },
  { disruptionManagement: { managePodBudgets: false } },
  { labels: { all: { team: "storage" } } },
  { cephVersion: { image: "quay.io/ceph/ceph:v20.2.5" } },
  { mgr: { count: 1 } },
  { mgr: { count: 2 } },
];

const nodes = 3;
/** A daemon that has crashed often is started again after 300 s. */
const longestBackOffMs = 400_000;
const which = fc.nat(1000);
const node = fc.integer({ min: 1, max: nodes });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("edit" as const), which }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("killPod" as const), which }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("deleteDeployment" as const), which }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("deleteSecret" as const), which }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("cutPower" as const), node }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("restorePower" as const), node }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("pullDisk" as const), node }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("putDiskBack" as const), node }) },
  { weight: 1, arbitrary: fc.constant({ type: "restartOperator" as const }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 400 }) }) },
);

/** Any row of deeds, and then peace: the cluster comes to what its spec asks for, and then nothing is written any more. */
async function comesToRest(startsFresh: boolean, deeds: readonly Deed[]): Promise<void> {
  const world = createCrashWorld({ fault: { type: "none" }, nodes });
  world.startOperator();
  world.user.create(CephCluster, clusterOf());
  if (!startsFresh && !(await world.settle())) throw new Error("does not come to rest before anything happened");
  for (const each of deeds) {
    await act(world, each);
    await world.clock.advance(200);
  }
  for (let n = 1; n <= nodes; n += 1) {
    annotate(world, n, powerAnnotation, "on");
    annotate(world, n, disksAnnotation, "sdb");
  }
  if (!(await world.settle(longestBackOffMs))) throw new Error(`does not come to rest: ${sayOf(world)}`);
  const ready = world.user.get(CephCluster, clusterKey)?.status?.conditions?.find((c) => c.type === "Ready");
  if (ready?.status !== "True") throw new Error(`is not Ready: ${sayOf(world)}`);
  const asked = world.user.get(CephCluster, clusterKey)?.spec?.cephVersion?.image;
  const others = world.user.list(Deployment, clusterKey.namespace).filter((d) => d.spec?.template.spec?.containers[0]?.image !== asked);
  if (others.length > 0) throw new Error(`${others.map((d) => d.metadata.name).join(", ")} does not run ${asked ?? ""}`);
  world.begin();
  world.stopOperators();
  world.startOperator();
  if (!(await world.settle())) throw new Error("does not come to rest after a restart");
  const more = [
    ...world.journal.entries().writes.map(({ verb, kind, name }) => `${verb} ${kind} ${name}`),
    ...world.journal.entries().commands.map(({ prefix }) => prefix),
  ];
  if (more.length > 0) throw new Error(`still does: ${more.slice(0, 5).join(", ")}`);
  const [violation] = world.violations();
  if (violation !== undefined) throw new Error(violation);
}

async function act(world: CrashWorld, what: Deed): Promise<void> {
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
  switch (what.type) {
    case "edit": {
      const cluster = world.user.get(CephCluster, clusterKey);
      const edit = pick(edits, what.which);
      if (cluster !== undefined) world.user.change(CephCluster, cluster, (c) => ({ ...c, spec: { ...c.spec, ...edit } }));
      return;
    }
    case "killPod": {
      const pod = pick(world.user.list(Pod, clusterKey.namespace), what.which);
      if (pod !== undefined) world.user.remove(Pod, pod);
      return;
    }
    case "deleteDeployment": {
      const deployment = pick(world.user.list(Deployment, clusterKey.namespace), what.which);
      if (deployment !== undefined) world.user.remove(Deployment, deployment);
      return;
    }
    case "deleteSecret": {
      // without its identity a cluster cannot be helped, by design
      const secret = pick(
        world.user.list(Secret, clusterKey.namespace).filter((s) => s.metadata.name !== "rook-ceph-mon"),
        what.which,
      );
      if (secret !== undefined) world.user.remove(Secret, secret);
      return;
    }
    case "cutPower":
      return annotate(world, what.node, powerAnnotation, "off");
    case "restorePower":
      return annotate(world, what.node, powerAnnotation, "on");
    case "pullDisk": {
      const found = world.user.get(Node, { name: `node${what.node}` });
      // a disk that comes after the look at its node is not looked for until somebody asks for another look
      if (found === undefined || !world.sim.disks.on(found).some(({ content }) => content.type === "osd")) return;
      return annotate(world, what.node, disksAnnotation, "");
    }
    case "putDiskBack":
      return annotate(world, what.node, disksAnnotation, "sdb");
    case "restartOperator":
      world.stopOperators();
      world.startOperator();
      return;
    case "wait":
      return world.clock.advance(what.seconds * 1000);
  }
}

function annotate(world: CrashWorld, n: number, name: string, value: string): void {
  const found = world.user.get(Node, { name: `node${n}` });
  if (found !== undefined)
    world.user.change(Node, found, (each) => ({
      ...each,
      metadata: { ...each.metadata, annotations: { ...each.metadata.annotations, [name]: value } },
    }));
}

function sayOf(world: CrashWorld): string {
  return world.user.get(CephCluster, clusterKey)?.status?.message ?? "nothing said";
}

const flag = (name: string) => process.argv[process.argv.indexOf(`--${name}`) + 1];
const has = (name: string) => process.argv.includes(`--${name}`);
const runs = has("runs") ? Number(flag("runs")) : 100;
const seed = has("seed") ? Number(flag("seed")) : Date.now() % 2 ** 31;
const path = has("path") ? (flag("path") ?? "") : "";

const result = await fc.check(
  fc.asyncProperty(fc.boolean(), fc.array(deed, { minLength: 1, maxLength: 12 }), async (startsFresh, deeds) =>
    comesToRest(startsFresh, deeds),
  ),
  { numRuns: runs, seed, path, endOnFailure: has("path"), interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true },
);
if (result.failed) {
  process.stdout.write(`${String(result.errorInstance)}\n${JSON.stringify(result.counterexample, undefined, 1)}\n`);
  process.stdout.write(`again: make properties ARGS="--seed ${result.seed} --path ${result.counterexamplePath ?? ""}"\n`);
}
process.stdout.write(`seed ${result.seed}\n${result.numRuns - (result.failed ? 1 : 0)} passed, ${result.failed ? 1 : 0} failed\n`);
process.exitCode = result.failed ? 1 : 0;
