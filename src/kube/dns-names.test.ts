import { expect, test } from "@jest/globals";
import { isDnsLabel, isDnsSubdomain } from "./dns-names.ts";

test.each<[text: string, isLabel: boolean, isSubdomain: boolean]>([
  ["a", true, true],
  ["my--secret-2", true, true],
  ["node1.example.com", false, true],
  ["EU_West", false, false],
  ["-a", false, false],
  ["a-", false, false],
  ["a.-b", false, false],
  ["a..b", false, false],
  ["", false, false],
  ["x".repeat(63), true, true],
  ["x".repeat(64), false, true],
  ["x".repeat(254), false, false],
])("%s", (text, isLabel, isSubdomain) => {
  expect([isDnsLabel(text), isDnsSubdomain(text)]).toEqual([isLabel, isSubdomain]);
});
