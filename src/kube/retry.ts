import pRetry from "p-retry";
import { backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { isKubeError, type KubeError } from "./kube-error.ts";

export interface RetryOptions {
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Which failures are tried again. */
  retryable: (error: KubeError) => boolean;
  signal?: AbortSignal;
}

const retries = 3;
/** Whoever is asked to wait longer gives up: the caller's queue waits better than a request does. */
const longestDelayMs = 5_000;
const backoff = { firstMs: 400, longestMs: longestDelayMs, jitter: 0.5 } as const;

/**
 * Tries an operation up to four times, with random growing delays, or the one the server asks for, between them. For hiccups
 * only: about 3 s in all, and only for failures that `retryable` names. Any other failure, and the last one, is thrown as it is.
 *
 * @example
 * const options = { clock: systemClock, random: Math.random, retryable: readRetryable };
 * const pod = await withRetries(() => kube.get(Pod, { namespace: "default", name: "web" }), options);
 */
export function withRetries<T>(operation: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, random, retryable, signal } = options;
  return pRetry(operation, {
    retries,
    // The delays are ours, so that they run on the injected clock.
    minTimeout: 0,
    ...(signal === undefined ? {} : { signal }),
    shouldRetry: async ({ error, retriesConsumed }) => {
      if (!isKubeError(error) || !retryable(error)) return false;
      const asked = (error.retryAfterSeconds ?? 0) * 1000;
      if (asked > longestDelayMs) return false;
      await clock.sleep(Math.max(asked, backoffMs(backoff, retriesConsumed, random())), signal);
      return true;
    },
  });
}

/**
 * For requests that change nothing: every failure that may pass.
 *
 * @example readRetryable(new KubeError("serverError", "etcd has no leader")) // true
 */
export function readRetryable(error: KubeError): boolean {
  return error.transient;
}

/**
 * For requests that change something: only where the server surely has not done it, so a lost answer is never taken for a lost request.
 *
 * @example writeRetryable(new KubeError("serverError", "etcd has no leader")) // false: it may have been done
 */
export function writeRetryable(error: KubeError): boolean {
  return (
    error.code === "tooManyRequests" || (error.code === "unreachable" && (error.cause as NodeJS.ErrnoException)?.code === "ECONNREFUSED")
  );
}
