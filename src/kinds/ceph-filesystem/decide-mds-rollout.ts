import type { Lack } from "../../daemons/rollout/lack.ts";
import type { MdsRole } from "./mds-view.ts";

/** What a roll-out knows of one MDS. */
export interface MdsState {
  readonly name: string;
  /** What of its Deployment is not as wanted. */
  readonly lacks: Lack;
  readonly role: MdsRole;
  /** Its newest template runs, its Pod is ready, and Ceph has it. */
  readonly isBack: boolean;
}

/** What is to be done with the MDSs of a file system. */
export interface MdsRollout {
  /** Made, as they are missing. */
  readonly make: readonly string[];
  /** Changed without stopping anything: they only get other labels, or serve nothing. */
  readonly change: readonly string[];
  /** To be stopped and changed now, where Ceph agrees. */
  readonly stop?: string;
  /** The one that is to be changed next but must not be stopped now, and why. */
  readonly held?: { readonly name: string; readonly why: string };
}

/**
 * Which MDSs are changed now. One that serves nothing can be changed at any time: the change may be its cure. The others are changed one at a
 * time, while all others are back: first those that stand by, then those with a rank, so that whoever takes a rank over is new already.
 * `isReduced`: as few ranks as the change needs are left.
 */
export function decideMdsRollout(mdss: readonly MdsState[], { isReduced }: { readonly isReduced: boolean }): MdsRollout {
  const namesOf = (select: (mds: MdsState) => boolean) => mdss.filter(select).map(({ name }) => name);
  const make = namesOf(({ lacks }) => lacks === "deployment");
  const change = namesOf(({ lacks, role }) => lacks === "labels" || (lacks === "template" && role === "none"));
  const running = mdss.filter(({ lacks, role }) => lacks === "template" && role !== "none");
  const [next] = [...running.filter(({ role }) => role === "standby"), ...running.filter(({ role }) => role !== "standby")];
  if (next === undefined) return { make, change };
  const held = (why: string): MdsRollout => ({ make, change, held: { name: next.name, why } });
  const away = mdss.find((mds) => mds !== next && !mds.isBack);
  if (away !== undefined) return held(`${away.name} is not back yet`);
  if (next.role === "moving") return held("it is taking over a rank, or handing one over");
  if (!isReduced) return held("its file system still has more than one rank, or MDSs that follow one");
  return { make, change, stop: next.name };
}
