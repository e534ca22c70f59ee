/** How long to wait after failures in a row. */
export interface Backoff {
  /** Milliseconds after the first failure; doubled after each further one. */
  readonly firstMs: number;
  /** Never longer than this. */
  readonly longestMs: number;
  /** Which share of the delay is random, from 0 to 1, so that those that failed together do not come back together. */
  readonly jitter: number;
}

/**
 * How long to wait after so many failures in a row (0 for the first), in milliseconds. `random` is uniform in [0, 1).
 *
 * @example backoffMs({ firstMs: 200, longestMs: 60_000, jitter: 0.5 }, 2, Math.random()) // from 400 to 800
 */
export function backoffMs({ firstMs, longestMs, jitter }: Backoff, failures: number, random: number): number {
  return Math.round(Math.min(firstMs * 2 ** failures, longestMs) * (1 - jitter * random));
}
