import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import type { OsdTree } from "../../../ceph/commands/osd.ts";
import type { Deployment } from "../../../kube/kinds.ts";
import type { DrainRegime } from "./decide.ts";
import { type LeftOpenFacts, leftOpen } from "./left-open.ts";
import { type BudgetAction, type BudgetWorld, type OsdBudget, openDomain, planBudgets, planNoBudgets } from "./plan-budgets.ts";

const domains = ["node1", "node2", "node3"];
const all = (maxUnavailable = 1): OsdBudget => ({ type: "any", name: "rook-ceph-osd", uid: "any", maxUnavailable });
const blocked = (domain: string, domainType = "host"): OsdBudget => ({
  type: "domain",
  name: `rook-ceph-osd-${domainType}-${domain}`,
  uid: domain,
  domainType,
  domain,
});
const world = (budgets: readonly OsdBudget[], ...noout: string[]): BudgetWorld => ({
  budgets,
  domains,
  domainType: "host",
  noout: new Set(noout),
  leftOpen: [],
});
const drain = (domain: string, noout = true): DrainRegime => ({ type: "domain", domain, noout, until: 0, waiting: [] });
const any = (maxUnavailable: number): DrainRegime => ({ type: "any", maxUnavailable });

const allow = (maxUnavailable: number): BudgetAction => ({ type: "allowAny", maxUnavailable });
const block = (domain: string): BudgetAction => ({ type: "block", domain });
const removed = (budget: OsdBudget): BudgetAction => ({ type: "remove", name: budget.name, uid: budget.uid });
const set = (domain: string): BudgetAction => ({ type: "setNoout", domain });
const unset = (domain: string): BudgetAction => ({ type: "unsetNoout", domain });

describe("the order in which budgets change", () => {
  test.each<[string, DrainRegime, BudgetWorld, BudgetAction[]]>([
    ["a new cluster", any(1), world([]), [allow(1)]],
    ["nothing new", any(1), world([all()]), [allow(1)]],
    ["a drain begins", drain("node2"), world([all()]), [block("node1"), block("node3"), removed(all())]],
    [
      "then its data is kept in place",
      drain("node2"),
      world([blocked("node1"), blocked("node3")]),
      [block("node1"), block("node3"), set("node2")],
    ],
    ["it goes on where it was cut off", drain("node2"), world([all(), blocked("node1")]), [block("node1"), block("node3"), removed(all())]],
    ["it goes on", drain("node2"), world([blocked("node1"), blocked("node3")], "node2"), [block("node1"), block("node3")]],
    [
      "noout has lasted long enough",
      drain("node2", false),
      world([blocked("node1"), blocked("node3")], "node2"),
      [unset("node2"), block("node1"), block("node3")],
    ],
    [
      "another node's turn",
      drain("node3"),
      world([blocked("node1"), blocked("node3")], "node2"),
      [unset("node2"), block("node1"), block("node2"), removed(blocked("node3"))],
    ],
    [
      "it ends",
      any(1),
      world([blocked("node1"), blocked("node3")], "node2"),
      [unset("node2"), allow(1), removed(blocked("node1")), removed(blocked("node3"))],
    ],
    ["it ends where it was cut off", any(1), world([all(), blocked("node3")]), [allow(1), removed(blocked("node3"))]],
    ["a user's own noout, while nothing is drained", any(1), world([all()], "node1"), [allow(1)]],
    [
      "a user's own noout on a node that is not drained",
      any(1),
      world([blocked("node1"), blocked("node3")], "node1"),
      [allow(1), removed(blocked("node1")), removed(blocked("node3"))],
    ],
    [
      "pools have come that rely on zones",
      drain("a"),
      { budgets: [blocked("node1"), blocked("node3")], domains: ["a", "b"], domainType: "zone", noout: new Set(), leftOpen: ["node2"] },
      [unset("node2"), block("b"), removed(blocked("node1")), removed(blocked("node3"))],
    ],
    [
      "the drained domain is no more",
      any(1),
      { ...world([blocked("node1"), blocked("node3")]), domains: ["node1", "node3"], leftOpen: ["node2"] },
      [unset("node2"), allow(1), removed(blocked("node1")), removed(blocked("node3"))],
    ],
    ["what there is stays", { type: "asItIs" }, world([all(0)]), [allow(0)]],
    ["what there is stays, during a drain too", { type: "asItIs" }, world([blocked("node1"), blocked("node3")]), []],
    ["there is nothing that could stay", { type: "asItIs" }, world([]), [allow(1)]],
  ])("%s", (_what, regime, now, actions) => {
    expect(planBudgets(regime, now)).toEqual(actions);
  });

  test("budgets that are no longer managed go, and noout before them", () => {
    expect(planNoBudgets(world([blocked("node1"), blocked("node3")], "node2", "node3"))).toEqual([
      unset("node2"),
      removed(blocked("node1")),
      removed(blocked("node3")),
    ]);
  });
});

describe("what a drain has left open in another world", () => {
  const budgets = [blocked("node1"), blocked("node3")];
  const deployment = (host: string, zone: string): Deployment => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { labels: { "topology-location-host": host, "topology-location-zone": zone } },
  });
  const deployments = [deployment("node1", "a"), deployment("node2", "b"), deployment("node3", "b")];
  const without2 = deployments.filter(({ metadata }) => metadata.labels?.["topology-location-host"] !== "node2");
  const tree = (status: "up" | "down"): OsdTree => ({
    nodes: [
      { id: -1, name: "default", type: "root", type_id: 11, children: [-2, -3] },
      { id: -2, name: "node2", type: "host", type_id: 1, children: [2] },
      { id: -3, name: "rack9", type: "rack", type_id: 3 },
      { id: 2, name: "osd.2", type: "osd", type_id: 0, status },
    ],
    stray: [],
  });
  const noout = (...names: string[]) => Object.fromEntries(names.map((name) => [name, ["noout"]]));

  test.each<[string, string[], Partial<LeftOpenFacts>, ("up" | "down")?]>([
    ["nothing in an ordinary drain", [], { flags: noout("node2") }],
    ["nothing without a drain", [], { budgets: [all()], domainType: "zone", flags: noout("node2") }],
    ["what was drained before pools came that rely on zones", ["node2"], { domainType: "zone", flags: noout("node2") }],
    ["not what a user flagged and was blocked", ["node2"], { domainType: "zone", flags: noout("node1", "node2") }],
    ["a drained domain whose OSDs were taken away", ["node2"], { deployments: without2, flags: noout("node2") }],
    ["not one of which an OSD is up: it is another's", [], { deployments: without2, flags: noout("node2") }, "up"],
    ["not a bucket of a type that no budget is about", [], { flags: noout("rack9", "default") }],
    ["not another flag", [], { deployments: without2, flags: { node2: ["noin"] } }],
  ])("%s", async (_what, expected, facts, status = "down") => {
    const all = { budgets, domainType: "host", deployments, flags: {}, ...facts };
    expect(await leftOpen(all, () => Promise.resolve(tree(status)))).toEqual(expected);
  });
});

/** What a world becomes by one action. */
function after(before: BudgetWorld, action: BudgetAction): BudgetWorld {
  const without = (name: string) => before.budgets.filter((budget) => budget.name !== name);
  switch (action.type) {
    case "allowAny":
      return { ...before, budgets: [...without("rook-ceph-osd"), all(action.maxUnavailable)] };
    case "block":
      return { ...before, budgets: [...without(`rook-ceph-osd-host-${action.domain}`), blocked(action.domain)] };
    case "remove":
      return { ...before, budgets: without(action.name) };
    case "setNoout":
      return { ...before, noout: new Set([...before.noout, action.domain]) };
    case "unsetNoout":
      return { ...before, noout: new Set([...before.noout].filter((domain) => domain !== action.domain)) };
  }
}

describe("cut off after any action, in any row of regimes", () => {
  const regime = fc.oneof(
    fc.integer({ min: 0, max: 2 }).map(any),
    fc.constant<DrainRegime>({ type: "asItIs" }),
    fc.record({ domain: fc.constantFrom(...domains), noout: fc.boolean() }).map(({ domain, noout }) => drain(domain, noout)),
  );
  const rows = fc.array(fc.record({ regime, cutAfter: fc.nat(8) }), { maxLength: 12 });

  test("never are two domains open, and noout is the operator's only on the one that is", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(undefined, ...domains), (row, users) => {
        let now: BudgetWorld = world([all()], ...(users === undefined ? [] : [users]));
        const own = new Set<string>();
        for (const { regime, cutAfter } of row)
          for (const action of planBudgets(regime, now).slice(0, cutAfter)) {
            now = after(now, action);
            if (action.type === "setNoout") own.add(action.domain);
            if (action.type === "unsetNoout") own.delete(action.domain);
            const open = now.budgets.some((budget) => budget.type === "any")
              ? []
              : domains.filter((domain) => !now.budgets.some((budget) => budget.type === "domain" && budget.domain === domain));
            expect(open.length).toBeLessThanOrEqual(1);
            for (const domain of own) expect(openDomain(now)).toBe(domain);
          }
        // in the end nothing of the operator's own is left
        for (const action of planBudgets(any(1), now)) now = after(now, action);
        expect(now.budgets).toEqual([all()]);
        for (const domain of now.noout) expect(domain).toBe(users);
      }),
    );
  });
});
