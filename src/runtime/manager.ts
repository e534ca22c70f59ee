import type { CachedKube } from "../kube/cached-kube.ts";
import type { Clock } from "../kube/clock.ts";
import type { Logger } from "../kube/logger.ts";
import type { Controller } from "./controller.ts";
import { type HealthCheck, type HealthServer, type MetricsText, startHealthServer } from "./health-server.ts";
import type { KubeEventRecorder } from "./kube-event-recorder.ts";
import type { LeaderElection } from "./leader-election.ts";

/** What the manager needs of a cache. */
export type ManagedCache = Pick<CachedKube, "start" | "synced" | "health">;

export interface ManagerOptions {
  clock: Clock;
  log: Logger;
  caches: readonly ManagedCache[];
  controllers: readonly Pick<Controller, "name" | "run" | "health">[];
  /** Absent: this process works without asking others. */
  election?: LeaderElection;
  events?: Pick<KubeEventRecorder, "flush">;
  health?: {
    /** 0: no server. */
    port: number;
    metrics: () => Promise<MetricsText>;
    /** Further checks of /readyz. */
    ready?: Readonly<Record<string, HealthCheck>>;
  };
  /** How long passes under way may go on after a stop was asked for; 10 s where absent. */
  drainMs?: number;
}

/** Why the manager ended, and what the process should exit with. */
export interface ManagerEnd {
  exitCode: 0 | 1;
  reason: string;
}

export interface Manager {
  /**
   * Runs until `stop` aborts or the Lease is lost. To be called once.
   *
   * After `exitCode` 1 a pass that ignores its signal may still be under way, so the process must end at once.
   *
   * @throws ConfigurationError where the health server's port cannot be had.
   */
  run(stop: AbortSignal): Promise<ManagerEnd>;
}

/** How long passes get to notice that their signal aborted, and how long each further step of the end may take. */
const lastStepMs = 2_000;
const complaintMs = 10_000;

/**
 * Runs caches and controllers, with leader election, health and a graceful end.
 *
 * Guarantees: controllers work only after every cache has been read, and only while this process leads; one that stands by keeps its
 * caches warm and is ready. On a stop: no new pass begins, those under way may end, events are written, and only then is the Lease
 * given up; a Lease is renewed while passes end, and it is left to expire where one of them does not. All this takes `drainMs` and 6 s
 * at most.
 *
 * @example
 * const manager = createManager({ clock: systemClock, log, caches: [cache], controllers: [controller], election, events });
 * const { exitCode } = await manager.run(stop);
 * process.exit(exitCode);
 */
export function createManager(options: ManagerOptions): Manager {
  const { clock, log, caches, controllers, election, events, drainMs = 10_000 } = options;

  const lead = async (stop: AbortSignal): Promise<ManagerEnd> => {
    const work = new AbortController();
    const abort = new AbortController();
    const hold = new AbortController();
    const holding = election?.hold(hold.signal) ?? new Promise<never>(() => {});
    const lost = holding.then((end) => (end === "lost" ? ("lost" as const) : new Promise<never>(() => {})));
    const working = Promise.all(controllers.map((controller) => controller.run({ stop: work.signal, abort: abort.signal })));
    const quit = (reason: string): ManagerEnd => {
      abort.abort(new Error(reason));
      work.abort(new Error(reason));
      hold.abort();
      log.error("Stopping at once", { reason });
      return { exitCode: 1, reason };
    };
    try {
      const event = await Promise.race([lost, working.then(() => "ended" as const), abortOf(stop).then(() => "stop" as const)]);
      if (event === "lost") return quit("The Lease is lost: another process may lead now.");

      log.info("Stopping", { reason: reasonOf(stop) });
      work.abort(stop.reason);
      let drained = await Promise.race([within(clock, working, drainMs), lost]);
      if (drained === false) {
        abort.abort(new Error("The process stops"));
        drained = await Promise.race([within(clock, working, lastStepMs), lost]);
      }
      if (drained === "lost") return quit("The Lease was lost while passes were ending.");
      if (events !== undefined) await within(clock, events.flush(), lastStepMs);
      hold.abort();
      if (!drained) log.warn("A pass does not end, so the Lease is left to expire");
      else if (election !== undefined) await within(clock, election.release(), lastStepMs);
      return { exitCode: 0, reason: reasonOf(stop) };
    } catch (error) {
      log.error("A controller failed", { error });
      return quit(`A controller failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return {
    run: async (stop) => {
      const server = await startHealth(options);
      const ending = new AbortController();
      try {
        for (const cache of caches) cache.start(ending.signal);
        if (!(await syncCaches(options, stop))) return { exitCode: 0, reason: reasonOf(stop) };
        if (election !== undefined && !(await election.acquire(stop))) return { exitCode: 0, reason: reasonOf(stop) };
        return await lead(stop);
      } finally {
        ending.abort(new Error("The process stops"));
        await server?.close();
      }
    },
  };
}

/** The health server, where one is asked for. */
async function startHealth({ clock, log, caches, controllers, health }: ManagerOptions): Promise<HealthServer | undefined> {
  if (health === undefined || health.port === 0) return undefined;
  const live = Object.fromEntries(controllers.map((controller) => [controller.name, () => controller.health()]));
  const ready = { ...health.ready, caches: () => troubleOf(caches) };
  const server = await startHealthServer({ port: health.port, live, ready, metrics: health.metrics, clock });
  log.info("Serving health and metrics", { port: server.port });
  return server;
}

/** Whether every cache was read before `stop`. Until then the log says again and again what hinders: the user has to mend it. */
async function syncCaches({ clock, log, caches }: ManagerOptions, stop: AbortSignal): Promise<boolean> {
  const waiting = new AbortController();
  const complain = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(complaintMs, waiting.signal);
      const details = caches.flatMap((cache) => cache.health().details);
      log.warn("Waiting for the first look at the cluster", { details });
    }
  };
  void complain().catch(() => {});
  await Promise.race([Promise.all(caches.map((cache) => cache.synced())), abortOf(stop)]);
  waiting.abort();
  return !stop.aborted;
}

/** Troubles after the first reading do not count: what was read is still there to work with, and a restart would not help. */
function troubleOf(caches: readonly ManagedCache[]): string | undefined {
  const unread = caches.map((cache) => cache.health()).filter((health) => !health.synced);
  if (unread.length === 0) return undefined;
  return unread.flatMap(({ details }) => details).join(" ") || "The first look at the cluster is under way.";
}

function reasonOf(signal: AbortSignal): string {
  return signal.reason instanceof Error ? signal.reason.message : "Stopped";
}

/** Resolves when the signal aborts. */
function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Whether the promise settled in time. */
async function within(clock: Clock, promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = clock.sleep(ms, timer.signal).then(
    () => false,
    () => false,
  );
  const result = await Promise.race([promise.then(() => true), late]);
  timer.abort();
  return result;
}
