import type { Trouble } from "../diagnosis/trouble.ts";
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
  /** What keeps its Pod from running, in spite of a node that could run it: what a change of it may cure. */
  readonly trouble?: Trouble | undefined;
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

/** What becomes of a daemon. */
type Fate = "make" | "relabel" | "cure" | "ask" | "askFirst" | "last" | "await" | "leave";

interface Rule {
  readonly fate: Fate;
  readonly because: string;
  readonly holds: (state: DaemonState, options: RuleOptions) => boolean;
}

/** What of the rules differs from type to type. */
export interface RuleOptions {
  /** Whether a daemon that Ceph does not have holds nothing that is nowhere else, so that its change costs nothing: an MDS. */
  readonly changesIdle?: boolean;
}

const isAway = ({ isBack, isAwaited }: DaemonState) => !isBack && isAwaited;
const differs = ({ lacks }: DaemonState) => lacks === "template";
const isTroubled = ({ trouble }: DaemonState) => trouble !== undefined;

/** In order: the first that holds for a daemon says what becomes of it. */
const rules: readonly Rule[] = [
  { fate: "make", because: "it is missing, and to make it stops nothing", holds: ({ lacks }) => lacks === "deployment" },
  { fate: "ask", because: "it runs and differs", holds: (state) => differs(state) && state.isBack },
  {
    fate: "cure",
    because: "Ceph does not have it, and what it holds is elsewhere",
    holds: (state, { changesIdle = false }) => changesIdle && differs(state) && !state.serves,
  },
  {
    fate: "askFirst",
    because: "it serves in spite of its trouble, and its change may be the cure: until then no other is stopped",
    holds: (state) => differs(state) && isTroubled(state) && state.isAwaited && state.serves,
  },
  {
    fate: "cure",
    because: "it does not run, and its change may be the cure",
    holds: (state) => differs(state) && isTroubled(state) && state.isAwaited,
  },
  {
    fate: "ask",
    because: "no other waits for it, but Ceph has it: it may hold what is nowhere else",
    holds: (state) => differs(state) && isTroubled(state) && state.serves,
  },
  {
    fate: "last",
    because: "no other waits for it, and Ceph does not have it: it may be what the others need",
    holds: (state) => differs(state) && !state.isAwaited && !state.serves,
  },
  { fate: "relabel", because: "labels stop nothing", holds: ({ lacks }) => lacks === "labels" },
  { fate: "await", because: "it is on its way, or lost", holds: isAway },
  { fate: "leave", because: "it is as wanted, or no other waits for it", holds: () => true },
];

/** Sorts daemons by what can be done with them; nothing is stopped while one is on its way back. */
export function decideRollout(daemons: readonly DaemonState[], options: RuleOptions = {}): RolloutDecision {
  const fated = daemons.map((state) => ({ state, fate: rules.find(({ holds }) => holds(state, options))?.fate }));
  const of = (...fates: readonly Fate[]) =>
    fated.flatMap(({ state, fate }) => (fate !== undefined && fates.includes(fate) ? [state.daemon] : []));
  const awaited = fated.filter(({ state, fate }) => fate === "make" || (isAway(state) && fate !== "ask" && fate !== "askFirst"));
  const first = of("askFirst");
  return {
    make: of("make"),
    relabel: of("relabel"),
    cure: of("cure"),
    awaited: awaited.map(({ state }) => state.daemon),
    candidates: first.length > 0 ? first : of("ask"),
    last: of("last"),
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
