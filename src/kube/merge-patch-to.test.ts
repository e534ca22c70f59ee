import { describe, expect, test } from "@jest/globals";
import { mergePatch } from "../simkube/api/merge-patch.ts";
import { mergePatchTo } from "./merge-patch-to.ts";

describe("mergePatchTo", () => {
  test.each([
    ["nothing to something", undefined, { a: 1 }, { a: 1 }],
    ["the same", { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, undefined],
    ["a field that goes", { a: 1, b: 2 }, { a: 1 }, { b: null }],
    ["a field that is undefined", { a: 1, b: 2 }, { a: 1, b: undefined }, { b: null }],
    ["a field within", { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, { a: { c: 3 } }],
    ["a list, as a whole", { a: [1, 2] }, { a: [1] }, { a: [1] }],
    ["another type", { a: { b: 1 } }, { a: "text" }, { a: "text" }],
  ])("%s", (_name, old, wanted, patch) => {
    expect(mergePatchTo(old, wanted)).toEqual(patch);
    if (patch !== undefined) expect(mergePatch(old ?? {}, patch)).toEqual(JSON.parse(JSON.stringify(wanted)));
  });
});
