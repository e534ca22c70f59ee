import { setImmediate as turn } from "node:timers/promises";
import { type Clock, sleepBy } from "../kube/clock.ts";

interface Timer {
  due: number;
  fn: () => void;
}

/** A clock that stands still until a test moves it. */
export interface VirtualClock extends Clock {
  /** Moves time by `ms`, running every timer on its way at its own time, with the promises that hang on it. */
  advance(ms: number): Promise<void>;
  /** How long until the earliest timer, in milliseconds; undefined where none waits. */
  untilNextTimer(): number | undefined;
}

/** A clock for tests, at `start` (milliseconds since 1970) until moved. */
export function createVirtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = start;
  const timers = new Set<Timer>();
  const after = (ms: number, fn: () => void): (() => void) => {
    const timer = { due: now + Math.max(0, ms), fn };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const earliest = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) if (first === undefined || timer.due < first.due) first = timer;
    return first;
  };
  return {
    now: () => now,
    after,
    sleep: sleepBy(after),
    untilNextTimer: () => {
      const timer = earliest();
      return timer === undefined ? undefined : timer.due - now;
    },
    advance: async (ms) => {
      const end = now + ms;
      await turn();
      for (let timer = earliest(); timer !== undefined && timer.due <= end; timer = earliest()) {
        timers.delete(timer);
        now = Math.max(now, timer.due);
        timer.fn();
        await turn();
      }
      now = end;
      await turn();
    },
  };
}
