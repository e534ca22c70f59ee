import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Container, Deployment, Event, Namespace, Node, Pod, Secret, type Volume } from "../../kube/kinds.ts";
import { createKubeStore } from "../api/store.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { newNode, runningNodeStatus } from "./nodes.ts";
import { createSimControllers } from "./sim-controllers.ts";
import { ServiceAccount, type TypedStore, typedStore } from "./sim-kinds.ts";

let world: TypedStore;
let clock: VirtualClock;

beforeEach(async () => {
  clock = createVirtualClock();
  const store = createKubeStore({ now: () => clock.now(), strict: true });
  world = typedStore(store);
  createSimControllers({ store, clock, behaviour: () => ({ type: "serve", readyAfterMs: 100 }) });
  world.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name: "ns" } });
  const node = world.create(Node, newNode("node1", { address: "192.0.2.1", disks: "" }));
  world.setStatus(Node, node, runningNodeStatus("192.0.2.1", clock.now()));
  await clock.advance(100);
});

function start(container: Partial<Container>, spec: { readonly volumes?: Volume[]; readonly serviceAccountName?: string } = {}): void {
  world.create(Deployment, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: "ns", name: "web" },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "1", ...container }], ...spec } },
    },
  });
}

const secret = (data: Record<string, string>): void =>
  void world.create(Secret, { apiVersion: "v1", kind: "Secret", metadata: { namespace: "ns", name: "keys" }, data });
const waits = () => world.list(Pod, "ns").map(({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason);
const events = () => [...new Set(world.list(Event, "ns").map(({ reason, message }) => `${reason ?? ""}: ${message ?? ""}`))];
const isReady = () => world.get(Deployment, { namespace: "ns", name: "web" })?.status?.availableReplicas === 1;

describe("a Pod of which something is missing", () => {
  test("is not started before the Secret that it mounts is there", async () => {
    start({}, { volumes: [{ name: "keys", secret: { secretName: "keys" } }] });
    await clock.advance(60_000);
    expect([waits(), events()]).toEqual([
      ["ContainerCreating"],
      ['FailedMount: MountVolume.SetUp failed for volume "keys" : secret "keys" not found'],
    ]);

    secret({});
    await clock.advance(122_000);
    expect(isReady()).toBe(true);
  });

  test("is not started before the key that it mounts is there", async () => {
    secret({ other: "MQ==" });
    start(
      {},
      { volumes: [{ name: "keys", projected: { sources: [{ secret: { name: "keys", items: [{ key: "one", path: "one" }] } }] } }] },
    );
    await clock.advance(60_000);
    expect([waits(), events()]).toEqual([
      ["ContainerCreating"],
      ['FailedMount: MountVolume.SetUp failed for volume "keys" : references non-existent secret key: one'],
    ]);
  });

  test("is started without what is optional", async () => {
    start(
      { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "keys", key: "one", optional: true } } }] },
      { volumes: [{ name: "keys", configMap: { name: "keys", optional: true } }] },
    );
    await clock.advance(5000);
    expect(isReady()).toBe(true);
  });

  test("is not started before a variable can be read", async () => {
    start({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "keys", key: "one" } } }] });
    await clock.advance(30_000);
    expect(waits()).toEqual(["CreateContainerConfigError"]);

    secret({ one: "MQ==" });
    await clock.advance(20_000);
    expect(isReady()).toBe(true);
  });

  test("is not made before its service account is there", async () => {
    start({}, { serviceAccountName: "somebody" });
    await clock.advance(2000);
    expect(world.list(Pod, "ns")).toEqual([]);
    expect(events()[0]).toContain('error looking up service account ns/somebody: serviceaccount "somebody" not found');

    world.create(ServiceAccount, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace: "ns", name: "somebody" } });
    await clock.advance(10_000);
    expect(isReady()).toBe(true);
  });
});
