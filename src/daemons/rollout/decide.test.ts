import { describe, expect, test } from "@jest/globals";
import type { Trouble } from "../diagnosis/trouble.ts";
import { type DaemonState, decideRollout } from "./decide.ts";

const troubled = (what: string): Trouble => ({ what, since: undefined, help: "" });
const runs = { lacks: "nothing", isBack: true, serves: true, isAwaited: true } as const;
const differs = { ...runs, lacks: "template" } as const;
const away = { isBack: false, serves: false } as const;
const nothing = { make: [], relabel: [], cure: [], awaited: [], candidates: [], last: [] };

const dead = { ...differs, ...away, trouble: troubled("no device"), likeness: "x" } as const;
const unmissed = { ...dead, isAwaited: false } as const;
const like = { likeness: "x" } as const;

describe("what a roll-out does with its daemons", () => {
  test.each<[string, Omit<DaemonState, "daemon">[], Partial<ReturnType<typeof decideRollout>>]>([
    ["nothing where all is as wanted", [runs, runs], {}],
    ["stops those that differ, in their order", [runs, differs, differs], { candidates: ["b", "c"] }],
    [
      "makes what is missing, and waits for it",
      [{ ...runs, lacks: "deployment", ...away }, differs],
      { make: ["a"], awaited: ["a"], candidates: ["b"] },
    ],
    ["changes labels at once", [{ ...runs, lacks: "labels" }], { relabel: ["a"] }],
    ["waits for one that is on its way", [{ ...runs, ...away }, differs], { awaited: ["a"], candidates: ["b"] }],
    ["waits for one that is lost, as it is", [{ ...differs, ...away }, differs], { awaited: ["a"], candidates: ["b"] }],
    [
      "changes one at once that cannot run as it is",
      [{ ...differs, ...away, trouble: troubled("CrashLoopBackOff") }, differs],
      { cure: ["a"], awaited: ["a"], candidates: ["b"] },
    ],
    [
      "asks about one that serves in spite of its trouble, before any other",
      [{ ...differs, isBack: false, trouble: troubled("is not ready") }, differs],
      { candidates: ["a"] },
    ],
    [
      "waits for another one before it stops one that serves in spite of its trouble",
      [
        { ...differs, isBack: false, trouble: troubled("is not ready") },
        { ...runs, ...away },
      ],
      { awaited: ["b"], candidates: ["a"] },
    ],
    [
      "does not wait for one that nobody misses, and changes it last",
      [{ ...differs, ...away, isAwaited: false }, differs],
      { candidates: ["b"], last: ["a"] },
    ],
    ["leaves one that nobody misses and that serves until it is back", [{ ...differs, isBack: false, isAwaited: false }], {}],
    [
      "asks about one that nobody misses and that serves in spite of its trouble, like any other",
      [{ ...differs, isBack: false, isAwaited: false, trouble: troubled("is not ready") }, differs],
      { candidates: ["a", "b"] },
    ],
    [
      "gives a change to all at once that do not run: it may be their cure, whatever others died of",
      [dead, unmissed, dead, { ...differs, ...like }],
      { cure: ["a", "c"], awaited: ["a", "c"], candidates: ["d"], last: ["b"] },
    ],
    ["forgets one that runs as wanted and nobody misses", [{ ...runs, ...away, isAwaited: false }], {}],
  ])("%s", (_what, states, expected) => {
    expect(decideRollout(states.map((state, index) => ({ daemon: "abcd".charAt(index), ...state })))).toEqual({ ...nothing, ...expected });
  });
});
