import { describe, expect, test } from "@jest/globals";
import { SettingsError } from "../read-flags.ts";
import { readDemoOptions } from "./demo-options.ts";

describe("the demo's flags", () => {
  test("none: three nodes with two OSDs each, an upgrade, and it stays", () => {
    expect(readDemoOptions([])).toEqual({ nodes: 3, osdsPerNode: 2, upgrade: true, once: false, timeoutMs: 60_000 });
  });

  test("in either spelling; --once needs no value", () => {
    expect(readDemoOptions(["--nodes", "5", "--osds-per-node=20", "--once", "--timeout=7"])).toEqual({
      nodes: 5,
      osdsPerNode: 20,
      upgrade: false,
      once: true,
      timeoutMs: 7_000,
    });
    expect(readDemoOptions(["--once", "--upgrade", "no"])).toMatchObject({ once: true, upgrade: false });
  });

  test.each([
    [["--node=3"], 'unknown argument "--node=3"; the demo\'s flags are --nodes, --osds-per-node, '],
    [["3"], 'unknown argument "3"; '],
    [["--nodes"], "--nodes needs a value"],
    [["--nodes=few"], '--nodes is "few"; it must be a whole number from 1 to 1000'],
    [["--upgrade=maybe"], '--upgrade is "maybe"; it must be yes or no'],
  ])("%j is refused with a sentence", (args, sentence) => {
    expect(() => readDemoOptions(args)).toThrow(SettingsError);
    expect(() => readDemoOptions(args)).toThrow(sentence);
  });
});
