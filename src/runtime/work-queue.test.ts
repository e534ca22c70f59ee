import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import { createWorkQueue, type WorkQueue, type WorkQueueOptions } from "./work-queue.ts";

function setUp(options: Partial<WorkQueueOptions> = {}): { clock: VirtualClock; queue: WorkQueue; handedOut: string[]; take: () => void } {
  const clock = createVirtualClock();
  const queue = createWorkQueue({ clock, random: () => 0, ...options });
  const handedOut: string[] = [];
  const take = (): void => {
    void queue.take().then((key) => handedOut.push(key ?? "(closed)"));
  };
  return { clock, queue, handedOut, take };
}

describe("a work queue", () => {
  test("hands out keys in the order in which they became ready", async () => {
    const { clock, queue, handedOut, take } = setUp();
    for (const key of ["a", "b", "c"]) queue.add(key);
    for (let worker = 0; worker < 3; worker++) take();
    await clock.advance(0);
    expect(handedOut).toEqual(["a", "b", "c"]);
  });

  test("holds a key once, however often it is added", async () => {
    const { clock, queue, handedOut, take } = setUp();
    for (let time = 0; time < 5; time++) queue.add("a");
    take();
    take();
    await clock.advance(0);
    expect(handedOut).toEqual(["a"]);
    expect(queue.state()).toEqual({ ready: 0, delayed: 0, runningMs: [0] });
  });

  test("hands a key that is added while it runs out once more, and only when it is done", async () => {
    const { clock, queue, handedOut, take } = setUp();
    queue.add("a");
    take();
    await clock.advance(0);
    queue.add("a");
    queue.add("a");
    take();
    await clock.advance(1000);
    expect(handedOut).toEqual(["a"]);
    queue.done("a");
    await clock.advance(0);
    expect(handedOut).toEqual(["a", "a"]);
    queue.done("a");
    take();
    await clock.advance(1000);
    expect(handedOut).toEqual(["a", "a"]);
  });

  test("lets others pass a key that runs and is ready again", async () => {
    const { clock, queue, handedOut, take } = setUp();
    queue.add("a");
    take();
    await clock.advance(0);
    queue.add("a");
    queue.add("b");
    take();
    await clock.advance(0);
    expect(handedOut).toEqual(["a", "b"]);
  });

  test("takes the earliest of several delays", async () => {
    const { clock, queue, handedOut, take } = setUp();
    queue.addAfter("a", 5000);
    queue.addAfter("a", 2000);
    queue.addAfter("a", 9000);
    take();
    await clock.advance(1999);
    expect(handedOut).toEqual([]);
    await clock.advance(1);
    expect(handedOut).toEqual(["a"]);
    queue.done("a");
    take();
    await clock.advance(20_000);
    expect(handedOut).toEqual(["a"]);
  });

  test("forgets a delay when the key is added for now", async () => {
    const { clock, queue, handedOut, take } = setUp();
    queue.addAfter("a", 5000);
    queue.add("a");
    take();
    await clock.advance(0);
    queue.done("a");
    take();
    await clock.advance(10_000);
    expect(handedOut).toEqual(["a"]);
  });

  test("waits longer after each failure, up to a minute, and starts anew when the key is forgotten", () => {
    const { queue } = setUp();
    const delays = Array.from({ length: 11 }, () => queue.retry("a"));
    expect(delays).toEqual([200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]);
    queue.forget("a");
    expect(queue.retry("a")).toBe(200);
  });

  test("takes a random share off the delay, so that keys do not come back together", () => {
    const { queue } = setUp({ random: () => 0.5, backoff: { firstMs: 1000, longestMs: 60_000, jitter: 0.4 } });
    expect(queue.retry("a")).toBe(800);
  });

  test("lets a failing key not delay another one", () => {
    const { queue } = setUp();
    for (let time = 0; time < 5; time++) queue.retry("a");
    expect(queue.retry("b")).toBe(200);
  });

  test("limits the retries of all keys together", () => {
    const { queue } = setUp({ rate: { perSecond: 1, burst: 2 } });
    expect(["a", "b", "c", "d"].map((key) => queue.retry(key))).toEqual([200, 200, 1000, 2000]);
  });

  test("wakes its workers with nothing when it is closed, and takes nothing more", async () => {
    const { clock, queue, handedOut, take } = setUp();
    take();
    queue.addAfter("a", 10);
    queue.close();
    queue.add("b");
    queue.addAfter("c", 10);
    take();
    await clock.advance(1000);
    expect(handedOut).toEqual(["(closed)", "(closed)"]);
    expect(queue.state()).toEqual({ ready: 0, delayed: 0, runningMs: [] });
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test("tells how long keys waited and how long they were worked on", async () => {
    const told: string[] = [];
    const { clock, queue, take } = setUp({
      observer: {
        added: () => told.push("added"),
        retried: () => told.push("retried"),
        taken: (ms) => told.push(`taken after ${ms}`),
        finished: (ms) => told.push(`finished after ${ms}`),
      },
    });
    queue.add("a");
    await clock.advance(30);
    take();
    await clock.advance(70);
    expect(queue.state().runningMs).toEqual([70]);
    queue.done("a");
    expect(told).toEqual(["added", "taken after 30", "finished after 70"]);
  });

  test("never hands a key to two workers, and loses none, whatever the order of calls", async () => {
    const step = fc.oneof(
      fc.record({ act: fc.constantFrom("add", "retry", "take", "done"), key: fc.constantFrom("a", "b", "c"), ms: fc.constant(0) }),
      fc.record({ act: fc.constantFrom("addAfter", "advance"), key: fc.constantFrom("a", "b", "c"), ms: fc.integer({ min: 0, max: 500 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = createVirtualClock();
        const queue = createWorkQueue({ clock, random: () => 0 });
        const running = new Set<string>();
        const wanted = new Set<string>();
        const twice: string[] = [];
        const take = (): void => {
          void queue.take().then((key = "(closed)") => {
            if (running.has(key)) twice.push(key);
            running.add(key);
            wanted.delete(key);
          });
        };
        const finish = (key: string): void => {
          if (running.delete(key)) queue.done(key);
        };
        for (const { act, key, ms } of steps) {
          if (act === "add") queue.add(key);
          if (act === "addAfter") queue.addAfter(key, ms);
          if (act === "retry") queue.retry(key);
          if (act === "add" || act === "addAfter" || act === "retry") wanted.add(key);
          if (act === "take") take();
          if (act === "done") finish(key);
          await clock.advance(act === "advance" ? ms : 0);
        }
        for (let round = 0; round < 8; round++) {
          for (const key of [...running]) finish(key);
          take();
          await clock.advance(60_000);
        }
        expect([...wanted]).toEqual([]);
        expect(twice).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
