import { describe, expect, test } from "@jest/globals";
import { type DrainFacts, type DrainRegime, decideDrain, questionableRest } from "./decide.ts";
import type { OsdOutage } from "./osd-outages.ts";

const now = Date.UTC(2026, 0, 1, 12);
const minute = 60_000;

type Osd = Partial<OsdOutage> & { readonly node: number };

/** One OSD a node unless said otherwise; nothing is away. */
const osd = ({ node, ...more }: Osd): OsdOutage => ({
  id: node,
  hostname: `node${node}`,
  domain: `node${node}`,
  isAway: false,
  data: "here",
  downAt: undefined,
  downSince: undefined,
  cordonedSince: undefined,
  ...more,
});
const away = (minutes: number) => ({ isAway: true, downSince: now - minutes * minute });
const cordoned = (minutes: number) => ({ cordonedSince: now - minutes * minute });

const decide = (osds: readonly Osd[], facts: Partial<DrainFacts> = {}): DrainRegime =>
  decideDrain({
    osds: osds.map(osd),
    pgs: "unclean",
    open: undefined,
    missingPods: osds.filter((each) => each.isAway).length,
    restMayStop: undefined,
    maintenanceMs: 30 * minute,
    now,
    ...facts,
  });

const any = (maxUnavailable: number): DrainRegime => ({ type: "any", maxUnavailable });
const only = (node: number, downMinutes: number, more: object = {}): DrainRegime => ({
  type: "domain",
  domain: `node${node}`,
  noout: downMinutes < 30,
  until: now + (30 - downMinutes) * minute,
  waiting: [],
  ...more,
});

const all = [{ node: 1 }, { node: 2 }, { node: 3 }];

describe("which OSDs a drain may take", () => {
  test.each<[string, DrainRegime, readonly Osd[], ...Partial<DrainFacts>[]]>([
    ["any one while all is well", any(1), all, { pgs: "clean" }],
    ["none while copies are missing", any(0), all],
    ["what they might before, while PGs settle", { type: "asItIs" }, all, { pgs: "settling" }],
    ["a cordon alone changes nothing", any(1), [{ node: 1 }, { node: 2, ...cordoned(1) }, { node: 3 }], { pgs: "clean" }],
    ["those of the drained node", only(2, 1), [{ node: 1 }, { node: 2, ...cordoned(2), ...away(1) }, { node: 3 }]],
    [
      "those of the drained node before Ceph has noticed, from now on",
      only(2, 0),
      [{ node: 1 }, { node: 2, ...cordoned(0), isAway: true }, { node: 3 }],
      { pgs: "clean" },
    ],
    [
      "PGs that are clean so soon are not believed",
      only(2, 0.5),
      [{ node: 1 }, { node: 2, ...cordoned(2), ...away(0.5) }, { node: 3 }],
      { pgs: "clean" },
    ],
    [
      "one more where the data of what is away is elsewhere",
      any(2),
      [{ node: 1 }, { node: 2, ...cordoned(50), ...away(50) }, { node: 3 }, { node: 4 }],
      { pgs: "clean" },
    ],
    ["noout ends in time, the rest stays", only(2, 31), [{ node: 1 }, { node: 2, ...cordoned(40), ...away(31) }, { node: 3 }]],
    [
      "no noout again for OSDs that Ceph has up while Kubernetes still waits for their probes",
      only(2, 30, { until: now }),
      [{ node: 1 }, { node: 2, isAway: true }, { node: 3 }],
      { open: "node2" },
    ],
    ["a node without a cordon that fails is no drain", any(0), [{ node: 1 }, { node: 2, ...away(1) }, { node: 3 }]],
    ["nor one that has just failed", { type: "asItIs" }, [{ node: 1 }, { node: 2, ...away(0.1) }, { node: 3 }], { pgs: "clean" }],
    [
      "the first of two",
      only(3, 5, { waiting: ["node2"] }),
      [{ node: 1 }, { node: 2, ...cordoned(9), ...away(1) }, { node: 3, ...cordoned(9), ...away(5) }],
    ],
    [
      "the one that is open, whoever was first",
      only(2, 1, { waiting: ["node3"] }),
      [{ node: 1 }, { node: 2, ...cordoned(9), ...away(1) }, { node: 3, ...cordoned(9), ...away(5) }],
      { open: "node2" },
    ],
    [
      "the first by its name where they went at the same moment",
      only(2, 1, { waiting: ["node3"] }),
      [{ node: 3, ...cordoned(9), ...away(1) }, { node: 2, ...cordoned(9), ...away(1) }, { node: 1 }],
    ],
    [
      "not one that has been gone for days, whose data is elsewhere",
      only(2, 0.5),
      [
        { node: 1, ...cordoned(9000), ...away(8000), data: "elsewhere" },
        { node: 2, ...cordoned(2), ...away(0.5) },
        { node: 3 },
        { node: 4 },
      ],
      { pgs: "clean" },
    ],
    [
      "one more where all that is missing never held data",
      any(2),
      [{ node: 1 }, { node: 2, ...away(5), data: "none" }, { node: 3 }],
      { pgs: "clean" },
    ],
    [
      "none for an OSD that never held data, though its node is cordoned",
      any(0),
      [{ node: 1 }, { node: 2, ...cordoned(9), ...away(5), data: "none" }, { node: 3 }],
      { open: "node2" },
    ],
    [
      "unless it is the only one",
      only(1, 8000, { noout: false }),
      [{ node: 1, ...cordoned(9000), ...away(8000), data: "elsewhere" }, { node: 2 }, { node: 3 }, { node: 4 }],
    ],
    [
      "an OSD that was broken long before does not shorten the drain",
      only(2, 1),
      [{ node: 1 }, { node: 2, id: 7, ...cordoned(2), ...away(9000) }, { node: 2, ...cordoned(2), ...away(1) }, { node: 3 }],
    ],
    ["a node that is coming back is still the one", only(2, 10), [{ node: 1 }, { node: 2, ...away(10) }, { node: 3 }], { open: "node2" }],
    ["one that is back is not", any(0), all, { open: "node2" }],
    [
      "none where Ceph does not let the rest stop",
      any(0),
      [{ node: 1, ...away(1) }, { node: 2, id: 7 }, { node: 2, ...cordoned(2), ...away(1) }, { node: 3 }],
      { restMayStop: false },
    ],
    [
      "a single node is drained without noout: nothing could take its data",
      only(1, 1, { noout: false }),
      [
        { node: 1, ...cordoned(2), ...away(1) },
        { node: 1, id: 2, ...cordoned(2) },
      ],
    ],
    [
      "one at a time where labels do not tell every domain",
      any(0),
      [
        { node: 1, domain: undefined },
        { node: 2, ...cordoned(2), ...away(1) },
      ],
    ],
  ])("%s", (_what, expected, osds, ...more) => {
    expect(decide(osds, ...more)).toEqual(expected);
  });
});

describe("what Ceph is asked about before the rest of a domain may go", () => {
  const two = [osd({ node: 1 }), osd({ node: 2, ...cordoned(1), ...away(1) }), osd({ node: 2, id: 7, ...cordoned(1) }), osd({ node: 3 })];

  type Asked = Partial<Parameters<typeof questionableRest>[0]>;
  const ask = (osds: readonly OsdOutage[], facts: Asked = {}, poolsOverOsds: readonly string[] = [], domain = "node2") =>
    questionableRest({ osds, pgs: "clean", open: undefined, wereClean: false, ...facts }, domain, poolsOverOsds);

  test("nothing, where all others serve and have every copy", () => {
    expect(ask(two)).toEqual([]);
  });
  test("its OSDs that still serve, where another is away", () => {
    expect(ask([...two, osd({ node: 1, id: 9, ...away(1) })])).toEqual([7]);
  });
  test("the same, where a pool spreads over OSDs only", () => {
    expect(ask(two, {}, ["scratch"])).toEqual([7]);
  });
  test("the same, where copies may be missing and another domain was the last one to be drained, or none", () => {
    expect(ask(two, { pgs: "unclean" })).toEqual([7]);
    expect(ask(two, { pgs: "settling", open: "node1" })).toEqual([7]);
  });
  test("nothing, where every copy was there before: what is missing is what its own OSDs took along", () => {
    expect(ask(two, { pgs: "unclean", wereClean: true })).toEqual([]);
    expect(ask([...two, osd({ node: 1, id: 9, ...away(1) })], { pgs: "unclean", wereClean: true })).toEqual([7]);
  });
  test("nothing, once the domain is open: what it lacks itself is no reason", () => {
    expect(ask(two, { pgs: "unclean", open: "node2" })).toEqual([]);
  });
  test("nothing, where there is no other domain", () => {
    expect(ask([osd({ node: 1 }), osd({ node: 1, id: 2, ...away(1) })], { pgs: "unclean" }, ["scratch"], "node1")).toEqual([]);
  });
});
