import { daemonIndex } from "../../../daemons/names.ts";
import type { MonView } from "./observe.ts";
import type { MonPlace, RefusingNode } from "./place.ts";

/** All that the next change to the mons follows from. Ceph has just answered: there is a quorum. */
export interface MonsSeen {
  readonly mons: readonly MonView[];
  /** `mon.count` */
  readonly wanted: number;
  /** Whether a node may have several mons. */
  readonly mayShareNodes: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long the quorum has been just this one, in milliseconds. */
  readonly quorumAgeMs: number;
  /** How long a mon may be out of quorum before another takes its place; undefined: for ever. */
  readonly failover: FailoverLimits | undefined;
  /** The id of the next new mon, and where it would run. */
  readonly next: { readonly id: string } & MonPlace;
}

export interface FailoverLimits {
  readonly timeoutMs: number;
  /** How much longer a mon may be out whose node is cordoned: a drain brings it back, as a rule. */
  readonly drainDelayMs: number;
}

/**
 * The next thing to do about which mons there are: one change at a time, and none that could cost the quorum. The ConfigMap with the
 * endpoints says which mons are wanted, the monmap which there are.
 */
export type MonDecision =
  /** As many as wanted, each of them in the monmap. Some may be out of quorum, and be `lost` at a time. */
  | { readonly type: "settled"; readonly lostAt?: number }
  /** A member is out of quorum; that it comes back, or is lost, is waited for before the number of mons changes. */
  | { readonly type: "awaitReturn"; readonly id: string; readonly lostAt?: number }
  /** A new mon is on its way into the monmap, perhaps in the place of another one. */
  | { readonly type: "awaitJoin"; readonly id: string; readonly instead?: string; readonly lostAt?: number }
  /** A new mon is to be made. */
  | { readonly type: "add"; readonly id: string; readonly hostname: string; readonly instead?: string }
  /** One is needed, but no node can take it. */
  | { readonly type: "noPlace"; readonly nodes: readonly RefusingNode[]; readonly instead?: string }
  /** Some that the monmap has are to become members: they are needed. */
  | { readonly type: "adopt"; readonly ids: readonly string[] }
  /** A member is to be none any more; `makesWay`: first of all, since its successor will have its address. */
  | { readonly type: "dismiss"; readonly id: string; readonly makesWay?: true }
  /** One that is no member is to leave the monmap. */
  | { readonly type: "leaveMap"; readonly id: string; readonly makesWay?: true }
  /** What is left of one that is neither member nor in the monmap is to go. */
  | { readonly type: "clearAway"; readonly id: string }
  /** One is to go, but not now. */
  | { readonly type: "hold"; readonly id: string; readonly why: HoldReason };

/** Why a mon that is to go stays for now. */
export type HoldReason =
  | { readonly type: "missing"; readonly ids: readonly string[] }
  | { readonly type: "noneToSpare" }
  /** It runs: it may be joining just now, and without it the others could then have no majority. */
  | { readonly type: "mayJoin" }
  /** The same of one whose Pod should have ended; it counts as ended from `endsAt` on, in milliseconds since 1970. */
  | { readonly type: "overdue"; readonly pod: string; readonly hostname: string | undefined; readonly endsAt: number };

/** A quorum this young may be about to take a mon back that it lost. */
const settledQuorumMs = 10_000;

/** How long a mon that runs is given to join, where failover has no limit. */
const usualTimeoutMs = 600_000;

/**
 * Decides. Safe for any input: what is not known keeps things as they are. More mons than there is room for are wanted as if only so many were,
 * so that one that is lost is replaced; that there is no room for more is said when all that have some serve.
 */
export function decideMons(seen: MonsSeen): MonDecision {
  const room = seen.mayShareNodes ? seen.wanted : roomFor(seen);
  if (room >= seen.wanted) return decide(seen);
  const decision = decide({ ...seen, wanted: room });
  const isAway = seen.mons.some((mon) => mon.isMember && mon.out !== undefined && !mon.isLeftAlone);
  return decision.type === "settled" && !isAway && "nowhere" in seen.next ? { type: "noPlace", nodes: seen.next.nowhere } : decision;
}

function decide(seen: MonsSeen): MonDecision {
  const { mons, wanted } = seen;
  const members = mons.filter((mon) => mon.isMember);
  const joining = members.filter((mon) => !mon.isInMap);
  const serving = members.filter((mon) => mon.isInQuorum);
  const lost = members.filter((mon) => isLost(seen, mon));

  const finish = finishLeaving(seen) ?? takeIn(seen);
  if (finish !== undefined) return finish;

  if (members.length > wanted) {
    const surplus = serving.length >= wanted ? leastNeeded(members) : lostSurplus(seen, joining, lost);
    if (surplus !== undefined) return dismiss(seen, surplus);
  }
  // one at a time
  const [joiner] = joining.filter((mon) => !lost.includes(mon));
  if (joiner !== undefined) {
    const instead = members.length > wanted ? (lost[0] ?? members.find((mon) => mon.isInMap && mon.out !== undefined)) : undefined;
    return { type: "awaitJoin", id: joiner.id, ...(instead ? { instead: instead.id } : {}), ...lostAtOf(seen, joiner) };
  }
  if (members.length <= wanted) {
    const away = members.find((mon) => mon.out !== undefined && !lost.includes(mon) && !mon.isLeftAlone);
    if (members.length < wanted && away !== undefined) return { type: "awaitReturn", id: away.id, ...lostAtOf(seen, away) };
    const [instead] = lost;
    if (members.length < wanted || instead !== undefined) return add(seen, members.length < wanted ? undefined : instead);
  } else {
    const away = members.find((mon) => mon.out !== undefined);
    // what is too many stays until all that are wanted serve
    if (away !== undefined) return { type: "awaitReturn", id: away.id, ...lostAtOf(seen, away) };
  }
  // the address of a mon that was to be made, and is needed no more
  const begun = mons.find((mon) => !mon.isMember && !mon.isInMap && !mon.isLeftAlone);
  if (begun !== undefined) return clearAway(seen, begun);
  const times = members.flatMap((mon) => lostAt(seen, mon) ?? []);
  return { type: "settled", ...(times.length === 0 ? {} : { lostAt: Math.min(...times) }) };
}

/**
 * Mons that are stopped so that a newer one can start in their place: they are out of quorum, and the new one has been given their node, as
 * there was no other. One that is in quorum again goes on.
 */
export function makingRoom(mons: readonly MonView[], placed: readonly { readonly id: string; readonly hostname: string }[]): string[] {
  return mons
    .filter((mon) => mon.isMember && mon.isInMap && mon.out !== undefined && !mon.isLeftAlone)
    .filter((mon) => placed.some((newer) => newer.hostname === mon.hostname && daemonIndex(newer.id) > daemonIndex(mon.id)))
    .map((mon) => mon.id);
}

/** When a mon that is out of quorum is given up, in milliseconds since 1970; undefined: never, or it is not out. */
export function lostAt({ failover, now, quorumAgeMs }: MonsSeen, mon: MonView): number | undefined {
  if (failover === undefined || mon.out === undefined || mon.isLeftAlone) return undefined;
  const settledAt = now - quorumAgeMs + settledQuorumMs;
  if (mon.node === "gone") return now;
  const { timeoutMs, drainDelayMs } = failover;
  return Math.max(mon.out.since + timeoutMs + (mon.node === "cordoned" ? drainDelayMs : 0), settledAt);
}

function isLost(seen: MonsSeen, mon: MonView): boolean {
  return (lostAt(seen, mon) ?? Number.POSITIVE_INFINITY) <= seen.now;
}

function lostAtOf(seen: MonsSeen, mon: MonView): { lostAt?: number } {
  const at = lostAt(seen, mon);
  return at === undefined ? {} : { lostAt: at };
}

/**
 * How many mons there is room for where each has its node for itself: those that there are, and one more where that has a place. One that takes
 * another's place on the same node needs none of its own. Mons that share a node since that was allowed have room: they are not sent away.
 */
function roomFor(seen: MonsSeen): number {
  const { mons, next } = seen;
  const present = mons.filter((mon) => mon.isMember || mon.isInMap);
  const yields = (mon: MonView, here: readonly MonView[]) =>
    !mon.isInMap || isLost(seen, mon) || (mon.out !== undefined && here.some((other) => daemonIndex(other.id) > daemonIndex(mon.id)));
  const taken = [...Map.groupBy(present, (mon) => mon.hostname ?? `mon ${mon.id}`).values()].map((here) =>
    Math.max(1, here.filter((mon) => !yields(mon, here)).length),
  );
  return taken.reduce((sum, count) => sum + count, 0) + ("hostname" in next ? 1 : 0);
}

/** How many of `count` mons are a quorum. */
function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}

/**
 * Whether a lost mon is to go before its successor comes: no other node takes one, on its own node the successor would have its address, and the
 * mons in quorum are a majority without it.
 */
function makesWay(seen: MonsSeen, mon: MonView): boolean {
  const { mons, next } = seen;
  const others = mons.filter((other) => other.isInMap && other !== mon);
  return (
    "nowhere" in next &&
    mon.node === "takesPods" &&
    mon.hostname !== undefined &&
    next.clashing.includes(mon.hostname) &&
    isLost(seen, mon) &&
    others.filter((other) => other.isInQuorum).length >= majority(others.length)
  );
}

/** What is to be done about mons that are no members: they leave the monmap, then what is left of them goes. */
function finishLeaving(seen: MonsSeen): MonDecision | undefined {
  const { mons, wanted } = seen;
  const map = mons.filter((mon) => mon.isInMap);
  const strangers = map.filter((mon) => !mon.isMember && !mon.isLeftAlone);
  const yielding = strangers.find((mon) => makesWay(seen, mon));
  if (yielding !== undefined) return { type: "leaveMap", id: yielding.id, makesWay: true };
  // those that are out first: to lose them costs nothing
  const leaving = strangers.find((mon) => !mon.isInQuorum) ?? strangers.at(-1);
  if (leaving !== undefined && map.length - 1 >= wanted) {
    const missing = map.filter((mon) => mon !== leaving && !mon.isInQuorum);
    if (!leaving.isInQuorum || missing.length === 0) return { type: "leaveMap", id: leaving.id };
    // it serves, and a member will never again
    if (missing.some((mon) => isLost(seen, mon))) return { type: "adopt", ids: [leaving.id] };
    return { type: "hold", id: leaving.id, why: { type: "missing", ids: idsOf(missing) } };
  }
  const left = mons.find((mon) => !mon.isMember && !mon.isInMap && !mon.isLeftAlone && mon.hasDeployment);
  if (left !== undefined) return clearAway(seen, left);
  const address = mons.find((mon) => !mon.isMember && !mon.isInMap && !mon.isLeftAlone && daemonIndex(mon.id) < daemonIndex(seen.next.id));
  return address === undefined ? undefined : { type: "clearAway", id: address.id };
}

/** Mons that only the monmap knows are needed, where without one of them there would be too few. */
function takeIn({ mons, wanted }: MonsSeen): MonDecision | undefined {
  const map = mons.filter((mon) => mon.isInMap);
  const strangers = map.filter((mon) => !mon.isMember && !mon.isLeftAlone);
  return strangers.length === 0 || map.length - 1 >= wanted ? undefined : { type: "adopt", ids: strangers.map(({ id }) => id) };
}

/** Which of more members than wanted goes, when enough serve: one that does not, then one that shares its node or zone, then the last. */
function leastNeeded(members: readonly MonView[]): MonView | undefined {
  const sharing = (mon: MonView, field: "hostname" | "zone") =>
    mon[field] === undefined ? 0 : members.filter((other) => other[field] === mon[field]).length;
  return [...members]
    .filter((mon) => !mon.isLeftAlone)
    .sort(
      (a, b) =>
        Number(a.isInQuorum) - Number(b.isInQuorum) ||
        Number(a.isInMap) - Number(b.isInMap) ||
        sharing(b, "hostname") - sharing(a, "hostname") ||
        sharing(b, "zone") - sharing(a, "zone") ||
        daemonIndex(b.id) - daemonIndex(a.id),
    )[0];
}

/** While too few serve: a new mon that did not make it, where there is a place for another try; or a lost one beside one that may come back. */
function lostSurplus(seen: MonsSeen, joining: readonly MonView[], lost: readonly MonView[]): MonView | undefined {
  if (joining.some((mon) => !lost.includes(mon))) return undefined;
  const failed = joining.at(-1);
  if (failed !== undefined) return "hostname" in seen.next ? failed : undefined;
  return lost[0];
}

function dismiss(seen: MonsSeen, mon: MonView): MonDecision {
  const map = seen.mons.filter((other) => other.isInMap);
  if (!mon.isInMap) return mayEndJoining(seen, mon) ? { type: "dismiss", id: mon.id } : waitForJoin(seen, mon);
  const missing = map.filter((other) => other !== mon && !other.isInQuorum);
  if (map.length - 1 < seen.wanted) return { type: "hold", id: mon.id, why: { type: "noneToSpare" } };
  if (mon.isInQuorum && missing.length > 0) return { type: "hold", id: mon.id, why: { type: "missing", ids: idsOf(missing) } };
  return { type: "dismiss", id: mon.id };
}

function clearAway(seen: MonsSeen, mon: MonView): MonDecision {
  return mayEndJoining(seen, mon) ? { type: "clearAway", id: mon.id } : waitForJoin(seen, mon);
}

function waitForJoin(seen: MonsSeen, { id, runs, overduePod: pod, hostname, out }: MonView): MonDecision {
  if (runs || pod === undefined || out === undefined) return { type: "hold", id, why: { type: "mayJoin" } };
  return { type: "hold", id, why: { type: "overdue", pod, hostname, endsAt: out.since + patienceOf(seen) } };
}

/** How long what is to end and does not counts as running. */
const patienceOf = ({ failover }: MonsSeen): number => failover?.timeoutMs ?? usualTimeoutMs;

/**
 * Whether a mon that is not in the monmap may be stopped. One that runs may join in this moment; the quorum has to stand even if it does,
 * and is then gone.
 */
function mayEndJoining(seen: MonsSeen, mon: MonView): boolean {
  if (!mon.mayRun || (mon.out !== undefined && mon.out.since + patienceOf(seen) <= seen.now)) return true;
  const map = seen.mons.filter((other) => other.isInMap);
  return map.filter((other) => other.isInQuorum).length >= majority(map.length + 1);
}

function add(seen: MonsSeen, instead: MonView | undefined): MonDecision {
  const { next } = seen;
  const place = instead === undefined ? {} : { instead: instead.id };
  if ("hostname" in next) return { type: "add", id: next.id, hostname: next.hostname, ...place };
  // its data is broken, or the like: its node is fine, and is the only one that could take the new one
  const { hostname } = instead ?? {};
  if (hostname !== undefined && instead?.node === "takesPods" && next.ifRoomIsMade.includes(hostname)) {
    if (!next.clashing.includes(hostname)) return { type: "add", id: next.id, hostname, ...place };
    if (makesWay(seen, instead)) return { type: "dismiss", id: instead.id, makesWay: true };
  }
  return { type: "noPlace", nodes: next.nowhere, ...place };
}

const idsOf = (mons: readonly MonView[]): string[] => mons.map(({ id }) => id);
