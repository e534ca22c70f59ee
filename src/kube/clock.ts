/** Time and timers, injected so that tests hold the clock. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. Keeps no process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fn` once after `ms`; the answer cancels. Keeps no process alive. */
  after(ms: number, fn: () => void): () => void;
}

/**
 * The `sleep` that goes with an `after`.
 *
 * @example const clock: Clock = { now: () => Date.now(), after, sleep: sleepBy(after) };
 */
export function sleepBy(after: Clock["after"]): Clock["sleep"] {
  return (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const onAbort = () => {
        cancel();
        reject(signal?.reason as Error);
      };
      const cancel = after(ms, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
}

const after: Clock["after"] = (ms, fn) => {
  const timer = setTimeout(fn, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** The machine's clock. */
export const systemClock: Readonly<Clock> = { now: () => Date.now(), sleep: sleepBy(after), after };
