import { expect, test } from "@jest/globals";
import { type Condition, setCondition } from "./conditions.ts";

const at = (seconds: number): number => Date.UTC(2026, 0, 1, 0, 0, seconds);
const update = { type: "Ready", status: "False", reason: "Starting", message: "Not yet.", observedGeneration: 1 } as const;

test("a new condition is added with the time in whole seconds", () => {
  expect(setCondition([], update, at(5) + 678)).toEqual([{ ...update, lastTransitionTime: "2026-01-01T00:00:05Z" }]);
});

test("the time stays while the status does, and the rest is brought up to date", () => {
  const before: Condition[] = setCondition([], update, at(5));
  const after = setCondition(before, { ...update, message: "Soon.", observedGeneration: 2 }, at(9));
  expect(after).toEqual([{ ...update, message: "Soon.", observedGeneration: 2, lastTransitionTime: "2026-01-01T00:00:05Z" }]);
  expect(before[0]?.message).toBe("Not yet.");
});

test("the time moves with the status", () => {
  const before: Condition[] = setCondition([], update, at(5));
  expect(setCondition(before, { ...update, status: "True" }, at(9))[0]?.lastTransitionTime).toBe("2026-01-01T00:00:09Z");
});

test("the very same array is answered where nothing changes", () => {
  const before: Condition[] = setCondition([], update, at(5));
  expect(setCondition(before, { ...update }, at(9))).toBe(before);
});

test("other conditions stay, in their order", () => {
  const before: Condition[] = setCondition(setCondition([], update, at(1)), { ...update, type: "Progressing" }, at(1));
  const after = setCondition(before, { ...update, status: "True" }, at(2));
  expect(after.map(({ type, status }) => `${type}=${status}`)).toEqual(["Ready=True", "Progressing=False"]);
  expect(after[1]).toBe(before[1]);
});

test("a condition without a time gets one", () => {
  const before: Condition[] = [{ ...update }];
  expect(setCondition(before, update, at(3))).toEqual([{ ...update, lastTransitionTime: "2026-01-01T00:00:03Z" }]);
});
