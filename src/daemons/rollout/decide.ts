import type { Lack } from "./lack.ts";

/** What a roll-out knows of one daemon. */
export interface DaemonState {
  /** `mon.a`, `osd.3` */
  readonly daemon: string;
  /** What of its Deployment is not as wanted: all of it, its Pod's template, or only labels and the like, which stop nothing. */
  readonly lacks: Lack;
  /** Its newest template runs, its Pod is ready, and Ceph has it. */
  readonly isBack: boolean;
  /** Ceph has it, whatever Kubernetes says of its Pod; Ceph is asked at the moment, and what is known of Pods may be old. */
  readonly serves: boolean;
  /** Whether its return is awaited before another is stopped. Not so for an OSD that is out: its data is elsewhere by now. */
  readonly isAwaited: boolean;
  /** What keeps its Pod from running: what a change of it may cure. */
  readonly trouble?: string | undefined;
  /** What it has in common with those that are changed alike: what one of them shows holds for all. */
  readonly likeness?: string | undefined;
}

/** What is to be done with a type's daemons, by name and in order. */
export interface RolloutDecision {
  /** Made, as they are missing. */
  readonly make: readonly string[];
  /** Changed without stopping anything. */
  readonly relabel: readonly string[];
  /** Changed at once: they do not run, and the change may be the cure. */
  readonly cure: readonly string[];
  /** Awaited; while there are any, nothing is stopped. */
  readonly awaited: readonly string[];
  /**
   * Run and differ: to be stopped and changed, in this order, where the others allow it. Where some that are awaited have trouble and serve
   * all the same, only those.
   */
  readonly candidates: readonly string[];
  /** Differ, do not run, and are not awaited: changed once no candidate is left that can be stopped. */
  readonly last: readonly string[];
}

/** Sorts daemons by what can be done with them; nothing is stopped while one is on its way back. */
export function decideRollout(daemons: readonly DaemonState[]): RolloutDecision {
  const namesOf = (select: (state: DaemonState) => boolean) => daemons.filter(select).map(({ daemon }) => daemon);
  const differs = (state: DaemonState) => state.lacks === "template";
  const isAway = (state: DaemonState) => !state.isBack && state.isAwaited;
  const isCurable = (state: DaemonState) => differs(state) && isAway(state) && state.trouble !== undefined;
  // a daemon that Ceph still has may hold what is nowhere else, whoever waits for it
  const isUnmissed = (state: DaemonState) => differs(state) && !state.isBack && !state.isAwaited;
  const isCandidate = (state: DaemonState) =>
    (differs(state) && state.isBack) || (isUnmissed(state) && state.serves && state.trouble !== undefined);
  const limping = namesOf((state) => isCurable(state) && state.serves);
  return {
    make: namesOf(({ lacks }) => lacks === "deployment"),
    relabel: namesOf(({ lacks }) => lacks === "labels"),
    cure: namesOf((state) => isCurable(state) && !state.serves),
    awaited: namesOf((state) => state.lacks === "deployment" || (isAway(state) && !(isCurable(state) && state.serves))),
    candidates: limping.length > 0 ? limping : namesOf(isCandidate),
    last: namesOf((state) => isUnmissed(state) && !state.serves),
  };
}

/** Whether it has what it is to get. */
export function isChanged({ lacks }: DaemonState): boolean {
  return lacks === "nothing" || lacks === "labels";
}

/** Whether what daemons of one likeness are to get has shown that it works: one of them has it, and is back. */
export function isProven(alike: readonly DaemonState[]): boolean {
  return alike.some((each) => isChanged(each) && each.isBack);
}
