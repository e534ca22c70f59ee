import { type Backoff, backoffMs } from "../kube/backoff.ts";
import type { Clock } from "../kube/clock.ts";
import { createReadyKeys } from "./ready-keys.ts";
import { createTokenBucket } from "./token-bucket.ts";

export interface WorkQueueOptions {
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  /** How long a key waits after failures in a row; where absent 200 ms doubled up to 60 s, a fifth of it random. */
  backoff?: Backoff;
  /** The limit on retries of all keys together; 10 a second and a burst of 100 where absent. */
  rate?: { perSecond: number; burst: number };
  observer?: WorkQueueObserver;
}

/** Hears what happens in a queue, for metrics. */
export interface WorkQueueObserver {
  /** A key became ready that was not. */
  added(): void;
  /** A key was put back after a failure. */
  retried(): void;
  /** A worker took a key that had been ready for so long. */
  taken(waitedMs: number): void;
  /** A worker is done with a key. */
  finished(workedMs: number): void;
}

export interface WorkQueueState {
  /** Keys that a worker could take now, or once it is done with them. */
  ready: number;
  /** Keys that wait for their time. */
  delayed: number;
  /** For each key that is worked on: since how many milliseconds. */
  runningMs: number[];
}

/**
 * Which keys need work.
 *
 * Guarantees: a key is in the queue at most once, with the earliest time anybody asked for; no two workers have the same key; a key
 * that is added while a worker has it is handed out once more afterwards; keys that are ready are handed out in the order in which
 * they became so.
 * Assumptions: who takes a key calls `done` for it, whatever happens.
 */
export interface WorkQueue {
  /** Makes a key ready now, also one that waits for its time. */
  add(key: string): void;
  /** Makes a key ready after so many milliseconds, unless it will be earlier. */
  addAfter(key: string, ms: number): void;
  /** Counts a failure of the key and puts it back after its back-off, or the overall rate where that is later. `mostMs`: no longer than so many milliseconds. Answers the delay in milliseconds. */
  retry(key: string, mostMs?: number): number;
  /** The key is well: its next failure is its first. */
  forget(key: string): void;
  /** The next key, when there is one; undefined when the queue is closed. */
  take(): Promise<string | undefined>;
  /** The worker is done with the key that it took. */
  done(key: string): void;
  /** Drops every key and hands out no more. What is added later is ignored. */
  close(): void;
  state(): WorkQueueState;
}

/** What timers can represent; a longer delay would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * An empty queue.
 *
 * @example
 * const queue = createWorkQueue({ clock: systemClock, random: Math.random });
 * queue.add("default/web");
 * const key = await queue.take(); // "default/web"
 * if (key !== undefined) queue.done(key);
 */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { clock, random, observer, rate = { perSecond: 10, burst: 100 } } = options;
  const { backoff = { firstMs: 200, longestMs: 60_000, jitter: 0.2 } } = options;
  const bucket = createTokenBucket({ clock, ...rate });
  const ready = createReadyKeys(clock, observer);
  const delayed = new Map<string, { dueAt: number; cancel: () => void }>();
  const failures = new Map<string, number>();
  let closed = false;

  const undelay = (key: string): void => {
    delayed.get(key)?.cancel();
    delayed.delete(key);
  };
  const add = (key: string): void => {
    undelay(key);
    ready.add(key);
  };
  const addAfter = (key: string, ms: number): void => {
    if (ms <= 0) return add(key);
    const dueAt = clock.now() + ms;
    if (closed || ready.has(key) || (delayed.get(key)?.dueAt ?? Infinity) <= dueAt) return;
    undelay(key);
    delayed.set(key, { dueAt, cancel: clock.after(Math.min(ms, longestTimerMs), () => add(key)) });
  };

  return {
    add,
    addAfter,
    retry: (key, mostMs = backoff.longestMs) => {
      const before = failures.get(key) ?? 0;
      failures.set(key, before + 1);
      const longestMs = Math.min(backoff.longestMs, mostMs);
      const delayMs = Math.max(backoffMs({ ...backoff, longestMs }, before, random()), bucket.reserve());
      observer?.retried();
      addAfter(key, delayMs);
      return delayMs;
    },
    forget: (key) => {
      failures.delete(key);
    },
    take: () => ready.take(),
    done: (key) => ready.done(key),
    close: () => {
      closed = true;
      for (const { cancel } of delayed.values()) cancel();
      delayed.clear();
      ready.close();
    },
    state: () => ({ ...ready.state(), delayed: delayed.size }),
  };
}
