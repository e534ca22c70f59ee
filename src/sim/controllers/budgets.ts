import { PodDisruptionBudget as BudgetKind, type Pod, type PodDisruptionBudget } from "../../kube/kinds.ts";
import { specSelector } from "../kube/selectors.ts";
import type { SimObject } from "../kube/sim-object.ts";
import { isStaying } from "./owned.ts";
import { isPodReady } from "./replicas.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** The disruption controller: how many of the selected Pods may be evicted now. */
export function reconcileBudget(store: TypedStore, budget: PodDisruptionBudget, pods: readonly Pod[]): void {
  const selected = pods.filter((pod) => specSelector(budget.spec?.selector)(pod as unknown as SimObject));
  const healthy = selected.filter((pod) => isStaying(pod) && isPodReady(pod)).length;
  const expected = selected.length;
  const { maxUnavailable, minAvailable } = budget.spec ?? {};
  const desired =
    maxUnavailable !== undefined ? Math.max(0, expected - countOf(maxUnavailable, expected)) : countOf(minAvailable ?? 0, expected);
  store.setStatus(BudgetKind, budget, {
    currentHealthy: healthy,
    desiredHealthy: desired,
    disruptionsAllowed: Math.max(0, healthy - desired),
    expectedPods: expected,
    observedGeneration: budget.metadata.generation ?? 1,
  });
}

/** A number, or a percentage of `all`, rounded up. */
function countOf(value: number | string, all: number): number {
  return typeof value === "number" ? value : value.endsWith("%") ? Math.ceil((Number.parseFloat(value) / 100) * all) : Number(value);
}
