import { KubeError } from "../../kube/kube-error.ts";
import type { ObjectKey } from "../../kube/object.ts";
import { notFound } from "./refused.ts";
import { specSelector } from "./selectors.ts";
import { fieldsOf, type SimObject, timestamp } from "./sim-object.ts";
import type { Deleting, KubeStore } from "./store.ts";

const podKind = { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true } as const;
const budgetKind = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets", namespaced: true } as const;

/**
 * The eviction subresource: ends a Pod as a drain does, unless a disruption budget that selects it allows none. A Pod that has not
 * started, has ended or is being deleted needs no budget; neither does one that is not ready, where its budget says `AlwaysAllow` or is
 * met without it. What is evicted is taken off the budget at once.
 *
 * @throws KubeError `tooManyRequests` where the budget is used up, `serverError` where several budgets select the Pod: that is refused
 */
export function evictPod(store: KubeStore, key: ObjectKey, now: number, options: Deleting = {}): void {
  const resource = store.resource(podKind);
  const pod = store.get(resource, key);
  if (pod === undefined) throw notFound(resource, key.name);
  if (needsBudget(pod)) {
    const budgets = budgetsOf(store, pod);
    if (budgets.length > 1)
      throw new KubeError(
        "serverError",
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
        { httpStatus: 500 },
      );
    const [budget] = budgets;
    if (budget !== undefined) charge(store, budget, pod, now, options.dryRun === true);
  }
  store.delete(resource, key, { ...options, uid: options.uid ?? pod.metadata.uid });
}

/** The disruption budgets that select a Pod. */
export function budgetsOf(store: KubeStore, pod: SimObject): SimObject[] {
  return store
    .list(store.resource(budgetKind), pod.metadata.namespace)
    .filter((budget) => specSelector(fieldsOf(budget["spec"])["selector"])(pod));
}

/** Whether the eviction of the Pod is a matter of budgets at all. */
export function needsBudget(pod: SimObject): boolean {
  const phase = fieldsOf(pod["status"])["phase"];
  return phase === "Running" && pod.metadata.deletionTimestamp === undefined;
}

/** How many healthy Pods this budget lets go now; none where it has changed and nobody has counted again. */
export function allowedBy(budget: SimObject): number {
  const status = fieldsOf(budget["status"]);
  if (Number(status["observedGeneration"] ?? 0) < (budget.metadata.generation ?? 1)) return 0;
  return Number(status["disruptionsAllowed"] ?? 0);
}

/** Takes a Pod off a budget; one that is not ready costs nothing. @throws KubeError where it may not go */
function charge(store: KubeStore, budget: SimObject, pod: SimObject, now: number, dryRun: boolean): void {
  const status = fieldsOf(budget["status"]);
  if (!isReady(pod)) {
    const policy = fieldsOf(budget["spec"])["unhealthyPodEvictionPolicy"];
    const isMet =
      Number(status["currentHealthy"] ?? 0) >= Number(status["desiredHealthy"] ?? 0) && Number(status["desiredHealthy"] ?? 0) > 0;
    if (policy === "AlwaysAllow" || isMet) return;
  }
  if (allowedBy(budget) <= 0) throw refused(budget);
  if (dryRun) return;
  const { name = "", namespace } = budget.metadata;
  store.patch(
    store.resource(budgetKind),
    namespace === undefined ? { name } : { namespace, name },
    (current) => {
      const before = fieldsOf(current["status"]);
      return {
        ...current,
        status: {
          ...before,
          disruptionsAllowed: Number(before["disruptionsAllowed"] ?? 0) - 1,
          disruptedPods: { ...fieldsOf(before["disruptedPods"]), [pod.metadata.name ?? ""]: timestamp(now) },
        },
      };
    },
    { subresource: "status" },
  );
}

function isReady(pod: SimObject): boolean {
  const conditions = fieldsOf(pod["status"])["conditions"];
  return Array.isArray(conditions) && conditions.map(fieldsOf).some((c) => c["type"] === "Ready" && c["status"] === "True");
}

function refused({ metadata, status }: SimObject): KubeError {
  const { currentHealthy, desiredHealthy, observedGeneration } = fieldsOf(status);
  const name = metadata.name ?? "";
  const isCounted = Number(observedGeneration ?? 0) >= (metadata.generation ?? 1);
  return new KubeError("tooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", {
    httpStatus: 429,
    status: {
      kind: "Status",
      reason: "TooManyRequests",
      details: {
        causes: [
          {
            reason: "DisruptionBudget",
            message: isCounted
              ? `The disruption budget ${name} needs ${Number(desiredHealthy ?? 0)} healthy pods and has ${Number(currentHealthy ?? 0)} currently`
              : `The disruption budget ${name} is still being processed by the server.`,
          },
        ],
      },
    },
  });
}
