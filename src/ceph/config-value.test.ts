import { expect, test } from "@jest/globals";
import { sameValue } from "./config-value.ts";

test.each([
  ["True", "true", true],
  ["1073741824", "1G", true],
  ["1073741824", "1Gi", true],
  ["1073741824", "1GiB", true],
  ["1073741824", "1 GB", true],
  ["1125899906842624", "1P", true],
  ["1152921504606846976", "1E", true],
  ["1152921504606846976", "1EiB", true],
  ["0.050000", "0.05", true],
  ["0.050000", ".05", true],
  ["0.5", ".5", true],
  ["0.875", ".875", true],
  ["-0.5", "-.5", true],
  ["5", "5.", true],
  ["1000", "1e3", true],
  ["0.0000001", "1e-7", true],
  ["0.5", "5", false],
  ["1G", "1T", false],
  ["1", "1E", false],
  [".", "0", false],
  ["e", "0", false],
  ["aggressive", "Aggressive", true],
  ["aggressive", "passive", false],
])("%s and %s mean the same: %s", (left, right, same) => {
  expect(sameValue(left, right)).toBe(same);
});
