import type { VirtualClock } from "../../src/simkube/virtual-clock.ts";
import type { ProcessLoad } from "./process-load.ts";
import type { TrackedClock } from "./tracked-clock.ts";

/** Who may still do something in a world. */
export interface Doers {
  readonly clock: VirtualClock;
  /** What users and faults have planned: all of it comes. */
  readonly planned: readonly TrackedClock[];
  /** What the simulation is about to do. */
  readonly sim: TrackedClock;
  /** The operators that live: their timers, whether a pass runs or is about to, and whether one waits for another one to end. */
  readonly operators: () => readonly {
    readonly timers: TrackedClock;
    readonly load: Pick<ProcessLoad, "isBusy" | "isInTrouble" | "retries" | "standsBy">;
  }[];
  /** When Ceph next becomes otherwise by itself, in milliseconds since 1970. */
  readonly cephDueAt: () => number | undefined;
  /** Grows with each change to Kubernetes and to Ceph, with each change that is told, and with each request that will be sent again. */
  readonly changes: () => number;
}

/** A timer that is due later than this is not waited for: a daemon that has crashed often is started again after minutes. */
const lookAheadMs = 75_000;
/** What the simulation does after less is on its way and no repetition: a Pod that ends, a controller that reacts. */
const onItsWayMs = 5_000;
/** What an operator waits for no longer is on its way too: a wake-up that waits for others. */
const wakesSoonMs = 100;
const longestMs = 3_600_000;

/**
 * Lets time go on until nothing will change any more: users and faults have done all, no pass runs or is queued, and each timer of the
 * simulation and of an operator (a step that asked for another pass) has fired once since the last change or failed pass without another
 * one. With `restForMs`, nothing changes for so long, too. False where that does not come within an hour.
 */
export async function settle({ clock, planned, sim, operators, cephDueAt, changes }: Doers, restForMs = 0): Promise<boolean> {
  const began = clock.now();
  let known = changes();
  let changedAt = began;
  /** When the timers have fired that waited at the last change. */
  let horizon: number | undefined;
  let cephDue: number | undefined;
  let retries = 0;
  for (;;) {
    await clock.turn();
    const now = clock.now();
    const isCephDue = cephDue !== undefined && cephDue <= now;
    cephDue = cephDueAt();
    const alive = operators();
    const working = alive.filter(({ load }) => !load.standsBy());
    const retriesNow = working.reduce((total, { load }) => total + load.retries(), 0);
    if (changes() !== known || isCephDue || retriesNow !== retries) {
      known = changes();
      retries = retriesNow;
      changedAt = now;
      horizon = undefined;
    }
    const isBusy =
      planned.some((each) => each.pending() > 0) ||
      sim.hasTimerOf(onItsWayMs) ||
      (cephDue !== undefined && cephDue <= now + lookAheadMs) ||
      (working.length === 0 && alive.length > 0) ||
      working.some(({ load, timers }) => load.isBusy() || timers.hasTimerOf(wakesSoonMs) || (load.isInTrouble() && timers.pending() > 0));
    if (isBusy) horizon = undefined;
    else
      horizon ??= Math.max(
        changedAt + restForMs,
        ...[sim, ...working.map((each) => each.timers)].map((each) => each.lastDueBy(now + lookAheadMs) ?? now),
      );
    if (horizon !== undefined && now >= horizon) return true;
    const until = Math.min(horizon ?? Infinity, cephDue ?? Infinity, now + longestMs) - now;
    // a pass that waits for nothing that will ever come
    if (horizon === undefined && cephDue === undefined && clock.untilNextTimer() === undefined) return false;
    if (now - began > longestMs) return false;
    await clock.advanceToNext(until);
  }
}
