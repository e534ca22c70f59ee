import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { daemonIndex, daemonLetters } from "../../../daemons/names.ts";
import { decideMons, type MonDecision, type MonsSeen, makingRoom } from "./decide.ts";
import type { MonView } from "./observe.ts";
import type { RefusingNode } from "./place.ts";

const minute = 60_000;
const now = 100 * minute;

/**
 * Mons in words: `a` is a member, in the monmap and in quorum; `b!` one that is out of quorum for two minutes; `b!!` for an hour, so lost;
 * `b-` is a member that the monmap does not have (yet); `b+` is in the monmap only; `b.` has a Deployment and nothing else; `b,` a Service.
 * After `@` its node, `@gone` included; `~` leaves it alone.
 */
function parse(text: string): MonView[] {
  return text.split(/\s+/).map((word) => {
    const [, id = "", marks = "", host] = /^([a-z]+)([^@]*)(?:@(.+))?$/.exec(word) ?? [];
    const has = (mark: string) => marks.includes(mark);
    const exists = !has(".") && !has(",");
    const isInMap = exists && !has("-");
    const isInQuorum = isInMap && !has("!");
    const since = now - (has("!!") ? 60 : 2) * minute;
    return {
      id,
      hostname: host === undefined ? `node-${id}` : host.split("/")[0] === "gone" ? `node-${id}` : (host.split("/")[0] ?? ""),
      ...(host?.includes("/") ? { zone: host.split("/")[1] ?? "" } : {}),
      isMember: exists && !has("+"),
      isInMap,
      isInQuorum,
      hasDeployment: !has(","),
      hasService: true,
      isLeftAlone: has("~"),
      mayRun: !has("!!") && !has(","),
      runs: !has("!!") && !has(","),
      keepsOthersOff: false,
      node: host === "gone" ? "gone" : host === "cordoned" ? "cordoned" : "takesPods",
      ...(isInQuorum ? {} : { out: { since: has("!") ? since : now - 1000, pod: "ready" } }),
    };
  });
}

/** Every node, where none takes a mon. */
const nowhere: readonly RefusingNode[] = [{ hostname: "n1", refusal: { type: "cordoned" } }];

/** The next letters of `text`, unless there is no place. */
function see(
  text: string,
  wanted: number,
  more: Partial<MonsSeen> & { begun?: string; full?: boolean; ifRoomIsMade?: string[]; clashing?: string[] } = {},
): MonsSeen {
  const mons = parse(text);
  const { full = false, begun, ifRoomIsMade = [], clashing = [], ...rest } = more;
  const last = Math.max(...mons.filter((mon) => mon.isMember || mon.isInMap || mon.hasDeployment).map((mon) => daemonIndex(mon.id)));
  const id = begun ?? daemonLetters(last + 1);
  return {
    mons,
    wanted,
    mayShareNodes: false,
    now,
    quorumAgeMs: 5 * minute,
    failover: { timeoutMs: 10 * minute, drainDelayMs: 45_000 },
    next: full ? { id, nowhere, ifRoomIsMade, clashing } : { id, hostname: `node-${id}` },
    ...rest,
  };
}

/** On c's own node alone there is room, and the new one would have its address. */
const clash = { ifRoomIsMade: ["node-c"], clashing: ["node-c"] };

const add = (id: string, instead?: string): MonDecision => ({
  type: "add",
  id,
  hostname: `node-${id}`,
  ...(instead === undefined ? {} : { instead }),
});

describe("what is done about the mons next", () => {
  test.each<[what: string, seen: MonsSeen, wanted: object]>([
    ["as many as wanted, all in quorum: nothing", see("a b c", 3), { type: "settled" }],
    ["an even number is a number", see("a b", 2), { type: "settled" }],

    ["one of three is to be five: one more", see("a", 3), add("b")],
    ["the next letter is one never used", see("a b g", 5), add("h")],
    ["one more at a time", see("a b-", 3), { type: "awaitJoin", id: "b" }],
    ["the next one only when the one before has come back", see("a b!", 3), { type: "awaitReturn", id: "b" }],
    ["one that is left alone holds nothing up", see("a b c~!", 5), add("d")],
    ["a new one that never joins does not hold up those that are wanted too", see("a b-!!", 3), add("c")],
    ["no place for one more", see("a b c", 5, { full: true }), { type: "noPlace", nodes: nowhere }],

    ["and that is said only when all that have one serve", see("a b c!", 5, { full: true }), { type: "settled", lostAt: now + 8 * minute }],
    [
      "one that is lost is replaced though there is no place for as many as wanted",
      see("a b c!!", 5, { full: true, ifRoomIsMade: ["node-c"] }),
      { type: "add", id: "d", hostname: "node-c", instead: "c" },
    ],
    ["the new one in its place is waited for", see("a b c!@n3 d-@n3", 5, { full: true }), { type: "awaitJoin", id: "d", instead: "c" }],
    ["then it goes", see("a b c!@n3 d@n3", 5, { full: true }), { type: "dismiss", id: "c" }],
    ["out of the monmap too", see("a b c+!@n3 d@n3", 5, { full: true }), { type: "leaveMap", id: "c" }],
    ["or stays where it comes back in time, and the new one goes", see("a b c@n3 d-@n3", 5, { full: true }), { type: "dismiss", id: "d" }],
    ["one that is lost is named where it cannot be replaced", see("a b c d!!@gone", 5, { full: true }), { type: "noPlace", instead: "d" }],
    ["where there is a place, one more comes first", see("a b c!!", 5), add("d")],
    ["and the lost one is replaced then", see("a b c!! d", 5, { full: true }), { type: "noPlace", instead: "c" }],
    ["those that share nodes since that was allowed stay", see("a@n1 b@n2 c@n3 d@n1 e@n2", 5, { full: true }), { type: "settled" }],
    ["those that only the monmap has have their place", see("a b+ c+", 5, { full: true }), { type: "adopt", ids: ["b", "c"] }],

    ["the last of too many goes", see("a b c d e", 3), { type: "dismiss", id: "e" }],
    ["rather one that is out", see("a b! c d e", 3), { type: "dismiss", id: "b" }],
    ["or one that shares its node", see("a@x b@y c@x d@z", 3), { type: "dismiss", id: "c" }],
    ["or its zone", see("a@n1/x b@n2/x c@n3/y d@n4/z", 3), { type: "dismiss", id: "b" }],
    ["never one that is left alone", see("a b c d~", 3), { type: "dismiss", id: "c" }],
    ["not one that serves while another is out", see("a b c~! d", 3), { type: "hold", id: "d" }],
    ["dismissed, it leaves the monmap", see("a b c d+", 3), { type: "leaveMap", id: "d" }],
    ["but not while a member is out", see("a b c! d e+", 3), { type: "hold", id: "e" }],
    ["unless that one is lost: then the dismissed one is needed", see("a b c!! d+", 3), { type: "adopt", ids: ["d"] }],
    ["one that is out may leave at any time", see("a b c d! e+!", 3), { type: "leaveMap", id: "e" }],
    ["out of the monmap, what is left of it goes", see("a b c d.", 3), { type: "clearAway", id: "d" }],
    ["and its address", see("a b d c,", 3), { type: "clearAway", id: "c" }],
    ["from two to one, with both in quorum", see("a b", 1), { type: "dismiss", id: "b" }],
    ["and out of the monmap", see("a b+", 1), { type: "leaveMap", id: "b" }],

    ["one that is out is waited for", see("a b c!", 3), { type: "settled", lostAt: now + 8 * minute }],
    ["longer where its node is cordoned", see("a b c!@cordoned", 3), { type: "settled", lostAt: now + 8 * minute + 45_000 }],
    ["one that is out too long is replaced", see("a b c!!", 3), add("d", "c")],
    ["at once where its node is gone", see("a b c!@gone", 3), add("d", "c")],
    [
      "not while the quorum is so young that it may take it back",
      see("a b c!!", 3, { quorumAgeMs: 3000 }),
      { type: "settled", lostAt: now + 7000 },
    ],
    ["never where failover is off", see("a b c!!@gone", 3, { failover: undefined }), { type: "settled" }],
    ["never one that is left alone", see("a b c~!!", 3), { type: "settled" }],
    ["the new one is waited for", see("a b c!! d-", 3), { type: "awaitJoin", id: "d", instead: "c" }],
    ["then the lost one goes", see("a b c!! d", 3), { type: "dismiss", id: "c" }],
    ["out of the monmap too", see("a b c+!! d", 3), { type: "leaveMap", id: "c" }],
    ["and what is left of it", see("a b c.!! d", 3), { type: "clearAway", id: "c" }],
    ["one that comes back in time stays, and the new one goes", see("a b c d-", 3), { type: "dismiss", id: "d" }],
    ["also where the new one has just joined", see("a b c d!", 3), { type: "dismiss", id: "d" }],
    ["a new one that fails goes, where there is a place for another", see("a b c!! d-!!", 3), { type: "dismiss", id: "d" }],
    ["and stays where there is none", see("a b c!! d-!!", 3, { full: true }), { type: "awaitReturn", id: "c" }],
    ["no place for a new one", see("a b c!!", 3, { full: true }), { type: "noPlace", instead: "c", nodes: nowhere }],
    [
      "but the lost one's own, which is fine",
      see("a b c!!", 3, { full: true, ifRoomIsMade: ["node-c"] }),
      { type: "add", id: "d", hostname: "node-c", instead: "c" },
    ],
    [
      "where the new one would have its address, it goes first",
      see("a b c!!", 3, { full: true, ...clash }),
      { type: "dismiss", id: "c", makesWay: true },
    ],
    ["out of the monmap too", see("a b c+!!", 3, { full: true, ...clash }), { type: "leaveMap", id: "c", makesWay: true }],
    ["then what is left of it", see("a b c.!!", 3), { type: "clearAway", id: "c" }],
    ["and the new one comes", see("a b", 3, { begun: "d" }), add("d")],
    ["it stays where it is in quorum again", see("a b c+", 3, { full: true, ...clash }), { type: "adopt", ids: ["c"] }],
    ["and where it may still come back", see("a b c+!", 3, { full: true, ...clash }), { type: "adopt", ids: ["c"] }],
    ["not where the others are no majority without it", see("a b! c!!", 3, { full: true, ...clash }), { type: "noPlace", instead: "c" }],
    ["not where another node takes the new one", see("a b c!!", 3, clash), add("d", "c")],
    ["not one that is left alone", see("a b c~+!!", 3, { full: true, ...clash }), { type: "noPlace" }],
    ["not where it is cordoned", see("a b c!!@cordoned", 3, { full: true, ifRoomIsMade: ["cordoned"] }), { type: "noPlace" }],
    ["the new one there is waited for", see("a b c! d-", 3, { full: true }), { type: "awaitJoin", id: "d", instead: "c" }],
    ["of two lost ones of five, one at a time", see("a b c d!! e!!", 5), add("f", "d")],
    ["the second one when the first is done", see("a b c d!! e!! f", 5), { type: "dismiss", id: "d" }],
    ["scaling down gets rid of lost ones first", see("a!! b c d e", 3), { type: "dismiss", id: "a" }],

    ["endpoints that name one mon of three that serve: the others are taken in", see("a b+ c+", 3), { type: "adopt", ids: ["b", "c"] }],
    ["one restored mon grows, with new letters", see("a", 3, { begun: "d" }), add("d")],
    ["Deployments of mons that are in no map go first", see("a b.!! c.!!", 3), { type: "clearAway", id: "b" }],
    ["a stranger in the monmap goes where there are enough without it", see("a b c x+", 3), { type: "leaveMap", id: "x" }],
    ["a stranger that somebody wants left alone stays", see("a b c x+~", 3), { type: "settled" }],

    ["an address that was made for a mon is used", see("a b d,", 3, { begun: "d" }), add("d")],
    ["or goes, where no mon is needed any more", see("a b c d,", 3, { begun: "d" }), { type: "clearAway", id: "d" }],
    [
      "a new one that runs is not stopped where it might be joining, and the others are too few then",
      see("a b.", 1),
      { type: "hold", id: "b" },
    ],
    ["it is, where it has been without success for long", see("a b.!!", 1), { type: "clearAway", id: "b" }],
  ])("%s", (_what, seen, wanted) => {
    expect(decideMons(seen)).toMatchObject(wanted);
  });
});

describe("a mon makes room", () => {
  test.each([
    ["for a newer one on its node", "a b c!@n1 d-@n1", ["c"]],
    ["not while it is in quorum", "a b c@n1 d-@n1", []],
    ["not for an older one", "a b-@n1 c!@n1", []],
    ["not where it is left alone", "a b c~!@n1 d-@n1", []],
  ])("%s", (_when, text, wanted) => {
    const mons = parse(text);
    expect(
      makingRoom(
        mons,
        mons.map((mon) => ({ id: mon.id, hostname: mon.hostname ?? "" })),
      ),
    ).toEqual(wanted);
  });
});

/** A mon in a model of a cluster: what Ceph and Kubernetes have of it, and whether it can run. */
interface ModelMon {
  member: boolean;
  map: boolean;
  deployed: boolean;
  service: boolean;
  health: "up" | "down" | "never";
  downSince: number;
  host: string;
  /** It makes room for a newer one. */
  stopped: boolean;
}

/** A cluster that obeys decisions, with a node for each mon. Mons that are up and deployed join, and are in quorum. */
function model(start: { members: number; nodes: number }) {
  const mons = new Map<string, ModelMon>();
  const made = { member: true, map: true, deployed: true, service: true, health: "up", downSince: 0, stopped: false } as const;
  for (let n = 0; n < start.members; n += 1) mons.set(daemonLetters(n), { ...made, host: `node${n}` });
  let last = start.members - 1;
  const runs = (mon: ModelMon) =>
    mon.deployed &&
    mon.health === "up" &&
    !mon.stopped &&
    // a node has room for one Pod, whether it does well or not
    [...mons.values()].find((other) => other.host === mon.host && other.deployed && !other.stopped) === mon;
  const serves = (mon: ModelMon) => mon.map && runs(mon);
  const map = () => [...mons.values()].filter((mon) => mon.map);
  const hasQuorum = () => map().filter(serves).length > map().length / 2;
  return {
    mons,
    hasQuorum,
    join() {
      if (!hasQuorum()) return;
      const joiner = [...mons.values()].find((mon) => !mon.map && mon.member && runs(mon));
      if (joiner !== undefined) joiner.map = true;
    },
    see(at: number, wanted: number): MonsSeen {
      const present = [...mons.values()].filter((mon) => mon.member || mon.map);
      const on = (host: string) => present.filter((mon) => mon.host === host);
      const hosts = Array.from({ length: start.nodes }, (_, n) => `node${n}`);
      const free = hosts.find((host) => on(host).length === 0);
      const ifRoomIsMade = hosts.filter((host) => on(host).length === 1 && on(host).some((mon) => !serves(mon)));
      return {
        mons: [...mons].map(([id, mon]): MonView => {
          const isInQuorum = serves(mon);
          return {
            id,
            hostname: mon.host,
            isMember: mon.member,
            isInMap: mon.map,
            isInQuorum,
            hasDeployment: mon.deployed,
            hasService: mon.service,
            isLeftAlone: false,
            mayRun: runs(mon),
            runs: runs(mon),
            keepsOthersOff: false,
            node: "takesPods",
            ...(isInQuorum ? {} : { out: { since: mon.downSince, pod: "ready" } }),
          };
        }),
        wanted,
        mayShareNodes: false,
        now: at,
        quorumAgeMs: minute,
        failover: { timeoutMs: 10 * minute, drainDelayMs: 0 },
        next: { id: daemonLetters(last + 1), ...(free === undefined ? { nowhere: [], ifRoomIsMade, clashing: [] } : { hostname: free }) },
      };
    },
    act(decision: MonDecision, at: number, health: ModelMon["health"]) {
      if (decision.type === "adopt")
        for (const id of decision.ids) Object.assign(mons.get(id) ?? {}, { member: true, deployed: true, service: true });
      if (!("id" in decision)) return;
      const mon = mons.get(decision.id);
      switch (decision.type) {
        case "add":
          last += 1;
          mons.set(decision.id, { ...made, map: false, health, downSince: at, host: decision.hostname });
          return;
        case "dismiss":
          Object.assign(mon ?? {}, { member: false });
          return;
        case "leaveMap":
          Object.assign(mon ?? {}, { map: false });
          return;
        case "clearAway":
          mons.delete(decision.id);
          return;
        case "awaitJoin":
        case "awaitReturn":
        case "hold":
          return;
      }
    },
  };
}

const happening = fc.oneof(
  fc.record({ type: fc.constant("count" as const), count: fc.integer({ min: 1, max: 7 }) }),
  fc.record({ type: fc.constant("down" as const), which: fc.nat(20) }),
  fc.record({ type: fc.constant("up" as const), which: fc.nat(20) }),
  fc.record({ type: fc.constant("forget" as const), which: fc.nat(20) }),
  fc.record({ type: fc.constant("pass" as const), minutes: fc.integer({ min: 0, max: 15 }), joins: fc.boolean(), comesUp: fc.boolean() }),
);

describe("whatever happens, in a model", () => {
  test("no act takes a majority away, and in peace the number comes to what is wanted", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(9), fc.array(happening, { maxLength: 60 }), (members, more, story) => {
        const nodes = members + more;
        const world = model({ members, nodes });
        let at = now;
        let wanted = members;
        const pass = (comesUp: boolean): MonDecision | undefined => {
          if (!world.hasQuorum()) return undefined;
          const decision = decideMons(world.see(at, wanted));
          world.act(decision, at, comesUp ? "up" : "never");
          const placed = [...world.mons].flatMap(([id, mon]) => (mon.member ? [{ id, hostname: mon.host }] : []));
          const stopped = makingRoom(world.see(at, wanted).mons, placed);
          for (const [id, mon] of world.mons) if (mon.member) mon.stopped = stopped.includes(id);
          // the only mon that is there is nobody's majority but its own
          if (!world.hasQuorum()) throw new Error(`${JSON.stringify(decision)} costs the quorum`);
          const { mons } = world;
          const [inMap, there] = [
            [...mons.values()].filter((mon) => mon.map).length,
            [...mons.values()].filter((mon) => mon.member).length,
          ];
          if (decision.type === "add" && there > Math.max(wanted, inMap) + 1) throw new Error("more than one mon beyond what is wanted");
          return decision;
        };
        for (const event of story) {
          const list = [...world.mons.values()];
          switch (event.type) {
            case "count":
              wanted = event.count;
              break;
            case "down": {
              const mon = list[event.which % list.length];
              if (mon?.health === "up") Object.assign(mon, { health: "down", downSince: at });
              break;
            }
            case "up": {
              const mon = list[event.which % list.length];
              if (mon?.health === "down") mon.health = "up";
              break;
            }
            case "forget": {
              const mon = list[event.which % list.length];
              // by hand, with the operator down
              if (mon !== undefined && list.filter((each) => each.member).length > 1) mon.member = false;
              break;
            }
            case "pass":
              at += event.minutes * minute;
              if (event.joins) world.join();
              pass(event.comesUp);
          }
        }
        for (const mon of world.mons.values()) if (mon.health === "down") mon.health = "up";
        if (!world.hasQuorum()) return;
        let rest = 0;
        for (let n = 0; n < 400 && rest < 3; n += 1) {
          // a new one that cannot start is given up, except where there is no other node for it: there somebody has to mend it
          const isFull = new Set([...world.mons.values()].map((mon) => mon.host)).size >= nodes;
          for (const mon of world.mons.values()) if (isFull) mon.health = "up";
          world.join();
          at += minute;
          const done = pass(true);
          const isAtRest = done?.type === "noPlace" || (done?.type === "settled" && done.lostAt === undefined);
          rest = isAtRest ? rest + 1 : 0;
        }
        expect([...world.mons.values()]).toHaveLength(Math.min(wanted, nodes));
        expect([...world.mons.values()].every((mon) => mon.member && mon.map)).toBe(true);
      }),
      { numRuns: 2000, seed: 5 },
    );
  });
});
