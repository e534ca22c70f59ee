import { expect, test } from "@jest/globals";
import { asksForHelp } from "./read-flags.ts";

test.each<[args: string[], expected: boolean]>([
  [["help"], true],
  [["--help"], true],
  [["demo", "--help"], true],
  [["operator", "--context", "prod", "-h"], true],
  [["demo", "--nodes", "3"], false],
  [["operator", "--context", "help"], false],
  [[], false],
])("%j asks for help: %j", (args, expected) => {
  expect(asksForHelp(args)).toBe(expected);
});
