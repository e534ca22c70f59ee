import { describe, expect, test } from "@jest/globals";
import { goRegex } from "./go-regex.ts";

describe("a regular expression of Go", () => {
  test.each([
    ["^active", "active+clean", true],
    ["clean", "active+clean", true],
    ["^clean$", "active+clean", false],
    ["(?i)ACTIVE", "active", true],
    ["(?P<state>active)", "active", true],
    [String.raw`\Aactive\z`, "active", true],
    ["(?U)a+$", "aaa", true],
    ["[[:alpha:]]+", "12", false],
    ["", "anything", true],
  ])("%s on %s", (pattern, text, matches) => {
    expect(goRegex(pattern)(text)).toBe(matches);
  });

  test.each(["^(active", "a(?=b)", String.raw`(a)\1`, "*"])("is not %s", (pattern) => {
    expect(() => goRegex(pattern)).toThrow("error parsing regexp");
  });

  test("takes no longer for a pattern that makes others try every way there is", () => {
    expect(goRegex("^(a+)+$")(`${"a".repeat(50_000)}b`)).toBe(false);
  });
});
