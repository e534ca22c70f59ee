import { expect, test } from "@jest/globals";
import { createVirtualClock } from "../simkube/virtual-clock.ts";
import { createTokenBucket } from "./token-bucket.ts";

test("a burst passes at once, and the rest at the rate", () => {
  const bucket = createTokenBucket({ clock: createVirtualClock(), perSecond: 10, burst: 3 });
  expect(Array.from({ length: 6 }, () => bucket.reserve())).toEqual([0, 0, 0, 100, 200, 300]);
});

test("a pause fills the bucket, but no more than to its burst", async () => {
  const clock = createVirtualClock();
  const bucket = createTokenBucket({ clock, perSecond: 10, burst: 2 });
  bucket.reserve();
  bucket.reserve();
  await clock.advance(60_000);
  expect(Array.from({ length: 3 }, () => bucket.reserve())).toEqual([0, 0, 100]);
});
