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
  /** Moves time to the earliest timer and runs those that are due then, at most by `ms`; without a timer it moves by `ms`. */
  advanceToNext(ms: number): Promise<void>;
  /** Lets the promises run that hang on what has happened; time stands still. */
  turn(): Promise<void>;
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
  const runUntil = async (end: number): Promise<void> => {
    for (let first = earliest(); first !== undefined && first.due <= end; first = earliest()) {
      const { due } = first;
      now = Math.max(now, due);
      // what is due at one time is on its way at one time: none ends before the next begins
      for (const timer of [...timers].filter((each) => each.due <= due)) if (timers.delete(timer)) timer.fn();
      await turn();
    }
    now = end;
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
      await turn();
      await runUntil(now + ms);
      await turn();
    },
    advanceToNext: (ms) => runUntil(Math.min(now + ms, Math.max(now, earliest()?.due ?? Number.POSITIVE_INFINITY))),
    turn: () => turn(),
  };
}
