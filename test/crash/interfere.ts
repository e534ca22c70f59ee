import type { Clock } from "../../src/kube/clock.ts";
import type { FakeKube } from "../../src/simkube/api/fake-kube.ts";
import type { Fault } from "./fault.ts";
import { isStatusWrite, type Journal } from "./journal.ts";
import type { SimProcess } from "./sim-process.ts";
import type { Interference } from "./tap.ts";
import { createViews, writesUntilStale } from "./views.ts";

/** What a fault does to a world. */
export interface FaultWorld {
  readonly fault: Fault;
  /** What the fault plans goes by this clock. */
  readonly clock: Clock;
  readonly kube: FakeKube;
  readonly journal: Journal;
  /** Stops the process, and lets a new one start. */
  readonly restart: (process: SimProcess) => void;
  /** Stops every process, and lets new ones start. */
  readonly restartAll: () => void;
  readonly wipeStatus: () => void;
  /** Hears of an operator that begins to stand still. */
  readonly onPause: () => void;
}

const apiGoneMs = 3_000;
/** How long an operator that starts with an old view gets nothing newer. */
const oldViewMs = 10_000;

export interface FaultInterference extends Interference {
  /** Whether the fault has come. */
  hasCome(): boolean;
  /** How many requests found no API server so far, each of which is sent again, and how many changes were told. */
  stirs(): number;
}

/** The one fault of a plan: it comes at its place, once. */
export function createInterference(world: FaultWorld): FaultInterference {
  const { fault, clock, kube, journal, restart } = world;
  const views = createViews(kube.store, fault);
  let hasCome = fault.type === "none" || fault.type === "twoOperators";
  let frozenUntil = 0;
  let apiGoneUntil = 0;
  let statusWrites = 0;
  let stirs = 0;
  const come = <T>(how: T): T => {
    hasCome = true;
    return how;
  };
  /** Lets the operator go on for a few writes, and then start again with the view of now. */
  const showLater = (): void => {
    // where there are no three writes more, it is stopped all the same
    clock.after(3000, () => {
      if (views.isShown()) return;
      views.show();
      world.restartAll();
    });
  };
  return {
    hasCome: () => hasCome,
    stirs: () => stirs,
    told: () => {
      stirs += 1;
    },
    onWrite(write) {
      const n = journal.write(write);
      if (n === undefined) return undefined;
      if (isStatusWrite(write)) {
        statusWrites += 1;
        if (fault.type === "wipeStatus" && fault.at === statusWrites) {
          hasCome = true;
          clock.after(50, world.wipeStatus);
        }
      }
      if (fault.type !== "write") return undefined;
      views.onWrite(n);
      if (fault.how === "stale" && hasCome && !views.isShown() && n === fault.at + writesUntilStale) {
        views.show();
        return "kill";
      }
      if (hasCome || fault.at !== n) return undefined;
      if (fault.how === "stale") showLater();
      if (fault.how === "staleAct" || fault.how === "staleBetween") views.show();
      return come(fault.how);
    },
    onCommand(command) {
      const n = journal.command(command);
      return fault.type === "command" && !hasCome && fault.at === n ? come(fault.how) : undefined;
    },
    onRead(command) {
      const n = journal.ask(command);
      return fault.type === "read" && !hasCome && fault.at === n ? come(fault.how) : undefined;
    },
    onWatchEvent() {
      const n = journal.watchEvent();
      return fault.type === "watch" && !hasCome && fault.at === n ? come(fault.how) : undefined;
    },
    kill: restart,
    killLater: (process, ms) => void clock.after(ms, () => restart(process)),
    pause: (process) => {
      process.pause();
      clock.after(30_000, () => process.resume());
      world.onPause();
    },
    restartApi: () => {
      apiGoneUntil = clock.now() + apiGoneMs;
      // the world is not at rest before it is back
      clock.after(apiGoneMs, () => {});
      kube.compact();
      kube.disconnectWatches();
    },
    isApiGone: () => {
      if (clock.now() >= apiGoneUntil) return false;
      stirs += 1;
      return true;
    },
    frozenUntil: () => frozenUntil,
    freeze: (ms) => {
      frozenUntil = clock.now() + ms;
    },
    staleList: (kind) => {
      const list = views.listOf(kind);
      if (list === undefined) return undefined;
      // the operator that comes back sees the old world for a while, then what has happened since
      if (frozenUntil === 0) frozenUntil = clock.now() + oldViewMs;
      return clock.now() < frozenUntil ? list : undefined;
    },
  };
}
