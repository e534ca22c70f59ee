import type { PodDisruptionBudget } from "../../../kube/kinds.ts";
import { topologyLabelPrefix } from "../common/topology-label.ts";
import type { DrainRegime } from "./decide.ts";

/** A budget for OSDs as it is now. */
export type OsdBudget =
  | { readonly type: "any"; readonly name: string; readonly uid: string; readonly maxUnavailable: number }
  | { readonly type: "domain"; readonly name: string; readonly uid: string; readonly domainType: string; readonly domain: string };

/** One thing to do; they are done in order, and may be cut off after any. */
export type BudgetAction =
  | { readonly type: "allowAny"; readonly maxUnavailable: number }
  | { readonly type: "block"; readonly domain: string }
  | { readonly type: "remove"; readonly name: string; readonly uid: string }
  | { readonly type: "setNoout"; readonly domain: string }
  | { readonly type: "unsetNoout"; readonly domain: string };

/** Budgets in place, and what else the order of doings depends on. */
export interface BudgetWorld {
  readonly budgets: readonly OsdBudget[];
  /** Every failure domain that has OSDs, in the order of their names. */
  readonly domains: readonly string[];
  readonly domainType: string;
  /** Those that have the flag `noout`, whoever set it. */
  readonly noout: ReadonlySet<string>;
  /** Others that have it from a drain that ended in another world, see `leftOpen`. */
  readonly leftOpen: readonly string[];
}

/** What a PodDisruptionBudget of this cluster says about OSDs; undefined where it is about something else. */
export function readOsdBudget(budget: PodDisruptionBudget, app: string): OsdBudget | undefined {
  const { name = "", uid = "" } = budget.metadata;
  const labels = budget.spec?.selector?.matchLabels ?? {};
  const topology = Object.entries(labels).find(([key]) => key.startsWith(topologyLabelPrefix));
  const { maxUnavailable } = budget.spec ?? {};
  if (topology !== undefined)
    return { type: "domain", name, uid, domainType: topology[0].slice(topologyLabelPrefix.length), domain: topology[1] };
  return labels["app"] === app ? { type: "any", name, uid, maxUnavailable: Number(maxUnavailable ?? 0) } : undefined;
}

/** The one domain that the budgets in place leave open; undefined where they leave none, or not one alone. */
export function openDomain({ budgets, domains, domainType }: Pick<BudgetWorld, "budgets" | "domains" | "domainType">): string | undefined {
  const left = unblocked({ budgets, domains, domainType });
  return left.length === 1 ? left[0] : undefined;
}

/**
 * What brings the budgets to a regime. What restricts comes before what permits goes, so that no moment allows two domains. `noout` is
 * taken away first, and set only by a pass that finds the budgets in place: it is the operator's own only on a domain that they leave
 * open, and nobody else's flag is touched.
 */
export function planBudgets(regime: DrainRegime, world: BudgetWorld): BudgetAction[] {
  const { budgets, domains, domainType, noout } = world;
  const any = budgets.find((budget) => budget.type === "any");
  const blocking = budgets.filter((budget) => budget.type === "domain");
  const own = [...unblocked(world).filter((domain) => noout.has(domain)), ...world.leftOpen];
  const remove = ({ name, uid }: OsdBudget): BudgetAction => ({ type: "remove", name, uid });
  switch (regime.type) {
    case "asItIs":
      return any !== undefined || blocking.length === 0 ? [{ type: "allowAny", maxUnavailable: any?.maxUnavailable ?? 1 }] : [];
    case "any":
      return [
        ...own.map((domain): BudgetAction => ({ type: "unsetNoout", domain })),
        { type: "allowAny", maxUnavailable: regime.maxUnavailable },
        ...blocking.map(remove),
      ];
    case "domain": {
      const { domain } = regime;
      const isKept = (budget: OsdBudget) => budget.type === "domain" && budget.domainType === domainType && budget.domain !== domain;
      const others = domains.filter((name) => name !== domain);
      const isInPlace = budgets.every(isKept) && others.every((name) => budgets.some((b) => b.type === "domain" && b.domain === name));
      return [
        ...own.filter((name) => name !== domain || !regime.noout).map((name): BudgetAction => ({ type: "unsetNoout", domain: name })),
        ...others.map((name): BudgetAction => ({ type: "block", domain: name })),
        ...budgets.filter((budget) => !isKept(budget)).map(remove),
        ...(regime.noout && isInPlace && !noout.has(domain) ? [{ type: "setNoout", domain } as const] : []),
      ];
    }
  }
}

/** What is to be done where budgets are no longer managed: nothing of the operator's stays. */
export function planNoBudgets(world: BudgetWorld): BudgetAction[] {
  return [
    ...[...unblocked(world).filter((domain) => world.noout.has(domain)), ...world.leftOpen].map(
      (domain): BudgetAction => ({ type: "unsetNoout", domain }),
    ),
    ...world.budgets.map(({ name, uid }): BudgetAction => ({ type: "remove", name, uid })),
  ];
}

/** Domains without a budget of their own, while others have one and none holds for all: what is being drained. */
function unblocked({ budgets, domains, domainType }: Pick<BudgetWorld, "budgets" | "domains" | "domainType">): string[] {
  const blocked = new Set(
    budgets.flatMap((budget) => (budget.type === "domain" && budget.domainType === domainType ? [budget.domain] : [])),
  );
  if (blocked.size === 0 || budgets.some((budget) => budget.type === "any")) return [];
  return domains.filter((domain) => !blocked.has(domain));
}
