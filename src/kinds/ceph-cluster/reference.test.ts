import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { demoFlags } from "../../demo/demo-options.ts";
import { settings } from "../../settings.ts";

const page = readFileSync(new URL("../../../docs/reference.md", import.meta.url), "utf8");

/** First cells of the table under a heading. */
function firstCells(heading: string): string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
    .slice(1)
    .map((line) => (line.split("|")[1] ?? "").trim());
}

describe("docs/reference.md", () => {
  test("lists every setting, and no other", () => {
    expect(firstCells("Settings of the operator").sort()).toEqual(settings.map((s) => `\`--${s.flag}\``).sort());
  });

  test("lists every setting of the demo, and no other", () => {
    expect(firstCells("Settings of the demo").sort()).toEqual(demoFlags.map((flag) => `\`--${flag}\``).sort());
  });
});
