import { describe, expect, test } from "@jest/globals";
import { problemsOf, prune, type Structural, withSchemaDefaults } from "./structural.ts";

const schema: Structural = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      required: ["image"],
      properties: {
        image: { type: "string", pattern: "^\\S+$", maxLength: 10 },
        count: { type: "integer", minimum: 0, maximum: 9, default: 3 },
        mode: { type: "string", enum: ["fast", "safe"] },
        size: { "x-kubernetes-int-or-string": true },
        names: { type: "array", items: { type: "string" }, maxItems: 2 },
        labels: { type: "object", additionalProperties: { type: "string" } },
        free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        nested: { type: "object", default: {}, properties: { on: { type: "boolean", default: true } } },
      },
    },
  },
};

describe("a structural schema", () => {
  test("drops what it does not know, and tells where it was", () => {
    const unknown: string[] = [];
    const given = { metadata: { any: 1 }, spec: { image: "a", cunt: 1, free: { any: { thing: 1 } }, labels: { a: "b" } }, more: 1 };
    expect(prune(schema, given, (field) => unknown.push(field))).toEqual({
      metadata: { any: 1 },
      spec: { image: "a", free: { any: { thing: 1 } }, labels: { a: "b" } },
    });
    expect(unknown).toEqual(["spec.cunt", "more"]);
  });

  test("fills in defaults, inside of defaults too", () => {
    expect(withSchemaDefaults(schema, { spec: { image: "a" } })).toEqual({ spec: { image: "a", count: 3, nested: { on: true } } });
    expect(withSchemaDefaults(schema, { spec: { image: "a", count: 0, nested: { on: false } } })).toEqual({
      spec: { image: "a", count: 0, nested: { on: false } },
    });
  });

  test.each([
    [{ image: "a", count: 77 }, "spec.count", "Invalid value: 77: spec.count in body should be less than or equal to 9"],
    [{ image: "a", count: -1 }, "spec.count", "Invalid value: -1: spec.count in body should be greater than or equal to 0"],
    [{ image: "a", count: "3" }, "spec.count", 'Invalid value: "3": spec.count in body must be of type integer: "string"'],
    [{ image: "a", count: 1.5 }, "spec.count", 'Invalid value: 1.5: spec.count in body must be of type integer: "number"'],
    [{}, "spec.image", "Required value"],
    [{ image: "a b" }, "spec.image", "Invalid value: \"a b\": spec.image in body should match '^\\S+$'"],
    [{ image: "abcdefghijk" }, "spec.image", "Too long: may not be more than 10 bytes"],
    [{ image: "a", mode: "slow" }, "spec.mode", 'Unsupported value: "slow": supported values: "fast", "safe"'],
    [{ image: "a", size: true }, "spec.size", 'Invalid value: true: spec.size in body must be of type integer,string: "boolean"'],
    [{ image: "a", names: ["a", 1] }, "spec.names[1]", 'Invalid value: 1: spec.names[1] in body must be of type string: "integer"'],
    [{ image: "a", names: ["a", "b", "c"] }, "spec.names", "Too many: 3: must have at most 2 items"],
    [{ image: "a", labels: { a: 1 } }, "spec.labels.a", 'Invalid value: 1: spec.labels.a in body must be of type string: "integer"'],
  ])("of %j says what is wrong with %s", (spec, field, message) => {
    expect(problemsOf(schema, { spec })).toEqual([expect.objectContaining({ field, message })]);
  });

  test("finds nothing wrong with what is right", () => {
    expect(problemsOf(schema, { spec: { image: "a", count: 9, mode: "safe", size: "10%", names: [], labels: {}, nested: {} } })).toEqual(
      [],
    );
    expect(problemsOf(schema, { spec: { image: "a", size: 10 } })).toEqual([]);
  });
});
