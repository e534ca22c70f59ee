import type { Clock } from "../kube/clock.ts";
import type { CephCommandOptions } from "./ceph.ts";
import { CephError } from "./ceph-error.ts";

/** Milliseconds that a command may take unless its caller says otherwise. */
export const defaultTimeoutMs = 15_000;

/**
 * Waits for `work`, but no longer than `timeoutMs` (then `timedOut`) and only until `signal` or `closing` aborts (then `aborted`).
 * Work that has begun may go on: a call into librados cannot be taken back. The signal given to `work` aborts once nobody waits for it.
 */
export function withinLimits<T>(
  clock: Clock,
  prefix: string,
  options: Pick<CephCommandOptions, "signal" | "timeoutMs"> & { readonly closing?: AbortSignal },
  work: (givenUp: AbortSignal) => Promise<T>,
): Promise<T> {
  const { timeoutMs = defaultTimeoutMs } = options;
  const signals = [options.signal, options.closing].filter((signal) => signal !== undefined);
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted !== undefined) return Promise.reject(abortedError(prefix, aborted));
  const givenUp = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const giveUp = (error: CephError) => {
      end();
      reject(error);
      givenUp.abort(error);
    };
    const onAbort = (event: Event) => giveUp(abortedError(prefix, event.target as AbortSignal));
    const cancelTimer = clock.after(timeoutMs, () => giveUp(new CephError("timedOut", prefix, `no answer within ${timeoutMs / 1000} s`)));
    const end = () => {
      cancelTimer();
      for (const signal of signals) signal.removeEventListener("abort", onAbort);
    };
    for (const signal of signals) signal.addEventListener("abort", onAbort, { once: true });
    work(givenUp.signal).finally(end).then(resolve, reject);
  });
}

function abortedError(prefix: string, signal: AbortSignal): CephError {
  return new CephError("aborted", prefix, "given up", { cause: signal.reason });
}
