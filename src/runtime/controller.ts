import type { Backoff } from "../kube/backoff.ts";
import type { Clock } from "../kube/clock.ts";
import { isKubeError } from "../kube/kube-error.ts";
import type { Logger } from "../kube/logger.ts";
import type { Kind } from "../kube/object.ts";
import type { StoreChange } from "../kube/store.ts";
import type { ControllerMetrics } from "./controller-metrics.ts";
import type { RuntimeMetrics } from "./metrics.ts";
import type { Reconciler, Request } from "./reconciler.ts";
import { TerminalError } from "./terminal-error.ts";
import type { WakeUp } from "./wake-ups.ts";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";

export interface ControllerOptions {
  /** In metrics and logs. */
  name: string;
  reconciler: Reconciler;
  /** Which changes wake which requests. */
  wakeUps: readonly WakeUp[];
  /**
   * Asked after each pass that did not fail: after how many milliseconds to look again at what no watch tells; undefined for never.
   * It is a timer of the runtime beside the watches: anything that wakes the object earlier replaces it.
   */
  intervalFor?: (request: Request) => number | undefined | Promise<number | undefined>;
  /**
   * How long a wake-up waits for others of the same object, so that a burst of changes makes one pass: what the controllers of Kubernetes do
   * after one write comes within milliseconds, and each pass asks Ceph and reads Kubernetes. Counts from the first wake-up, so nothing waits
   * longer. 0 where absent.
   */
  gatherMs?: number;
  /** Objects worked on at the same time; 100 where absent, since a pass mostly waits for answers, and those that wait long hold up no others. */
  maxConcurrentReconciles?: number;
  /** After so long the signal of a pass aborts; 60 s where absent. */
  reconcileTimeoutMs?: number;
  backoff?: Backoff;
  /** The limit on retries of all objects together. */
  rate?: { perSecond: number; burst: number };
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  log: Logger;
  metrics: RuntimeMetrics;
}

/**
 * Runs one reconciler.
 *
 * Guarantees: no two passes of one object at once; a wake-up during a pass makes one more pass; nothing that a reconciler throws
 * gets out. A failed pass is tried again with growing delays, and its result is ignored; a `TerminalError` is not tried again.
 * Caveats: a pass that ignores its signal goes on, and its object waits for it, since a second pass beside it would be worse;
 * `health` tells of it.
 */
export interface Controller {
  readonly name: string;
  /** Wakes an object. May be called before `run`: nothing is lost, and nothing is done yet. */
  enqueue(request: Request): void;
  /** Wakes what the change to an object concerns. */
  onChange(kind: Kind, change: StoreChange): void;
  /**
   * Works until `stop` aborts; resolves when the passes under way have ended. Passes are given a signal that aborts when `abort`
   * does. To be called once.
   */
  run(signals: { stop: AbortSignal; abort: AbortSignal }): Promise<void>;
  /** A sentence where a pass is stuck; undefined while all is well. */
  health(): string | undefined;
}

/** How a pass ended. */
type PassOutcome =
  | { type: "done"; againAfterMs: number | undefined; asked: boolean }
  | { type: "failed"; error: unknown }
  | { type: "terminal"; error: TerminalError }
  | { type: "stopped" };

/** A conflict means that the cache is behind, which seconds cure: nothing would wake the object once it has caught up. */
const longestAfterConflictMs = 2_000;
/** A pass that runs so many times longer than its limit no longer listens. */
const stuckFactor = 3;

/**
 * A controller that works on nothing until `run`.
 *
 * @example
 * const controller = createController({
 *   name: "widgets",
 *   reconciler: { reconcile: async ({ namespace, name }) => ({ requeueAfterMs: 60_000 }) },
 *   wakeUps: [wakeSelf(Widget), wakeOwner(ConfigMap, Widget)],
 *   clock: systemClock,
 *   random: Math.random,
 *   log,
 *   metrics: createRuntimeMetrics(new Registry()),
 * });
 * await controller.run({ stop, abort });
 */
export function createController(options: ControllerOptions): Controller {
  const { name, reconciler, wakeUps, intervalFor, clock, random, backoff, rate } = options;
  const { gatherMs = 0, maxConcurrentReconciles = 100, reconcileTimeoutMs = 60_000 } = options;
  const log = options.log.child({ controller: name });
  const metrics = options.metrics.controller(name, maxConcurrentReconciles);
  const queue = createWorkQueue({
    clock,
    random,
    ...(backoff === undefined ? {} : { backoff }),
    ...(rate === undefined ? {} : { rate }),
    observer: options.metrics.queue(name, () => queue.state()),
  });

  const enqueue = (request: Request): void => queue.addAfter(keyOf(request), gatherMs);

  const reconcileOnce = async (request: Request, signal: AbortSignal): Promise<PassOutcome> => {
    const { requeueAfterMs = 0 } = await reconciler.reconcile(request, signal);
    const interval = await intervalFor?.(request);
    const delays = [requeueAfterMs, interval ?? 0].filter((ms) => ms > 0);
    return { type: "done", againAfterMs: delays.length === 0 ? undefined : Math.min(...delays), asked: requeueAfterMs > 0 };
  };

  const work = async (abort: AbortSignal): Promise<void> => {
    for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
      const request = requestOf(key);
      const startedAt = clock.now();
      metrics.started();
      const outcome = await passOf((signal) => reconcileOnce(request, signal), {
        abort,
        clock,
        limitMs: reconcileTimeoutMs,
        onLate: () => {
          metrics.timedOut();
          log.warn("Pass takes too long and is asked to stop", { ...request, limitMs: reconcileTimeoutMs });
        },
      });
      settle({ queue, metrics, log }, key, outcome, clock.now() - startedAt);
      metrics.idle();
      queue.done(key);
    }
  };

  return {
    name,
    enqueue,
    onChange: (kind, change) => {
      for (const wakeUp of wakeUps) {
        if (wakeUp.kind.kind !== kind.kind || wakeUp.kind.apiVersion !== kind.apiVersion) continue;
        for (const request of wakeUp.requestsFor(change)) enqueue(request);
      }
    },
    run: async ({ stop, abort }) => {
      if (stop.aborted) queue.close();
      else stop.addEventListener("abort", () => queue.close(), { once: true });
      await Promise.all(Array.from({ length: maxConcurrentReconciles }, () => work(abort)));
    },
    health: () => {
      const longestMs = Math.max(0, ...queue.state().runningMs);
      if (longestMs <= reconcileTimeoutMs * stuckFactor) return undefined;
      return `A pass of the controller ${name} has run for ${Math.round(longestMs / 1000)} s and does not stop.`;
    },
  };
}

/** One pass, with a signal that aborts with `abort` and after `limitMs`. Never rejects. */
async function passOf(
  reconcile: (signal: AbortSignal) => Promise<PassOutcome>,
  { abort, clock, limitMs, onLate }: { abort: AbortSignal; clock: Clock; limitMs: number; onLate: () => void },
): Promise<PassOutcome> {
  const pass = new AbortController();
  const onAbort = (): void => pass.abort(abort.reason);
  const cancelTimer = clock.after(limitMs, () => {
    onLate();
    pass.abort(new Error(`The pass took longer than ${limitMs / 1000} s`));
  });
  abort.addEventListener("abort", onAbort, { once: true });
  try {
    if (abort.aborted) return { type: "stopped" };
    return await reconcile(pass.signal);
  } catch (error) {
    if (abort.aborted) return { type: "stopped" };
    if (error instanceof TerminalError) return { type: "terminal", error };
    return { type: "failed", error };
  } finally {
    cancelTimer();
    abort.removeEventListener("abort", onAbort);
  }
}

/** The one place that says what an outcome means for the queue, the metrics and the log. */
function settle(
  { queue, metrics, log }: { queue: WorkQueue; metrics: ControllerMetrics; log: Logger },
  key: string,
  outcome: PassOutcome,
  ms: number,
): void {
  const request = requestOf(key);
  switch (outcome.type) {
    case "done":
      queue.forget(key);
      if (outcome.againAfterMs !== undefined) queue.addAfter(key, outcome.againAfterMs);
      metrics.ended(outcome.asked ? "requeue_after" : "success", ms);
      log.debug("Pass done", { ...request, ms, againAfterMs: outcome.againAfterMs });
      return;
    case "failed": {
      const isConflict = isKubeError(outcome.error, "conflict");
      if (isFault(outcome.error)) metrics.panicked();
      const retryInMs = queue.retry(key, isConflict ? longestAfterConflictMs : undefined);
      metrics.ended("error", ms);
      const level = isConflict ? "info" : "error";
      log[level]("Pass failed and will be tried again", { ...request, ms, retryInMs, error: outcome.error });
      return;
    }
    case "terminal":
      queue.forget(key);
      metrics.ended("terminal", ms);
      log.error("Pass failed, and trying again would not help", { ...request, ms, error: outcome.error });
      return;
    case "stopped":
      log.debug("Pass stopped", { ...request, ms });
      return;
  }
}

/** Errors of the program rather than of the world, which other languages call panics. */
function isFault(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError || !(error instanceof Error);
}

/** Names of Kubernetes hold no slash. */
function keyOf({ namespace, name }: Request): string {
  return `${namespace}/${name}`;
}

function requestOf(key: string): Request {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
