import { describe, expect, test } from "@jest/globals";
import { KubeError } from "./kube-error.ts";
import { nextReflectorState, type ReflectorOutcome, type ReflectorState } from "./reflector-state.ts";

const error = (code: KubeError["code"], retryAfterSeconds?: number) =>
  new KubeError(code, "x", retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
const listing = (failures = 0): ReflectorState & { phase: "listing" } => ({ phase: "listing", failures });
const watching = (version: string, failures = 0): ReflectorState & { phase: "watching" } => ({ phase: "watching", version, failures });
const ended = (livedMs: number, cause?: KubeError, version: string | undefined = "9"): ReflectorOutcome => ({
  type: "watchEnded",
  version,
  livedMs,
  ...(cause === undefined ? {} : { error: cause }),
});

describe("what a reflector does next", () => {
  const long = 60_000;
  const healthy = 120_000;
  test.each<[string, ReflectorState, ReflectorOutcome, ReflectorState]>([
    ["After a list it watches", listing(), { type: "listed", version: "5" }, watching("5")],
    [
      "A failed list waits and lists again",
      listing(2),
      { type: "listFailed", error: error("serverError") },
      { phase: "waiting", delayMs: 3200, next: listing(3) },
    ],
    ["After the wait it goes on", { phase: "waiting", delayMs: 1, next: listing(3) }, { type: "waited" }, listing(3)],
    ["A clean end watches on at once", watching("5", 1), ended(long), watching("9", 1)],
    ["A watch that ends at once waits first", watching("5"), ended(10), { phase: "waiting", delayMs: 800, next: watching("9", 1) }],
    ["A long healthy watch forgets failures", watching("5", 6), ended(healthy), watching("9", 0)],
    ["A lost connection is tried once at once", watching("5"), ended(long, error("unreachable")), watching("9", 1)],
    [
      "A connection that is lost again waits",
      watching("5", 1),
      ended(long, error("unreachable")),
      { phase: "waiting", delayMs: 1600, next: watching("9", 2) },
    ],
    [
      "A server error waits as long as the server asks",
      watching("5"),
      ended(long, error("tooManyRequests", 7)),
      { phase: "waiting", delayMs: 7000, next: watching("9", 1) },
    ],
    [
      "Less than the back-off is not asked for",
      watching("5", 3),
      ended(long, error("tooManyRequests", 1)),
      { phase: "waiting", delayMs: 6400, next: watching("9", 4) },
    ],
    ["A version that is too old lists at once", watching("5"), ended(10, error("gone")), listing(1)],
    [
      "A version that is too old again and again waits",
      watching("5", 1),
      ended(10, error("gone")),
      { phase: "waiting", delayMs: 1600, next: listing(2) },
    ],
    [
      "A refusal waits for a person",
      listing(),
      { type: "listFailed", error: error("forbidden") },
      { phase: "waiting", delayMs: 30_000, next: listing(1) },
    ],
    [
      "A kind that is gone is listed slowly",
      watching("5"),
      ended(10, error("notFound")),
      { phase: "waiting", delayMs: 30_000, next: listing(1) },
    ],
    ["Stopping ends it in any phase", { phase: "waiting", delayMs: 1, next: listing() }, { type: "stopped" }, { phase: "stopped" }],
  ])("%s", (_name, state, outcome, wanted) => {
    expect(nextReflectorState(state, outcome, 0)).toEqual(wanted);
  });

  test("An event without a version lists anew", () => {
    const outcome: ReflectorOutcome = { type: "watchEnded", version: undefined, livedMs: long };
    expect(nextReflectorState(watching("5"), outcome, 1)).toEqual(listing(1));
  });
});
