import { PodDisruptionBudget as BudgetKind, Deployment, type Pod, type PodDisruptionBudget } from "../../kube/kinds.ts";
import { specSelector } from "../api/selectors.ts";
import type { SimObject } from "../api/sim-object.ts";
import { isStaying } from "./owned.ts";
import { isPodReady } from "./replicas.ts";
import { ReplicaSet, type TypedStore } from "./sim-kinds.ts";

/**
 * The disruption controller: how many of the selected Pods may be evicted now. Expected are as many as their Deployments ask for. A Pod
 * that was evicted and is not gone yet is not healthy.
 */
export function reconcileBudget(store: TypedStore, budget: PodDisruptionBudget, pods: readonly Pod[]): void {
  const selected = pods.filter((pod) => specSelector(budget.spec?.selector)(pod as unknown as SimObject));
  const evicted = Object.fromEntries(
    Object.entries(budget.status?.disruptedPods ?? {}).filter(([name]) =>
      selected.some((pod) => pod.metadata.name === name && isStaying(pod)),
    ),
  );
  const healthy = selected.filter((pod) => isStaying(pod) && isPodReady(pod) && evicted[pod.metadata.name ?? ""] === undefined).length;
  const expected = expectedOf(store, selected);
  const { maxUnavailable, minAvailable } = budget.spec ?? {};
  const desired =
    maxUnavailable !== undefined ? Math.max(0, expected - countOf(maxUnavailable, expected)) : countOf(minAvailable ?? 0, expected);
  store.setStatus(BudgetKind, budget, {
    currentHealthy: healthy,
    desiredHealthy: desired,
    disruptionsAllowed: Math.max(0, healthy - desired),
    expectedPods: expected,
    observedGeneration: budget.metadata.generation ?? 1,
    ...(Object.keys(evicted).length === 0 ? {} : { disruptedPods: evicted }),
  });
}

/** What the Deployments of these Pods ask for; a Pod without one counts as itself. */
function expectedOf(store: TypedStore, pods: readonly Pod[]): number {
  const asked = new Map<string, number>();
  for (const pod of pods) {
    const { namespace = "", ownerReferences, uid = "" } = pod.metadata;
    const owner = ownerReferences?.find((o) => o.controller === true);
    const set = owner?.kind === "ReplicaSet" ? store.get(ReplicaSet, { namespace, name: owner.name }) : undefined;
    const above = set?.metadata.ownerReferences?.find((o) => o.controller === true && o.kind === "Deployment");
    const deployment = above && store.get(Deployment, { namespace, name: above.name });
    if (deployment === undefined) asked.set(uid, 1);
    else asked.set(deployment.metadata.uid ?? "", deployment.spec?.replicas ?? 1);
  }
  return [...asked.values()].reduce((sum, count) => sum + count, 0);
}

/** A number, or a percentage of `all`, rounded up. */
function countOf(value: number | string, all: number): number {
  return typeof value === "number" ? value : value.endsWith("%") ? Math.ceil((Number.parseFloat(value) / 100) * all) : Number(value);
}
