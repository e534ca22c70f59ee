import { describe, expect, test } from "@jest/globals";
import { parseDuration } from "./duration.ts";

describe("a duration", () => {
  test.each([
    ["0", 0],
    ["45s", 45_000],
    ["10m", 600_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["250ms", 250],
    ["1m0s", 60_000],
  ])("%s is %d ms", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(["", "10", "10 s", "ten", "-5s", "1d", "s", "5s!"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
