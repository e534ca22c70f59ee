import { describe, expect, test } from "@jest/globals";
import type { CrushRule } from "../../../ceph/commands/crush.ts";
import type { OsdMapEntry } from "../../../ceph/commands/osd.ts";
import type { PoolDetail } from "../../../ceph/commands/pool.ts";
import type { Deployment, Node, Pod } from "../../../kube/kinds.ts";
import { explainDrain } from "./explain.ts";
import { failureDomainsOf } from "./failure-domain.ts";
import { monAllowance } from "./mon-allowance.ts";
import { cordonedSince, decisiveEpochs, type OsdOutage, osdOutages, withDownTimes } from "./osd-outages.ts";
import { pgHealthOf } from "./pg-health.ts";

describe("what PGs allow", () => {
  const judge = (...states: string[]) =>
    pgHealthOf(
      states.map((state_name) => ({ state_name, count: 1 })),
      "",
    );

  test.each([
    ["clean", []],
    ["clean", ["active+clean", "active+clean+scrubbing+deep", "active+clean+snaptrim_wait"]],
    ["settling", ["active+clean", "peering"]],
    ["settling", ["creating+peering", "activating", "unknown"]],
    ["unclean", ["active+clean", "active+undersized+degraded"]],
    ["unclean", ["peering", "active+remapped+backfilling"]],
    ["unclean", ["stale+active+clean"]],
  ])("%s: %j", (expected, states) => {
    expect(judge(...states)).toBe(expected);
  });

  test("a pattern of the user's holds instead", () => {
    const states = [{ state_name: "active+remapped+backfilling", count: 3 }];
    expect(pgHealthOf(states, "^active\\+(clean|remapped)")).toBe("clean");
    expect(pgHealthOf([{ state_name: "active+clean", count: 1 }], "(?i)^ACTIVE.CLEAN$")).toBe("clean");
  });
});

describe("the failure domain", () => {
  const rule = (rule_id: number, ...types: string[]): CrushRule => ({
    rule_id,
    rule_name: `rule${rule_id}`,
    type: 1,
    steps: [{ op: "take" }, ...types.map((type) => ({ op: "chooseleaf_firstn", type })), { op: "emit" }],
  });
  const pool = (crush_rule: number) => ({ pool_name: `pool${crush_rule}`, crush_rule }) as PoolDetail;
  const labelled = (...types: string[]) =>
    ({ metadata: { labels: Object.fromEntries(types.map((type) => [`topology-location-${type}`, "x"])) } }) as unknown as Deployment;
  const rules = [rule(0, "host"), rule(1, "zone"), rule(2, "osd"), rule(3, "zone", "host"), rule(4, "rack", "osd")];
  const everywhere = [labelled("host", "zone", "rack")];

  test.each([
    ["host where there are no pools", [], "host"],
    ["what the one pool relies on", [1], "zone"],
    ["the smallest of several", [1, 0], "host"],
    ["the smallest that one rule chooses", [3], "host"],
    ["the bucket of a rule that chooses several OSDs in each", [4], "rack"],
    ["host where pools spread over OSDs", [2], "host"],
    ["host where the rule is not known", [9], "host"],
  ])("is %s", (_what, used, expected) => {
    expect(failureDomainsOf(used.map(pool), rules, everywhere).type).toBe(expected);
  });

  test("is host where an OSD's labels do not tell its zone", () => {
    expect(failureDomainsOf([pool(1)], rules, [...everywhere, labelled("host")]).type).toBe("host");
  });

  test("pools over OSDs are named", () => {
    expect(failureDomainsOf([pool(0), pool(2)], rules, everywhere).poolsOverOsds).toEqual(["pool2"]);
  });
});

describe("how many mons may be unavailable", () => {
  const mon = (id: string, replicas = 1) => ({ metadata: { labels: { mon: id } }, spec: { replicas } }) as unknown as Deployment;
  const pod = (id: string, status = "True") =>
    ({ metadata: { labels: { mon: id } }, status: { conditions: [{ type: "Ready", status }] } }) as unknown as Pod;
  const five = ["a", "b", "c", "d", "e"];

  test.each<[string, number, string, string, Deployment[], Pod[]]>([
    ["one of three", 1, "abc", "abc", [mon("a"), mon("b"), mon("c")], [pod("a"), pod("b"), pod("c")]],
    [
      "one while a Pod is missing: Kubernetes takes it off",
      1,
      "abc",
      "ac",
      [mon("a"), mon("b"), mon("c")],
      [pod("a"), pod("b", "False"), pod("c")],
    ],
    ["none while a mon runs that is out of quorum", 0, "abc", "ac", [mon("a"), mon("b"), mon("c")], [pod("a"), pod("b"), pod("c")]],
    ["none while a mon is scaled down", 0, "abc", "ac", [mon("a"), mon("b", 0), mon("c")], [pod("a"), pod("c")]],
    ["none while a mon has no Deployment", 0, "abc", "ac", [mon("a"), mon("c")], [pod("a"), pod("c")]],
    ["one of five while one is out of quorum", 1, "abcde", "acde", five.map((id) => mon(id)), five.map((id) => pod(id))],
    ["never less than none", 0, "abc", "", [], []],
  ])("%s", (_what, expected, ids, quorum, deployments, pods) => {
    expect(monAllowance({ ids: ids.split(""), quorum: quorum.split(""), deployments, pods, allowed: 0 })).toBe(expected);
  });

  test.each([
    ["two of five where there is no budget yet", 2, undefined],
    ["no more than before", 0, 0],
    ["never more than so many mons have to spare", 2, 7],
  ])("while Ceph does not say: %s", (_what, expected, allowed) => {
    expect(monAllowance({ ids: five, quorum: undefined, deployments: [], pods: [], allowed })).toBe(expected);
  });
});

describe("a cordon", () => {
  const node = (spec: Node["spec"]): Node => ({ apiVersion: "v1", kind: "Node", metadata: { name: "node1" }, ...(spec ? { spec } : {}) });

  test("has the time of its taint, where that is told", () => {
    const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
    expect(cordonedSince(node({ unschedulable: true, taints: [{ ...taint, timeAdded: "2026-01-01T12:00:00Z" }] }))).toBe(
      Date.UTC(2026, 0, 1, 12),
    );
    expect(cordonedSince(node({ unschedulable: true, taints: [taint] }))).toBe(0);
    expect(cordonedSince(node({ unschedulable: true }))).toBe(0);
    expect(cordonedSince(node({}))).toBeUndefined();
  });
});

describe("since when OSDs are down", () => {
  const osd = (id: number, n: number, downAt?: number, cordonedSince?: number): OsdOutage => ({
    id,
    hostname: `node${n}`,
    domain: `node${n}`,
    isAway: downAt !== undefined,
    data: "here",
    downAt,
    downSince: undefined,
    cordonedSince,
  });

  test("is the time of the epoch in which the last of their node went", () => {
    const osds = [osd(0, 1), osd(1, 2, 40, 0), osd(2, 2, 42, 0), osd(3, 3, 7)];
    expect(decisiveEpochs(osds)).toEqual([42, 7]);
    const times = new Map([
      [42, 4200],
      [7, 700],
    ]);
    expect(withDownTimes(osds, times).map(({ downSince }) => downSince)).toEqual([undefined, 4200, 4200, 700]);
  });

  test("is asked for few nodes, those being drained first, where many are away; for the others the last time of all does", () => {
    const osds = [1, 2, 3, 4, 5].map((n) => osd(n, n, n * 10, n === 1 ? 0 : undefined));
    expect(decisiveEpochs(osds)).toEqual([50, 10, 40]);
    expect(
      withDownTimes(
        osds,
        new Map([
          [50, 5],
          [10, 1],
          [40, 4],
        ]),
      ).map(({ downSince }) => downSince),
    ).toEqual([1, 5, 5, 4, 5]);
  });

  test("is when its Deployment was made, of one that never held data", () => {
    const deployment = (id: number): Deployment => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { labels: { "ceph-osd-id": String(id), "topology-location-host": "node1" }, creationTimestamp: "2026-01-01T12:00:00Z" },
      spec: {
        selector: {},
        template: {
          spec: {
            containers: [
              {
                name: "osd",
                args: ["--crush-location=root=default host=node1"],
                env: [
                  { name: "ROOK_NODE_NAME", value: "node1" },
                  { name: "ROOK_OSD_UUID", value: `uuid-${id}` },
                ],
              },
            ],
          },
        },
      },
    });
    const known = (osd: number, more: object) => ({ osd, up: 0, in: 0, up_from: 0, down_at: 0, ...more }) as OsdMapEntry;
    const osds = [known(0, {}), known(1, { in: 1, up_from: 5, down_at: 9 }), known(2, { up_from: 5, down_at: 9 })];
    const seen = osdOutages({ deployments: [0, 1, 2, 3].map(deployment), pods: [], nodes: [] }, { osds }, "host");
    const at = Date.UTC(2026, 0, 1, 12);
    expect(withDownTimes(seen, new Map([[9, 900]])).map(({ id, data, downSince }) => [id, data, downSince])).toEqual([
      [0, "none", at],
      [1, "here", 900],
      [2, "elsewhere", 900],
      [3, "none", at],
    ]);
  });

  test("is not asked while all serve", () => {
    expect(decisiveEpochs([osd(0, 1)])).toEqual([]);
  });
});

describe("what is said of a drain", () => {
  const at = Date.UTC(2026, 0, 1, 12, 4, 31);
  const until = at + 1_800_000;
  const node = (n: number): Node => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `node${n}`, labels: { "kubernetes.io/hostname": `node${n}` } },
    spec: { unschedulable: n > 1 },
  });
  const osd = (id: number, n: number, downSince?: number): OsdOutage => ({
    id,
    hostname: `node${n}`,
    domain: `node${n}`,
    isAway: true,
    data: "here",
    downAt: undefined,
    downSince,
    cordonedSince: 0,
  });
  const story = (more: Partial<Parameters<typeof explainDrain>[0]>) =>
    explainDrain({
      nodes: [node(1), node(2), node(3)],
      osds: [],
      monsOut: new Map(),
      regime: undefined,
      restStaysFor: undefined,
      now: at,
      ...more,
    });
  const regime = { type: "domain", domain: "node2", noout: true, until, waiting: [] } as const;

  test.each<[string, Parameters<typeof story>[0], string[]]>([
    ["nothing while nothing is away", { regime: { type: "any", maxUnavailable: 1 } }, []],
    ["nothing of a node without a cordon", { osds: [osd(0, 1, at)] }, []],
    [
      "the OSD, since when, and until when its data stays",
      { osds: [osd(1, 2, at)], regime },
      ["node2 is cordoned: osd.1 is down since 12:04:31Z; its data stays where it is (noout) until 12:34:31Z"],
    ],
    [
      "what follows when that time is over",
      { osds: [osd(1, 2, at)], regime: { ...regime, noout: false }, now: until },
      ["node2 is cordoned: osd.1 is down since 12:04:31Z; its data may be copied elsewhere since 12:34:31Z (osdMaintenanceTimeout)"],
    ],
    [
      "many OSDs in short, those that are stopping, and mons",
      { osds: [1, 2, 3, 4, 5, 6].map((id) => osd(id, 2, at)).concat(osd(7, 2)), monsOut: new Map([["node2", ["b"]]]) },
      [
        "node2 is cordoned: osd.1, osd.2, osd.3, osd.4 and 2 more are down since 12:04:31Z, osd.7 is down or about to be, mon.b is out of quorum",
      ],
    ],
    [
      "who waits for it",
      { osds: [osd(1, 2, at)], regime: { ...regime, waiting: ["node3"] } },
      [
        "node2 is cordoned: osd.1 is down since 12:04:31Z; its data stays where it is (noout) until 12:34:31Z",
        "the OSDs of node3 may be evicted when those of node2 are back and every PG is active+clean",
      ],
    ],
    [
      "why no more may be evicted",
      {
        osds: [osd(1, 2, at)],
        regime: { type: "any", maxUnavailable: 0 },
        restStaysFor: { refusal: { type: "refused", words: "no", report: {} }, pools: [] },
      },
      ["node2 is cordoned: osd.1 is down since 12:04:31Z", "no more OSDs may be evicted: Ceph says it is not ok to stop: no"],
    ],
  ])("%s", (_what, given, expected) => {
    expect(story(given)).toEqual(expected);
  });
});
