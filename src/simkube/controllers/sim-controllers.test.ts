import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Deployment, Deployment as DeploymentKind, Job, Node, Pod, PodDisruptionBudget } from "../../kube/kinds.ts";
import { createKubeStore, type KubeStore } from "../api/store.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { newNode, powerAnnotation, runningNodeStatus } from "./nodes.ts";
import type { PodPlan } from "./pod-behaviour.ts";
import { createSimControllers, type SimControllers } from "./sim-controllers.ts";
import { type TypedStore, typedStore } from "./sim-kinds.ts";

let store: KubeStore;
let world: TypedStore;
let clock: VirtualClock;
let controllers: SimControllers;
let plan: PodPlan;

const deployment = (more: object = {}): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { namespace: "ns", name: "web" },
  spec: {
    replicas: 1,
    strategy: { type: "Recreate" },
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "1" }], ...more } },
  },
});
const pods = () => world.list(Pod, "ns");
const states = () =>
  pods().map((pod) => `${pod.metadata.deletionTimestamp ? "ending" : (pod.status?.phase ?? "new")} ${pod.spec?.nodeName ?? ""}`);

beforeEach(() => {
  clock = createVirtualClock();
  store = createKubeStore({ now: () => clock.now() });
  world = typedStore(store);
  plan = { type: "serve", readyAfterMs: 100 };
  controllers = createSimControllers({ store, clock, behaviour: () => plan, timing: { stopMs: 1000 } });
  for (const name of ["node1", "node2"]) {
    const node = world.create(Node, newNode(name, { address: "192.0.2.1", disks: "" }));
    world.setStatus(Node, node, runningNodeStatus("192.0.2.1", clock.now()));
  }
});

describe("the simulated controllers", () => {
  test("a Deployment gets a ReplicaSet and a ready Pod, and says so", async () => {
    world.create(DeploymentKind, deployment());
    await clock.advance(5000);
    expect(states()).toEqual(["Running node1"]);
    expect(world.list(DeploymentKind)[0]?.status).toMatchObject({
      replicas: 1,
      updatedReplicas: 1,
      availableReplicas: 1,
      observedGeneration: 1,
    });
  });

  test("one that recreates has never two Pods at a time", async () => {
    const made = world.create(DeploymentKind, deployment());
    await clock.advance(5000);
    world.change(DeploymentKind, made, () => deployment({ hostNetwork: true }));
    await clock.advance(500);
    expect(states()).toEqual(["ending node1"]);
    await clock.advance(5000);
    expect(pods().map((pod) => [pod.spec?.hostNetwork, pod.status?.phase])).toEqual([[true, "Running"]]);
  });

  test("a deleted Pod is replaced; a deleted Deployment takes all with it", async () => {
    const made = world.create(DeploymentKind, deployment());
    await clock.advance(5000);
    const [first] = pods();
    if (first !== undefined) world.remove(Pod, first);
    await clock.advance(5000);
    expect(pods().map((pod) => pod.metadata.uid === first?.metadata.uid)).toEqual([false]);

    world.remove(DeploymentKind, made);
    await clock.advance(5000);
    expect(pods()).toEqual([]);
  });

  test("a Pod that fits nowhere waits, says why, and is placed when it can be", async () => {
    world.create(DeploymentKind, deployment({ nodeSelector: { disk: "fast" } }));
    await clock.advance(5000);
    expect(pods()[0]?.status?.conditions?.[0]).toMatchObject({
      status: "False",
      reason: "Unschedulable",
      message: "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
    });
    const node = world.get(Node, { name: "node2" });
    if (node !== undefined)
      world.change(Node, node, (n) => ({ ...n, metadata: { ...n.metadata, labels: { ...n.metadata.labels, disk: "fast" } } }));
    await clock.advance(5000);
    expect(states()).toEqual(["Running node2"]);
  });

  test.each([
    [0, "Complete"],
    [1, "Failed"],
  ])("a Job whose Pod ends with %i is %s", async (exitCode, condition) => {
    plan = { type: "end", afterMs: 100, exitCode, message: "done" };
    world.create(Job, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { namespace: "ns", name: "work" },
      spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "1" }] } } },
    });
    await clock.advance(5000);
    expect(world.list(Job)[0]?.status?.conditions?.map((c) => c.type)).toEqual([condition]);
    expect(pods()[0]?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode, message: "done" });
  });

  test("what crashes is started again after a while", async () => {
    plan = { type: "crash", exitCode: 1, message: "no disk" };
    world.create(DeploymentKind, deployment());
    await clock.advance(5000);
    expect(pods()[0]?.status?.containerStatuses?.[0]).toMatchObject({
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { message: "no disk" } },
    });
    plan = { type: "serve", readyAfterMs: 0 };
    await clock.advance(20_000);
    expect(pods()[0]?.status?.conditions?.find((c) => c.type === "Ready")?.status).toBe("True");
  });

  test("a node without power is told after 40 s, its Pods are evicted after 5 minutes, and end when it is gone", async () => {
    world.create(DeploymentKind, deployment());
    await clock.advance(5000);
    const node = world.get(Node, { name: "node1" });
    if (node === undefined) throw new Error("node1 is not there");
    world.change(Node, node, (n) => ({ ...n, metadata: { ...n.metadata, annotations: { [powerAnnotation]: "off" } } }));
    await clock.advance(30_000);
    expect(pods()[0]?.status?.conditions?.find((c) => c.type === "Ready")?.status).toBe("True");
    await clock.advance(20_000);
    expect(pods()[0]?.status?.conditions?.find((c) => c.type === "Ready")?.status).toBe("False");
    expect(world.get(Node, { name: "node1" })?.status?.conditions?.[0]).toMatchObject({ type: "Ready", status: "Unknown" });
    await clock.advance(310_000);
    expect(states().sort()).toEqual(["Running node2", "ending node1"]);
    world.remove(Node, node);
    await clock.advance(1000);
    expect(states()).toEqual(["Running node2"]);
  });

  test("a budget says how many Pods may go", async () => {
    world.create(DeploymentKind, deployment());
    world.create(PodDisruptionBudget, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { namespace: "ns", name: "web" },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: "web" } } },
    });
    await clock.advance(5000);
    expect(world.list(PodDisruptionBudget)[0]?.status).toMatchObject({ currentHealthy: 1, desiredHealthy: 0, disruptionsAllowed: 1 });
    controllers.crash({ namespace: "ns", name: pods()[0]?.metadata.name ?? "" }, "boom");
    await clock.advance(100);
    expect(world.list(PodDisruptionBudget)[0]?.status).toMatchObject({ currentHealthy: 0, disruptionsAllowed: 0 });
  });
});
