import type { Clock } from "../kube/clock.ts";

export interface TokenBucketOptions {
  clock: Clock;
  /** How many a second in the long run. */
  perSecond: number;
  /** How many at once after a pause. */
  burst: number;
}

/** A limit on how often something happens, that lets short bursts pass. */
export interface TokenBucket {
  /** Takes the next place; answers how many milliseconds from now it is. */
  reserve(): number;
}

/**
 * A full bucket.
 *
 * @example
 * const bucket = createTokenBucket({ clock: systemClock, perSecond: 10, burst: 100 });
 * await systemClock.sleep(bucket.reserve());
 */
export function createTokenBucket({ clock, perSecond, burst }: TokenBucketOptions): TokenBucket {
  /** Below zero: places promised to those who wait. */
  let tokens = burst;
  let filledAt = clock.now();
  return {
    reserve: () => {
      const now = clock.now();
      tokens = Math.min(burst, tokens + ((now - filledAt) * perSecond) / 1000) - 1;
      filledAt = now;
      return tokens >= 0 ? 0 : Math.ceil((-tokens * 1000) / perSecond);
    },
  };
}
