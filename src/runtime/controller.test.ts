import { describe, expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import { ConfigMap } from "../kube/kinds.ts";
import type { LogFields, Logger } from "../kube/logger.ts";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import { type Controller, type ControllerOptions, createController } from "./controller.ts";
import { createRuntimeMetrics } from "./metrics.ts";
import type { Request, Result } from "./reconciler.ts";
import { TerminalError } from "./terminal-error.ts";
import { wakeSelf } from "./wake-ups.ts";

type Reconcile = (request: Request, signal: AbortSignal) => Promise<Result>;

interface World {
  clock: VirtualClock;
  controller: Controller;
  /** When each pass began, in milliseconds since the start, and for what. */
  passes: string[];
  lines: { level: string; message: string; fields: LogFields }[];
  stop: AbortController;
  abort: AbortController;
  running: Promise<void>;
  metric: (line: string) => Promise<number>;
}

function setUp(reconcile: Reconcile, options: Partial<ControllerOptions> = {}): World {
  const clock = createVirtualClock(0);
  const registry = new Registry();
  const passes: string[] = [];
  const lines: World["lines"] = [];
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields });
  const log: Logger = { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error"), child: () => log };
  const controller = createController({
    name: "test",
    wakeUps: [wakeSelf(ConfigMap)],
    reconciler: {
      reconcile: (request, signal) => {
        passes.push(`${clock.now()} ${request.namespace}/${request.name}`);
        return reconcile(request, signal);
      },
    },
    clock,
    random: () => 0,
    log,
    metrics: createRuntimeMetrics(registry),
    ...options,
  });
  const [stop, abort] = [new AbortController(), new AbortController()];
  const running = controller.run({ stop: stop.signal, abort: abort.signal });
  const metric = async (line: string): Promise<number> => {
    const found = (await registry.metrics()).split("\n").find((each) => each.startsWith(`${line} `));
    return Number(found?.slice(line.length + 1));
  };
  return { clock, controller, passes, lines, stop, abort, running, metric };
}

const one = { namespace: "ns", name: "one" };
const two = { namespace: "ns", name: "two" };

describe("a controller", () => {
  test("runs one pass for each object that was woken, and rests afterwards", async () => {
    const { clock, controller, passes, metric } = setUp(async () => ({}));
    controller.enqueue(one);
    controller.enqueue(one);
    controller.enqueue(two);
    await clock.advance(3_600_000);
    expect(passes).toEqual(["0 ns/one", "0 ns/two"]);
    expect(await metric('controller_runtime_reconcile_total{controller="test",result="success"}')).toBe(2);
  });

  test("gathers what wakes an object within a while into one pass, and lets nothing wait longer", async () => {
    const { clock, controller, passes } = setUp(async () => ({}), { gatherMs: 20 });
    for (let time = 0; time < 5; time++) {
      controller.enqueue(one);
      await clock.advance(7);
    }
    controller.enqueue(two);
    await clock.advance(1000);
    expect(passes).toEqual(["20 ns/one", "41 ns/one", "55 ns/two"]);
  });

  test("is woken by changes of the kinds that its wake-ups name, and no others", async () => {
    const { clock, controller, passes } = setUp(async () => ({}));
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: one };
    controller.onChange(ConfigMap, { type: "added", object });
    controller.onChange({ ...ConfigMap, kind: "Secret" }, { type: "added", object: { ...object, metadata: two } });
    await clock.advance(0);
    expect(passes).toEqual(["0 ns/one"]);
  });

  test("tries a failed pass again with growing delays until one succeeds, and then starts anew", async () => {
    let failures = 3;
    const { clock, controller, passes, metric } = setUp(async () => {
      if (failures-- > 0) throw new Error("no luck");
      return {};
    });
    controller.enqueue(one);
    await clock.advance(10_000);
    expect(passes).toEqual(["0 ns/one", "200 ns/one", "600 ns/one", "1400 ns/one"]);
    failures = 1;
    controller.enqueue(one);
    await clock.advance(10_000);
    expect(passes.slice(4)).toEqual(["10000 ns/one", "10200 ns/one"]);
    expect(await metric('controller_runtime_reconcile_errors_total{controller="test"}')).toBe(4);
    expect(await metric('workqueue_retries_total{name="test",controller="test"}')).toBe(4);
    expect(await metric('controller_runtime_reconcile_panics_total{controller="test"}')).toBe(0);
  });

  test("runs again when a pass asks for it, and counts that apart", async () => {
    let again = true;
    const { clock, controller, passes, metric } = setUp(async () => (again ? { requeueAfterMs: 3000 } : {}));
    controller.enqueue(one);
    await clock.advance(2999);
    again = false;
    await clock.advance(60_000);
    expect(passes).toEqual(["0 ns/one", "3000 ns/one"]);
    expect(await metric('controller_runtime_reconcile_total{controller="test",result="requeue_after"}')).toBe(1);
  });

  test("does not try again what cannot be mended, until something wakes it", async () => {
    const { clock, controller, passes, lines, metric } = setUp(async () => {
      throw new TerminalError("never");
    });
    controller.enqueue(one);
    await clock.advance(3_600_000);
    expect(passes).toEqual(["0 ns/one"]);
    controller.enqueue(one);
    await clock.advance(0);
    expect(passes).toHaveLength(2);
    expect(lines.filter(({ level }) => level === "error")).toHaveLength(2);
    expect(await metric('controller_runtime_terminal_reconcile_errors_total{controller="test"}')).toBe(2);
  });

  test("contains errors of the program, thrown at once too, and counts them", async () => {
    const { clock, controller, passes, metric } = setUp(() => {
      throw new TypeError("undefined is not a function");
    });
    controller.enqueue(one);
    await clock.advance(200);
    expect(passes).toHaveLength(2);
    expect(await metric('controller_runtime_reconcile_panics_total{controller="test"}')).toBe(2);
  });

  test("looks again after the interval of the object, which each pass sets anew", async () => {
    let interval: number | undefined = 10_000;
    const { clock, controller, passes } = setUp(async () => ({}), { intervalFor: async () => interval });
    controller.enqueue(one);
    await clock.advance(10_000);
    interval = 60_000;
    await clock.advance(5_000);
    controller.enqueue(one);
    await clock.advance(59_999);
    expect(passes).toEqual(["0 ns/one", "10000 ns/one", "15000 ns/one"]);
    interval = undefined;
    await clock.advance(3_600_000);
    expect(passes.slice(3)).toEqual(["75000 ns/one"]);
  });

  test("counts a pass with an interval as one that asked for nothing", async () => {
    const { clock, controller, metric } = setUp(async () => ({}), { intervalFor: () => 10_000 });
    controller.enqueue(one);
    await clock.advance(0);
    expect(await metric('controller_runtime_reconcile_total{controller="test",result="success"}')).toBe(1);
  });

  test("takes the earlier of the interval and what the pass asked for", async () => {
    const { clock, controller, passes } = setUp(async () => ({ requeueAfterMs: 3000 }), { intervalFor: () => 10_000 });
    controller.enqueue(one);
    await clock.advance(3000);
    expect(passes).toEqual(["0 ns/one", "3000 ns/one"]);
  });

  test("never runs two passes of one object at once, and makes one more for wake-ups meanwhile", async () => {
    let atOnce = 0;
    let most = 0;
    let clockOf: VirtualClock | undefined;
    const { clock, controller, passes } = setUp(async () => {
      most = Math.max(most, ++atOnce);
      await clockOf?.sleep(1000);
      atOnce--;
      return {};
    });
    clockOf = clock;
    controller.enqueue(one);
    await clock.advance(100);
    for (let time = 0; time < 5; time++) controller.enqueue(one);
    await clock.advance(10_000);
    expect(most).toBe(1);
    expect(passes).toEqual(["0 ns/one", "1000 ns/one"]);
  });

  test("works on several objects at once, as many as allowed, so that one that hangs delays no other", async () => {
    const { clock, controller, passes } = setUp(({ name }) => (name === "one" ? new Promise<Result>(() => {}) : Promise.resolve({})), {
      maxConcurrentReconciles: 2,
    });
    for (const name of ["one", "two", "three"]) controller.enqueue({ namespace: "ns", name });
    await clock.advance(0);
    expect(passes).toEqual(["0 ns/one", "0 ns/two", "0 ns/three"]);
  });

  test("aborts the signal of a pass that takes too long, and tries again", async () => {
    const { clock, controller, passes, metric } = setUp((_request, signal) => rejectWhenAborted(signal), { reconcileTimeoutMs: 5000 });
    controller.enqueue(one);
    await clock.advance(5200);
    expect(passes).toEqual(["0 ns/one", "5200 ns/one"]);
    expect(await metric('controller_runtime_reconcile_timeouts_total{controller="test"}')).toBe(1);
  });

  test("says that it is not well when a pass ignores its signal", async () => {
    const { clock, controller } = setUp(() => new Promise<Result>(() => {}), { reconcileTimeoutMs: 5000 });
    controller.enqueue(one);
    await clock.advance(15_000);
    expect(controller.health()).toBeUndefined();
    await clock.advance(1000);
    expect(controller.health()).toBe("A pass of the controller test has run for 16 s and does not stop.");
  });

  test("lets passes end when it is stopped, begins no other, and then resolves", async () => {
    let finish = (_result: Result): void => {};
    const { clock, controller, passes, stop, running } = setUp(() => new Promise<Result>((resolve) => (finish = resolve)), {
      maxConcurrentReconciles: 1,
    });
    controller.enqueue(one);
    controller.enqueue(two);
    await clock.advance(0);
    stop.abort();
    let ended = false;
    void running.then(() => (ended = true));
    await clock.advance(1000);
    expect(ended).toBe(false);
    finish({});
    await clock.advance(0);
    expect(ended).toBe(true);
    expect(passes).toEqual(["0 ns/one"]);
  });

  test("does not count a pass that the end of the process stopped as a failure", async () => {
    const { clock, controller, stop, abort, running, lines, metric } = setUp((_request, signal) => rejectWhenAborted(signal));
    controller.enqueue(one);
    await clock.advance(0);
    stop.abort();
    abort.abort(new Error("The process stops"));
    await running;
    expect(lines.filter(({ level }) => level === "error")).toEqual([]);
    expect(await metric('controller_runtime_reconcile_errors_total{controller="test"}')).toBe(0);
    expect(clock.untilNextTimer()).toBeUndefined();
  });
});

function rejectWhenAborted(signal: AbortSignal): Promise<Result> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
