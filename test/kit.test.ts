import { expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import {
  applyWhenDifferent,
  type Clock,
  ConfigMap,
  createCachedKube,
  defineKind,
  type Kube,
  type KubeObject,
  silentLogger,
} from "../src/kube/index.ts";
import {
  type Controller,
  createController,
  createManager,
  createRuntimeMetrics,
  type Reconciler,
  wakeOwner,
  wakeSelf,
} from "../src/runtime/index.ts";
import { createFakeKube, createVirtualClock } from "../src/simkube/index.ts";

// A whole controller of a made-up kind: every Greeting has a ConfigMap of its name that says its text.

interface Greeting extends KubeObject {
  spec: { text: string };
}
const Greeting = defineKind<Greeting>({ apiVersion: "example.org/v1", kind: "Greeting", plural: "greetings", namespaced: true });

const createGreeter = (kube: Kube): Reconciler => ({
  reconcile: async (request) => {
    const greeting = await kube.get(Greeting, request);
    if (greeting === undefined) return {};
    const { name = "", namespace = "", uid = "" } = greeting.metadata;
    const owner = { apiVersion: Greeting.apiVersion, kind: Greeting.kind, name, uid, controller: true };
    const metadata = { name, namespace, ownerReferences: [owner] };
    const wanted: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { text: greeting.spec.text } };
    await applyWhenDifferent(kube, ConfigMap, wanted, { fieldManager: "greeter" });
    return {};
  },
});

/** Runs it until `stop` aborts; answers when everything has ended. */
function runGreeter(kube: Kube, clock: Clock, registry: Registry, stop: AbortSignal) {
  const controllers: Controller[] = [];
  const common = { clock, log: silentLogger, random: Math.random };
  const kinds = [{ kind: Greeting }, { kind: ConfigMap }];
  const cache = createCachedKube({ ...common, kube, kinds, onChange: (kind, change) => controllers[0]?.onChange(kind, change) });
  const metrics = createRuntimeMetrics(registry);
  const wakeUps = [wakeSelf(Greeting), wakeOwner(ConfigMap, Greeting)];
  controllers.push(createController({ ...common, name: "greeter", reconciler: createGreeter(cache), wakeUps, metrics }));
  return createManager({ ...common, caches: [cache], controllers }).run(stop);
}

test("a controller is a reconciler and what wakes it; it makes what is asked for, and a further pass writes nothing", async () => {
  const clock = createVirtualClock();
  const kube = createFakeKube({ now: () => clock.now() });
  const registry = new Registry();
  const passes = async () =>
    (await registry.getSingleMetric("controller_runtime_reconcile_total")?.get())?.values.reduce((sum, { value }) => sum + value, 0);
  const stop = new AbortController();
  const end = runGreeter(kube, clock, registry, stop.signal);

  const key = { namespace: "default", name: "hello" };
  const greeting = await kube.create(Greeting, {
    apiVersion: Greeting.apiVersion,
    kind: Greeting.kind,
    metadata: key,
    spec: { text: "Hello" },
  });
  await clock.advance(1000);
  expect(await kube.get(ConfigMap, key)).toMatchObject({
    data: { text: "Hello" },
    metadata: { ownerReferences: [{ uid: greeting.metadata.uid }] },
  });

  const before = await passes();
  kube.clearWrites();
  await kube.mergePatch(Greeting, key, { metadata: { labels: { seen: "yes" } } });
  await clock.advance(1000);
  expect(await passes()).toBeGreaterThan(before ?? Number.NaN);
  expect(kube.writes()).toEqual([{ verb: "patch", kind: "Greeting", name: "hello" }]);

  await kube.mergePatch(ConfigMap, key, { data: { text: "Bye" } });
  await clock.advance(1000);
  expect((await kube.get(ConfigMap, key))?.data).toEqual({ text: "Hello" });

  stop.abort(new Error("the test ends"));
  await clock.advance(1000);
  expect(await end).toMatchObject({ exitCode: 0 });
});
