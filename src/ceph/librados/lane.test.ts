import { describe, expect, test } from "@jest/globals";
import { createLane } from "./lane.ts";

const patient = new AbortController().signal;

describe("a lane", () => {
  test("runs as many tasks at a time as it is wide, in order", async () => {
    const lane = createLane(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const tasks = [0, 1, 2, 3].map((n) =>
      lane(patient, () => {
        begun.push(n);
        return new Promise<number>((resolve) => ends.push(() => resolve(n)));
      }),
    );
    expect(begun).toEqual([0, 1]);

    ends[1]?.();
    await tasks[1];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);

    ends[0]?.();
    ends[2]?.();
    await tasks[2];
    await Promise.resolve();
    ends[3]?.();
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3]);
  });

  test("does not begin a task that nobody waits for any more, and goes on with the next", async () => {
    const lane = createLane(1);
    const impatient = new AbortController();
    let finish = () => {};
    const first = lane(patient, () => new Promise<void>((resolve) => (finish = resolve)));
    let hasBegun = false;
    const second = lane(impatient.signal, async () => {
      hasBegun = true;
    }).catch((error: unknown) => error);
    const third = lane(patient, async () => "done");

    impatient.abort(new Error("gone"));
    finish();

    await first;
    expect(await second).toEqual(new Error("gone"));
    expect(await third).toBe("done");
    expect(hasBegun).toBe(false);
  });

  test("a task that fails makes room for the next", async () => {
    const lane = createLane(1);
    const first = lane(patient, () => Promise.reject(new Error("broken"))).catch((error: unknown) => error);
    const second = lane(patient, async () => 2);

    expect(await first).toEqual(new Error("broken"));
    expect(await second).toBe(2);
  });
});
