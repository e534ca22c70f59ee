import { type Clock, sleepBy } from "../../src/kube/clock.ts";

/** A clock of somebody, whose timers can be told from those of others. */
export interface TrackedClock extends Clock {
  /** How many timers wait. */
  pending(): number;
  /** When the last of those timers is due that are due by `limit`; undefined where none is. In milliseconds since 1970. */
  lastDueBy(limit: number): number | undefined;
  /** Whether a timer waits that was set for so many milliseconds at most. */
  hasTimerOf(ms: number): boolean;
  /** Drops every timer. */
  cancelAll(): void;
}

/** A clock with the time of `world`. */
export function createTrackedClock(world: Clock): TrackedClock {
  const timers = new Map<object, { readonly ms: number; readonly due: number; readonly cancel: () => void }>();
  const after: Clock["after"] = (ms, fn) => {
    const timer = {};
    const cancel = world.after(ms, () => {
      timers.delete(timer);
      fn();
    });
    timers.set(timer, { ms, due: world.now() + Math.max(0, ms), cancel });
    return () => {
      timers.delete(timer);
      cancel();
    };
  };
  return {
    now: () => world.now(),
    after,
    sleep: sleepBy(after),
    pending: () => timers.size,
    lastDueBy: (limit) => {
      let last: number | undefined;
      for (const { due } of timers.values()) if (due <= limit && (last === undefined || due > last)) last = due;
      return last;
    },
    hasTimerOf: (longest) => {
      for (const { ms } of timers.values()) if (ms <= longest) return true;
      return false;
    },
    cancelAll: () => {
      for (const { cancel } of timers.values()) cancel();
      timers.clear();
    },
  };
}
