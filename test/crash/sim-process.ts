import { type Clock, sleepBy } from "../../src/kube/clock.ts";
import { createTrackedClock, type TrackedClock } from "./tracked-clock.ts";

/** A process that can be killed or made to stand still at any moment: nothing that happens to it afterwards gets through. */
export interface SimProcess {
  /** The world's clock, as long as the process lives. */
  readonly clock: Clock;
  /** The timers that it waits for. */
  readonly timers: TrackedClock;
  isAlive(): boolean;
  /** Gives `value` back as soon as the process moves; never, where it is dead. */
  reach<T>(value: T): Promise<T>;
  /** Stands still, timers and answers too, until `resume`. */
  pause(): void;
  resume(): void;
  kill(): void;
  /** Is called when the process is killed. */
  onKill(act: () => void): void;
}

/** A process that lives in the world's time. */
export function createSimProcess(world: Clock): SimProcess {
  let state: "runs" | "paused" | "dead" = "runs";
  let held: (() => void)[] = [];
  const endings: (() => void)[] = [];
  const timers = createTrackedClock(world);
  const when = (act: () => void): void => {
    if (state === "runs") act();
    else if (state === "paused") held.push(act);
  };
  const after: Clock["after"] = (ms, fn) => {
    let cancelled = false;
    const cancel = timers.after(ms, () =>
      when(() => {
        if (!cancelled) fn();
      }),
    );
    return () => {
      cancelled = true;
      cancel();
    };
  };
  return {
    clock: {
      now: () => world.now(),
      after,
      sleep: sleepBy(after),
    },
    timers,
    isAlive: () => state !== "dead",
    reach: (value) =>
      new Promise((resolve) => {
        when(() => resolve(value));
      }),
    pause: () => {
      if (state === "runs") state = "paused";
    },
    resume: () => {
      if (state !== "paused") return;
      state = "runs";
      const acts = held;
      held = [];
      for (const act of acts) when(act);
    },
    kill: () => {
      if (state === "dead") return;
      state = "dead";
      held = [];
      timers.cancelAll();
      for (const end of endings) end();
    },
    onKill: (act) => void endings.push(act),
  };
}
