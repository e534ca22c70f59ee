import type { Clock } from "../kube/clock.ts";
import type { WorkQueueObserver } from "./work-queue.ts";

/** Keys that workers may take now, in the order in which they became ready. No two workers have the same key. */
export interface ReadyKeys {
  has(key: string): boolean;
  /** Makes a key ready; one that is ready already keeps its place. */
  add(key: string): void;
  /** The next key, when there is one; undefined after `close`. */
  take(): Promise<string | undefined>;
  /** The worker is done with the key that it took. */
  done(key: string): void;
  /** Drops every key and hands out no more. What is added later is ignored. */
  close(): void;
  /** How many are ready, and for each one that is worked on, since how many milliseconds. */
  state(): { ready: number; runningMs: number[] };
}

/**
 * None ready. `observer` hears `added`, `taken` and `finished`.
 *
 * @example
 * const keys = createReadyKeys(systemClock);
 * keys.add("default/web");
 * const key = await keys.take(); // "default/web"
 * if (key !== undefined) keys.done(key);
 */
export function createReadyKeys(clock: Clock, observer?: Omit<WorkQueueObserver, "retried">): ReadyKeys {
  /** Keys that are ready, in order, and since when. */
  const ready = new Map<string, number>();
  /** Keys that workers have, and since when. */
  const running = new Map<string, number>();
  const idleWorkers: ((key: string | undefined) => void)[] = [];
  let closed = false;
  let handingOut = false;

  const nextReady = (): string | undefined => {
    for (const key of ready.keys()) if (!running.has(key)) return key;
    return undefined;
  };
  const handOut = (): void => {
    while (idleWorkers.length > 0) {
      const key = nextReady();
      if (key === undefined) return;
      const now = clock.now();
      observer?.taken(now - (ready.get(key) ?? now));
      ready.delete(key);
      running.set(key, now);
      idleWorkers.shift()?.(key);
    }
  };
  /** Not at once, so that a burst of wake-ups, such as a first list, makes one pass and not two. */
  const handOutSoon = (): void => {
    if (handingOut) return;
    handingOut = true;
    queueMicrotask(() => {
      handingOut = false;
      handOut();
    });
  };

  return {
    has: (key) => ready.has(key),
    add: (key) => {
      if (closed || ready.has(key)) return;
      ready.set(key, clock.now());
      observer?.added();
      handOutSoon();
    },
    take: () =>
      new Promise((resolve) => {
        if (closed) return resolve(undefined);
        idleWorkers.push(resolve);
        handOut();
      }),
    done: (key) => {
      const since = running.get(key);
      if (since === undefined) return;
      running.delete(key);
      observer?.finished(clock.now() - since);
      handOut();
    },
    close: () => {
      closed = true;
      ready.clear();
      for (const resolve of idleWorkers.splice(0)) resolve(undefined);
    },
    state: () => ({ ready: ready.size, runningMs: [...running.values()].map((since) => clock.now() - since) }),
  };
}
