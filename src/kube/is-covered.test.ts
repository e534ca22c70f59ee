import { describe, expect, test } from "@jest/globals";
import { isCovered } from "./is-covered.ts";

const container = (more: object) => ({ spec: { containers: [{ name: "osd", image: "ceph", ...more }] } });

describe("a container that asks for no resources", () => {
  const wanted = container({});

  test.each([
    ["has none", {}, true],
    ["has what the server makes of none", { resources: {} }, true],
    ["has requests from before", { resources: { requests: { memory: "64Gi" } } }, false],
    ["has limits from before", { resources: { limits: { cpu: "1" } } }, false],
  ])("%s", (_what, actual, covered) => expect(isCovered(wanted, container(actual))).toBe(covered));
});

test("arguments that came by structuredClone are the same arguments", () => {
  const spec = container({ args: ["--id", "1"] });
  expect(isCovered(spec, structuredClone(spec))).toBe(true);
});
