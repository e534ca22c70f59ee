import { describe, expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import { createCachedKube } from "../kube/cached-kube.ts";
import { ConfigMap, Event, Lease, Secret } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import { silentLogger } from "../kube/logger.ts";
import { createFakeKube, type FakeKube } from "../simkube/api/fake-kube.ts";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import { type Controller, createController } from "./controller.ts";
import type { EventRecorder } from "./event-recorder.ts";
import { createKubeEventRecorder } from "./kube-event-recorder.ts";
import { createLeaderElection } from "./leader-election.ts";
import { createManager, type ManagerEnd } from "./manager.ts";
import { createRuntimeMetrics } from "./metrics.ts";
import type { Reconciler } from "./reconciler.ts";
import { wakeOwner, wakeSelf } from "./wake-ups.ts";

/** The whole of an operator: every ConfigMap has a Secret of the same name with the same data. */
function createCopier({ kube, events }: { kube: Kube; events: EventRecorder }): Reconciler {
  return {
    reconcile: async (request) => {
      const original = await kube.get(ConfigMap, request);
      if (original === undefined) return {};
      const copy = await kube.get(Secret, request);
      const data = Object.fromEntries(Object.entries(original.data ?? {}).map(([field, text]) => [field, btoa(text)]));
      if (JSON.stringify(copy?.data) === JSON.stringify(data)) return {};
      const { name = "", namespace = "", uid = "" } = original.metadata;
      await kube.apply(
        Secret,
        {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name, namespace, ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name, uid, controller: true }] },
          data,
        },
        { fieldManager: "copier" },
      );
      events.record(original, { type: "Normal", reason: "Copied", message: "The Secret has the same data now." });
      return {};
    },
  };
}

interface Process {
  stop: (reason: string) => void;
  end: { value?: ManagerEnd };
}

function startProcess(kube: FakeKube, clock: VirtualClock, identity: string): Process {
  const log = silentLogger;
  const random = (): number => 0.5;
  const metrics = createRuntimeMetrics(new Registry());
  const controllers: Controller[] = [];
  const cache = createCachedKube({
    kube,
    clock,
    log,
    random,
    kinds: [{ kind: ConfigMap }, { kind: Secret }],
    freeze: true,
    onChange: (kind, change) => {
      for (const controller of controllers) controller.onChange(kind, change);
    },
  });
  const events = createKubeEventRecorder({ kube, clock, log, metrics, component: "copier" });
  const reconciler = createCopier({ kube: cache, events });
  controllers.push(
    createController({
      name: "copier",
      reconciler,
      wakeUps: [wakeSelf(ConfigMap), wakeOwner(Secret, ConfigMap)],
      clock,
      random,
      log,
      metrics,
    }),
  );
  const election = createLeaderElection({ kube, clock, random, log, namespace: "ns", name: "copier", identity });
  const manager = createManager({ clock, log, caches: [cache], controllers, election, events });
  const stop = new AbortController();
  const end: Process["end"] = {};
  void manager.run(stop.signal).then((value) => (end.value = value));
  return { stop: (reason) => stop.abort(new Error(reason)), end };
}

const original: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "ns", name: "one" }, data: { a: "1" } };
const key = { namespace: "ns", name: "one" };

function setUp(): { kube: FakeKube; clock: VirtualClock; settle: () => Promise<void>; copy: () => Promise<string | undefined> } {
  const clock = createVirtualClock();
  const kube = createFakeKube({ now: () => clock.now() });
  return {
    kube,
    clock,
    settle: async () => {
      for (let turn = 0; turn < 10; turn++) await clock.advance(0);
    },
    copy: async () => (await kube.get(Secret, key))?.data?.["a"],
  };
}

describe("an operator on this runtime", () => {
  test("makes what is asked for, and says so in an event", async () => {
    const { kube, clock, settle, copy } = setUp();
    await kube.create(ConfigMap, original);
    startProcess(kube, clock, "a");
    await settle();
    expect(await copy()).toBe(btoa("1"));
    expect(await kube.list(Event)).toMatchObject([{ reason: "Copied", count: 1, involvedObject: { name: "one" } }]);
  });

  test("follows what is asked for", async () => {
    const { kube, clock, settle, copy } = setUp();
    startProcess(kube, clock, "a");
    await settle();
    await kube.create(ConfigMap, original);
    await settle();
    await kube.mergePatch(ConfigMap, key, { data: { a: "2" } });
    await settle();
    expect(await copy()).toBe(btoa("2"));
  });

  test("brings back what somebody deleted", async () => {
    const { kube, clock, settle, copy } = setUp();
    await kube.create(ConfigMap, original);
    startProcess(kube, clock, "a");
    await settle();
    await kube.delete(Secret, key);
    expect(await copy()).toBeUndefined();
    await settle();
    expect(await copy()).toBe(btoa("1"));
  });

  test("writes nothing when all is as it should be, but for its Lease", async () => {
    const { kube, clock, settle } = setUp();
    await kube.create(ConfigMap, original);
    startProcess(kube, clock, "a");
    await settle();
    kube.clearWrites();
    await clock.advance(600_000);
    expect(kube.writes().filter(({ kind }) => kind !== "Lease")).toEqual([]);
  });

  test("catches up after it lost its watches and their history", async () => {
    const { kube, clock, settle, copy } = setUp();
    await kube.create(ConfigMap, original);
    startProcess(kube, clock, "a");
    await settle();
    kube.disconnectWatches();
    await kube.mergePatch(ConfigMap, key, { data: { a: "3" } });
    kube.compact();
    await clock.advance(60_000);
    await settle();
    expect(await copy()).toBe(btoa("3"));
  });

  test("hands over to another process when it is stopped", async () => {
    const { kube, clock, settle, copy } = setUp();
    const first = startProcess(kube, clock, "a");
    await settle();
    startProcess(kube, clock, "b");
    await settle();
    first.stop("got SIGTERM");
    await settle();
    expect(first.end.value).toEqual({ exitCode: 0, reason: "got SIGTERM" });
    expect((await kube.get(Lease, { namespace: "ns", name: "copier" }))?.spec?.holderIdentity).toBe("");
    await kube.create(ConfigMap, original);
    await clock.advance(5_000);
    expect(await copy()).toBe(btoa("1"));
    expect((await kube.get(Lease, { namespace: "ns", name: "copier" }))?.spec?.holderIdentity).toBe("b");
  });

  test("stands by while another process leads", async () => {
    const { kube, clock, settle } = setUp();
    const first = startProcess(kube, clock, "a");
    await settle();
    const second = startProcess(kube, clock, "b");
    await kube.create(ConfigMap, original);
    await clock.advance(60_000);
    expect(first.end.value).toBeUndefined();
    expect(second.end.value).toBeUndefined();
    expect(kube.writes().filter(({ kind }) => kind === "Secret")).toHaveLength(1);
  });

  test("ends with an error when somebody takes its Lease", async () => {
    const { kube, clock, settle, copy } = setUp();
    const first = startProcess(kube, clock, "a");
    await settle();
    await kube.mergePatch(Lease, { namespace: "ns", name: "copier" }, { spec: { holderIdentity: "somebody" } });
    await clock.advance(10_000);
    expect(first.end.value?.exitCode).toBe(1);
    await kube.create(ConfigMap, original);
    await settle();
    expect(await copy()).toBeUndefined();
  });
});
