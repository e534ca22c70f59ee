/** The longest delay, and the one for what only a person can mend. */
export const longestBackoffMs = 30_000;
const firstBackoffMs = 800;

/**
 * How long to wait after so many failures in a row (0 for the first): 0.8 s doubled each time up to 30 s, of which the second half
 * is random, so that clients of one server do not come back together. A longer time that the server asks for wins.
 */
export function backoffMs(failures: number, random: number, retryAfterSeconds = 0): number {
  const whole = Math.min(firstBackoffMs * 2 ** failures, longestBackoffMs);
  return Math.max(Math.round(whole * (0.5 + random / 2)), retryAfterSeconds * 1000);
}
