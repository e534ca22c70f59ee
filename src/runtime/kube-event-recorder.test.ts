import { describe, expect, test } from "@jest/globals";
import { type ConfigMap, Event } from "../kube/kinds.ts";
import { KubeError } from "../kube/kube-error.ts";
import { silentLogger } from "../kube/logger.ts";
import { createFakeKube, type FakeKube } from "../simkube/api/fake-kube.ts";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import type { EventNote } from "./event-recorder.ts";
import { createKubeEventRecorder, type KubeEventRecorder, type KubeEventRecorderOptions } from "./kube-event-recorder.ts";
import type { EventOutcome } from "./metrics.ts";

interface World {
  clock: VirtualClock;
  kube: FakeKube;
  outcomes: EventOutcome[];
  recorder: (options?: Partial<KubeEventRecorderOptions>) => KubeEventRecorder;
}

function setUp(): World {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const kube = createFakeKube({ now: () => clock.now() });
  const outcomes: EventOutcome[] = [];
  return {
    clock,
    kube,
    outcomes,
    recorder: (options = {}) =>
      createKubeEventRecorder({
        kube,
        clock,
        log: silentLogger,
        metrics: { event: (outcome) => outcomes.push(outcome) },
        component: "test",
        ...options,
      }),
  };
}

const about: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "ns", name: "thing", uid: "uid-1" } };
const note: EventNote = { type: "Warning", reason: "Broken", message: "It is broken." };

describe("the event recorder", () => {
  test("writes an event that kubectl describe finds", async () => {
    const { kube, recorder, outcomes } = setUp();
    const events = recorder({ instance: "pod-1" });
    events.record(about, note);
    await events.flush();
    const [event] = await kube.list(Event);
    expect(event).toMatchObject({
      involvedObject: { apiVersion: "v1", kind: "ConfigMap", namespace: "ns", name: "thing", uid: "uid-1" },
      type: "Warning",
      reason: "Broken",
      message: "It is broken.",
      count: 1,
      firstTimestamp: "2026-01-01T00:00:00Z",
      lastTimestamp: "2026-01-01T00:00:00Z",
      source: { component: "test" },
      reportingComponent: "test",
      reportingInstance: "pod-1",
    });
    expect(event?.metadata.namespace).toBe("ns");
    expect(event?.metadata.name).toMatch(/^thing\.[0-9a-f]{16}$/);
    expect(outcomes).toEqual(["created"]);
  });

  test("counts the same note up, and remembers when it was last said", async () => {
    const { clock, kube, recorder, outcomes } = setUp();
    const events = recorder();
    for (let time = 0; time < 3; time++) {
      events.record(about, note);
      await events.flush();
      await clock.advance(60_000);
    }
    expect(await kube.list(Event)).toMatchObject([
      { count: 3, firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:02:00Z" },
    ]);
    expect(kube.writes().map(({ verb }) => verb)).toEqual(["create", "patch", "patch"]);
    expect(outcomes).toEqual(["created", "counted", "counted"]);
  });

  test("goes on counting after a restart of the process", async () => {
    const { kube, recorder } = setUp();
    for (const process of [recorder(), recorder()]) {
      process.record(about, note);
      await process.flush();
    }
    expect(await kube.list(Event)).toMatchObject([{ count: 2 }]);
  });

  test.each<[string, () => [ConfigMap, EventNote]]>([
    ["another object of the same name", () => [{ ...about, metadata: { ...about.metadata, uid: "uid-2" } }, note]],
    ["another reason", () => [about, { ...note, reason: "Bent" }]],
    ["another message", () => [about, { ...note, message: "It is bent." }]],
    ["another type", () => [about, { ...note, type: "Normal" }]],
  ])("writes an event of its own for %s", async (_what, other) => {
    const { kube, recorder } = setUp();
    const events = recorder();
    events.record(about, note);
    events.record(...other());
    await events.flush();
    expect(await kube.list(Event)).toHaveLength(2);
  });

  test("writes an event anew that the API server has forgotten", async () => {
    const { kube, recorder } = setUp();
    const events = recorder();
    events.record(about, note);
    await events.flush();
    const [event] = await kube.list(Event);
    await kube.delete(Event, { namespace: "ns", name: event?.metadata.name ?? "" });
    events.record(about, note);
    await events.flush();
    expect(await kube.list(Event)).toMatchObject([{ count: 1 }]);
  });

  test("writes once what repeats while it waits", async () => {
    const { kube, recorder, outcomes } = setUp();
    const events = recorder();
    events.record(about, { ...note, message: "First." });
    for (let time = 0; time < 5; time++) events.record(about, note);
    await events.flush();
    expect(kube.writes()).toHaveLength(2);
    expect((await kube.list(Event)).map(({ message, count }) => `${message} ${count}`)).toEqual(
      expect.arrayContaining(["First. 1", "It is broken. 5"]),
    );
    expect(outcomes.filter((outcome) => outcome === "counted")).toHaveLength(4);
  });

  test("drops and counts what is too much, and never waits", async () => {
    const { kube, recorder, outcomes } = setUp();
    const events = recorder({ capacity: 3 });
    for (let number = 0; number < 10; number++) events.record(about, { ...note, message: `Number ${number}.` });
    await events.flush();
    // one was under way already
    expect(await kube.list(Event)).toHaveLength(4);
    expect(outcomes.filter((outcome) => outcome === "dropped")).toHaveLength(6);
  });

  test("tries again what may pass, and goes on with the next", async () => {
    const { clock, kube, recorder } = setUp();
    let failures = 2;
    kube.intercept(() => (failures-- > 0 ? new KubeError("serverError", "not now") : undefined));
    const events = recorder();
    events.record(about, note);
    events.record(about, { ...note, message: "Another." });
    await clock.advance(3_000);
    await events.flush();
    expect(await kube.list(Event)).toHaveLength(2);
  });

  test("drops what the API server refuses, and goes on with the next", async () => {
    const { clock, kube, recorder, outcomes } = setUp();
    let refuse = true;
    kube.intercept(() => {
      const answer = refuse ? new KubeError("forbidden", "no") : undefined;
      refuse = false;
      return answer;
    });
    const events = recorder();
    events.record(about, note);
    events.record(about, { ...note, message: "Another." });
    await clock.advance(0);
    await events.flush();
    expect(await kube.list(Event)).toMatchObject([{ message: "Another." }]);
    expect(outcomes).toEqual(["dropped", "created"]);
  });

  test("cuts long messages, and names that would be too long", async () => {
    const { kube, recorder } = setUp();
    const events = recorder();
    events.record(
      { ...about, metadata: { ...about.metadata, name: `${"a".repeat(235)}.${"b".repeat(17)}` } },
      { ...note, message: "x".repeat(2000) },
    );
    await events.flush();
    const [event] = await kube.list(Event);
    expect(event?.message).toHaveLength(1024);
    expect(event?.metadata.name).toMatch(/^a{235}\.[0-9a-f]{16}$/);
  });

  test("puts events about objects without a namespace into the default one", async () => {
    const { kube, recorder } = setUp();
    const events = recorder();
    events.record({ apiVersion: "v1", kind: "Node", metadata: { name: "node-1", uid: "n" } }, note);
    await events.flush();
    expect(await kube.list(Event, { namespace: "default" })).toHaveLength(1);
  });
});
