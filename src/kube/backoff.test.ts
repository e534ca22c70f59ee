import { describe, expect, test } from "@jest/globals";
import { backoffMs } from "./backoff.ts";

describe("the back-off", () => {
  test("doubles up to its longest, and a share of it is random", () => {
    const backoff = { firstMs: 800, longestMs: 30_000, jitter: 0.5 };
    expect([0, 1, 2, 5, 6, 100].map((failures) => [backoffMs(backoff, failures, 1), backoffMs(backoff, failures, 0)])).toEqual([
      [400, 800],
      [800, 1600],
      [1600, 3200],
      [12_800, 25_600],
      [15_000, 30_000],
      [15_000, 30_000],
    ]);
  });

  test("is always the same without a random share", () => {
    expect(backoffMs({ firstMs: 1000, longestMs: 5000, jitter: 0 }, 1, 0.7)).toBe(2000);
  });
});
