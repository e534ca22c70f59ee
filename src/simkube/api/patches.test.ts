import { describe, expect, test } from "@jest/globals";
import { isKubeError } from "../../kube/kube-error.ts";
import { jsonPatch } from "./json-patch.ts";
import { fieldSelector, labelSelector } from "./selectors.ts";
import type { SimObject } from "./sim-object.ts";
import { strategicMerge } from "./strategic-merge.ts";

describe("a strategic merge patch", () => {
  const target = {
    spec: { containers: [{ name: "a", image: "1", env: [{ name: "X", value: "1" }] }, { name: "b" }], tolerations: [{ key: "x" }] },
    metadata: { finalizers: ["one"], labels: { a: "1" } },
  };
  test.each([
    [
      "merges lists by their key",
      { spec: { containers: [{ name: "a", image: "2" }] } },
      "spec.containers.0",
      { name: "a", image: "2", env: [{ name: "X", value: "1" }] },
    ],
    ["takes an element away", { spec: { containers: [{ name: "b", $patch: "delete" }] } }, "spec.containers.length", 1],
    ["adds an element", { spec: { containers: [{ name: "c" }] } }, "spec.containers.length", 3],
    ["replaces a list", { spec: { containers: [{ $patch: "replace" }, { name: "z" }] } }, "spec.containers", [{ name: "z" }]],
    ["replaces lists without a key", { spec: { tolerations: [{ key: "y" }] } }, "spec.tolerations", [{ key: "y" }]],
    ["adds to finalizers", { metadata: { finalizers: ["two"] } }, "metadata.finalizers", ["one", "two"]],
    ["takes finalizers away", { metadata: { "$deleteFromPrimitiveList/finalizers": ["one"] } }, "metadata.finalizers", []],
    ["takes fields away", { metadata: { labels: { a: null } } }, "metadata.labels", {}],
    ["keeps only some fields", { metadata: { $retainKeys: ["labels"] } }, "metadata", { labels: { a: "1" } }],
    ["replaces an object", { metadata: { $patch: "replace", labels: { b: "2" } } }, "metadata", { labels: { b: "2" } }],
  ])("%s", (_what, patch, path, wanted) => {
    const result = path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], strategicMerge(target, patch));
    expect(result).toEqual(wanted);
  });
});

describe("a JSON patch", () => {
  test.each([
    ["unescapes names", { op: "add", path: "/x~1y~0z", value: 2 }, { a: [1, 2], "x/y~z": 2 }],
    ["adds", { op: "add", path: "/b", value: 2 }, { a: [1, 2], b: 2 }],
    ["adds into a list", { op: "add", path: "/a/1", value: 9 }, { a: [1, 9, 2] }],
    ["adds to the end", { op: "add", path: "/a/-", value: 9 }, { a: [1, 2, 9] }],
    ["removes", { op: "remove", path: "/a/0" }, { a: [2] }],
    ["replaces", { op: "replace", path: "/a", value: 0 }, { a: 0 }],
    ["moves", { op: "move", from: "/a", path: "/c" }, { c: [1, 2] }],
    ["copies", { op: "copy", from: "/a/0", path: "/c" }, { a: [1, 2], c: 1 }],
    ["tests what is so", { op: "test", path: "/a/1", value: 2 }, { a: [1, 2] }],
  ])("%s", (_what, operation, wanted) => {
    expect(jsonPatch({ a: [1, 2] }, [operation])).toEqual(wanted);
  });

  test("leaves what it was made from as it was", () => {
    const target = Object.freeze({ a: Object.freeze([1, 2]) });
    expect(jsonPatch(target, [{ op: "add", path: "/a/0", value: 0 }])).toEqual({ a: [0, 1, 2] });
    expect(target).toEqual({ a: [1, 2] });
  });

  test.each([
    ["a test fails", { op: "test", path: "/a/1", value: 3 }],
    ["there is nothing to remove", { op: "remove", path: "/z" }],
    ["an index is too large", { op: "replace", path: "/a/7", value: 1 }],
    ["the operation is unknown", { op: "guess", path: "/a" }],
    ["a path does not begin with a slash", { op: "remove", path: "a" }],
    ["there is nothing to copy", { op: "copy", from: "/z", path: "/c" }],
    ["a value would go into itself", { op: "move", from: "/a", path: "/a/0" }],
  ])("is refused where %s", (_why, operation) => {
    let code: unknown;
    try {
      jsonPatch({ a: [1, 2] }, [operation]);
    } catch (error) {
      code = isKubeError(error) ? error.code : error;
    }
    expect(code).toBe("invalid");
  });
});

describe("selectors", () => {
  const object = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", labels: { app: "web", tier: "a" } },
    spec: { nodeName: "n1" },
  } as SimObject;
  test.each([
    ["app=web", true],
    ["app==web,tier!=b", true],
    ["app=web,tier=b", false],
    ["tier in (a, b)", true],
    ["tier notin (a,b)", false],
    ["gone notin (a)", true],
    ["app", true],
    ["!app", false],
    ["!gone,app", true],
    ["", true],
  ])("by label: %s", (text, wanted) => expect(labelSelector(text)(object)).toBe(wanted));

  test.each([
    ["metadata.name=p", true],
    ["metadata.name!=p", false],
    ["spec.nodeName=n1,metadata.name==p", true],
    ["spec.gone=", true],
  ])("by field: %s", (text, wanted) => expect(fieldSelector(text)(object)).toBe(wanted));
});
