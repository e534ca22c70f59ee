import type { Node, Pod } from "../../kube/kinds.ts";
import { parseQuantity } from "../../kube/quantity.ts";
import { specSelector } from "../api/selectors.ts";
import type { SimObject } from "../api/sim-object.ts";
import { isStaying } from "./owned.ts";

/** Where a Pod goes, or why it cannot go anywhere, as the scheduler says it. */
export type Scheduling = { readonly type: "placed"; readonly node: Node } | { readonly type: "unschedulable"; readonly message: string };

/**
 * Chooses the node with the fewest Pods among those that fit: node selector, required node affinity on labels, taints, cordons, and
 * required anti-affinity by host, and requests of CPU and memory. Preferences, preemption, spread constraints and other topologies are not looked at.
 */
export function schedule(pod: Pod, nodes: readonly Node[], podsOn: (node: string) => readonly Pod[]): Scheduling {
  const refused = new Map<string, number>();
  const fitting = nodes.filter((node) => {
    const why = misfit(pod, node, podsOn(node.metadata.name ?? ""));
    if (why !== undefined) refused.set(why, (refused.get(why) ?? 0) + 1);
    return why === undefined;
  });
  const [best] = fitting.sort(
    (a, b) =>
      podsOn(a.metadata.name ?? "").length - podsOn(b.metadata.name ?? "").length ||
      ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1),
  );
  if (best !== undefined) return { type: "placed", node: best };
  const reasons = [...refused]
    .map(([why, count]) => `${count} ${why}`)
    .sort()
    .join(", ");
  return { type: "unschedulable", message: `0/${nodes.length} nodes are available${reasons === "" ? "" : `: ${reasons}`}.` };
}

function misfit(pod: Pod, node: Node, others: readonly Pod[]): string | undefined {
  const labels = node.metadata.labels ?? {};
  const { nodeSelector = {}, affinity, tolerations = [] } = pod.spec ?? {};
  if (!isStaying(node)) return "node(s) are being deleted";
  if (node.spec?.unschedulable === true && !tolerations.some((t) => t.operator === "Exists" && t.key === undefined))
    return "node(s) were unschedulable";
  const isRefused = (node.spec?.taints ?? []).some(
    (t) =>
      t.effect !== "PreferNoSchedule" &&
      !tolerations.some(
        (tolerated) =>
          (tolerated.key === undefined || tolerated.key === t.key) &&
          (tolerated.effect === undefined || tolerated.effect === t.effect) &&
          (tolerated.operator === "Exists" || (tolerated.value ?? "") === (t.value ?? "")),
      ),
  );
  if (isRefused) return "node(s) had untolerated taint(s)";
  if (Object.entries(nodeSelector).some(([name, value]) => labels[name] !== value))
    return "node(s) didn't match Pod's node affinity/selector";
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms !== undefined && !terms.some((term) => specSelector({ matchExpressions: term.matchExpressions })(node as unknown as SimObject)))
    return "node(s) didn't match Pod's node affinity/selector";
  if (others.some((other) => keepsAway(pod, other))) return "node(s) didn't match pod anti-affinity rules";
  if (others.some((other) => keepsAway(other, pod))) return "node(s) didn't satisfy existing pods anti-affinity rules";
  const scarce = (["cpu", "memory"] as const).find((resource) => {
    const wanted = requested(pod, resource);
    if (wanted === 0) return false;
    const taken = others.reduce((sum, other) => sum + requested(other, resource), 0);
    return taken + wanted > (parseQuantity(node.status?.allocatable?.[resource] ?? "0") ?? 0);
  });
  return scarce === undefined ? undefined : `Insufficient ${scarce}`;
}

/** Whether a Pod's rules keep another one of its namespace off its node. */
function keepsAway({ metadata, spec }: Pod, other: Pod): boolean {
  return (spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(
    ({ labelSelector, topologyKey }) =>
      topologyKey === "kubernetes.io/hostname" &&
      other.metadata.namespace === metadata.namespace &&
      specSelector(labelSelector)(other as unknown as SimObject),
  );
}

function requested(pod: Pod, resource: "cpu" | "memory"): number {
  return (pod.spec?.containers ?? []).reduce((sum, { resources }) => sum + (parseQuantity(resources?.requests?.[resource] ?? "0") ?? 0), 0);
}
