import { describe, expect, test } from "@jest/globals";
import { createVirtualClock } from "../simkube/virtual-clock.ts";
import { withinLimits } from "./limits.ts";

describe("time limits", () => {
  test("work that is done in time gives its value, and no timer is left", async () => {
    const clock = createVirtualClock();

    expect(await withinLimits(clock, "status", {}, () => Promise.resolve(3))).toBe(3);
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test("work that fails gives its failure", async () => {
    await expect(withinLimits(createVirtualClock(), "status", {}, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });

  test("waiting ends at the limit, and the work is told", async () => {
    const clock = createVirtualClock();
    let told: AbortSignal | undefined;
    const waiting = withinLimits(clock, "status", { timeoutMs: 500 }, (givenUp) => {
      told = givenUp;
      return new Promise(() => {});
    }).catch((error: unknown) => error);

    await clock.advance(499);
    expect(told?.aborted).toBe(false);
    await clock.advance(1);

    expect(await waiting).toMatchObject({ code: "timedOut", message: "ceph status: no answer within 0.5 s (timedOut)" });
    expect(told?.aborted).toBe(true);
  });

  test.each(["signal", "closing"] as const)("waiting ends when %s aborts", async (name) => {
    const abort = new AbortController();
    const waiting = withinLimits(createVirtualClock(), "status", { [name]: abort.signal }, () => new Promise(() => {})).catch(
      (error: unknown) => error,
    );

    abort.abort(new Error("bye"));

    expect(await waiting).toMatchObject({ code: "aborted", cause: new Error("bye") });
  });

  test("nothing begins when the signal has aborted before", async () => {
    let hasBegun = false;
    const waiting = withinLimits(createVirtualClock(), "status", { signal: AbortSignal.abort() }, async () => {
      hasBegun = true;
    });

    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    expect(hasBegun).toBe(false);
  });
});
