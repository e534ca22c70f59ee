import { beforeEach, describe, expect, test } from "@jest/globals";
import { Deployment, Node, Pod, PodDisruptionBudget } from "../../kube/kinds.ts";
import { newNode, runningNodeStatus } from "../controllers/nodes.ts";
import type { PodPlan } from "../controllers/pod-behaviour.ts";
import { createSimControllers } from "../controllers/sim-controllers.ts";
import { type TypedStore, typedStore } from "../controllers/sim-kinds.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { evictPod } from "./evict.ts";
import { createKubeStore, type KubeStore } from "./store.ts";

let store: KubeStore;
let world: TypedStore;
let clock: VirtualClock;
let plan: PodPlan;

const labels = { app: "web" };

function budget(name: string, spec: object): void {
  world.create(PodDisruptionBudget, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { namespace: "ns", name },
    spec: { selector: { matchLabels: labels }, ...spec },
  });
}
const pods = () => world.list(Pod, "ns").filter((pod) => pod.metadata.deletionTimestamp === undefined);
const isReady = (pod: Pod) => pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
const evictOne = (pod: Pod | undefined) => evictPod(store, { namespace: "ns", name: pod?.metadata.name ?? "" }, clock.now());
/** Evicts one that serves. */
const evict = () => evictOne(pods().find(isReady));
const status = () => world.list(PodDisruptionBudget, "ns")[0]?.status;

beforeEach(async () => {
  clock = createVirtualClock();
  store = createKubeStore({ now: () => clock.now() });
  world = typedStore(store);
  plan = { type: "serve", readyAfterMs: 100 };
  createSimControllers({ store, clock, behaviour: () => plan, timing: { stopMs: 1000 } });
  const node = world.create(Node, newNode("node1", { address: "192.0.2.1", disks: "" }));
  world.setStatus(Node, node, runningNodeStatus("192.0.2.1", clock.now()));
  world.create(Deployment, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: "ns", name: "web" },
    spec: {
      replicas: 3,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "1" }] } },
    },
  });
  await clock.advance(5000);
});

describe("evictions in the simulated cluster", () => {
  test("one that the budget allows happens, and takes it off at once; the next waits until there is a new Pod", async () => {
    budget("one", { maxUnavailable: 1 });
    await clock.advance(100);
    evict();
    expect(evict).toThrow("Cannot evict pod as it would violate the pod's disruption budget.");
    await clock.advance(500);
    // the Pod that comes in its place is there, but not ready: expected are three all the time
    expect(status()).toMatchObject({ expectedPods: 3, currentHealthy: 2, disruptionsAllowed: 0 });
    expect(evict).toThrow("disruption budget");
    await clock.advance(5000);
    expect(status()).toMatchObject({ expectedPods: 3, currentHealthy: 3, disruptionsAllowed: 1 });
    expect(status()?.disruptedPods).toBeUndefined();
    evict();
  });

  test("one whose budget nobody has counted yet is refused", () => {
    budget("new", { maxUnavailable: 1 });
    expect(evict).toThrow(expect.objectContaining({ code: "tooManyRequests", httpStatus: 429 }));
  });

  test("one that two budgets are about is refused in other words, whatever they allow", async () => {
    budget("one", { maxUnavailable: 3 });
    budget("two", { maxUnavailable: 3 });
    await clock.advance(100);
    expect(evict).toThrow(
      expect.objectContaining({
        httpStatus: 500,
        message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
      }),
    );
  });

  test("a Pod that has not started needs no budget", async () => {
    budget("none", { maxUnavailable: 0 });
    const node = world.get(Node, { name: "node1" });
    if (node !== undefined) world.change(Node, node, (n) => ({ ...n, spec: { unschedulable: true } }));
    const [pod] = pods();
    if (pod !== undefined) world.remove(Pod, pod);
    await clock.advance(5000);
    const waiting = pods().find((each) => each.status?.phase === "Pending");
    expect(waiting?.metadata.name).toBeDefined();
    evictOne(waiting);
    expect(world.get(Node, { name: "node1" })?.spec?.taints).toEqual([
      { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule", timeAdded: expect.stringMatching(/Z$/) },
    ]);
  });

  test.each([
    ["may always go where its budget says so", "AlwaysAllow", undefined],
    ["may not go where the budget is not met without it", "IfHealthyBudget", "disruption budget"],
  ])("a Pod that is not ready %s", async (_what, unhealthyPodEvictionPolicy, refusal) => {
    budget("none", { maxUnavailable: 0, unhealthyPodEvictionPolicy });
    plan = { type: "serve", readyAfterMs: Number.POSITIVE_INFINITY };
    const [pod] = pods();
    if (pod !== undefined) world.remove(Pod, pod);
    await clock.advance(5000);
    const sick = pods().find((each) => each.status?.phase === "Running" && !isReady(each));
    if (refusal === undefined) evictOne(sick);
    else expect(() => evictOne(sick)).toThrow(refusal);
  });
});
