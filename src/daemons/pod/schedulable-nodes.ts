import type { Affinity, Node, Toleration } from "../../kube/kinds.ts";

type NodeSelectorTerm = NonNullable<
  NonNullable<NonNullable<Affinity["nodeAffinity"]>["requiredDuringSchedulingIgnoredDuringExecution"]>["nodeSelectorTerms"]
>[number];
type Taint = NonNullable<NonNullable<Node["spec"]>["taints"]>[number];
type Requirement = NonNullable<NodeSelectorTerm["matchExpressions"]>[number];

/** The node's name as schedulers and Ceph know it. */
export function hostnameOf(node: Node): string {
  return node.metadata.labels?.["kubernetes.io/hostname"] ?? node.metadata.name ?? "";
}

/** Whether the node is Ready; what no kubelet reports on is not. */
export function isNodeReady(node: Node): boolean {
  return node.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
}

/** Whether a new Pod with this placement may run on the node: ready, not cordoned, tolerated, and matching the required node affinity. */
export function isSchedulable(node: Node, placement: { affinity?: Affinity; tolerations?: readonly Toleration[] }): boolean {
  return (
    isNodeReady(node) &&
    node.spec?.unschedulable !== true &&
    untoleratedTaint(node, placement.tolerations ?? []) === undefined &&
    matchesAffinity(node, placement.affinity)
  );
}

/** Whether the node matches the required node affinity; terms are alternatives. */
export function matchesAffinity(node: Node, affinity: Affinity | undefined): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms === undefined) return true;
  return terms.some((term) => {
    const expressions = term.matchExpressions ?? [];
    const fields = term.matchFields ?? [];
    if (expressions.length + fields.length === 0) return false;
    const labels = node.metadata.labels ?? {};
    return (
      expressions.every((e) => matches(labels[e.key], e)) &&
      fields.every((f) => f.key === "metadata.name" && matches(node.metadata.name, f))
    );
  });
}

function matches(value: string | undefined, { operator, values }: Requirement): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && (values ?? []).includes(value);
    case "NotIn":
      return value === undefined || !(values ?? []).includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values?.[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values?.[0]);
    default:
      return false;
  }
}

/** The first taint that keeps new Pods with these tolerations off the node. */
export function untoleratedTaint(node: Node, tolerations: readonly Toleration[]): Taint | undefined {
  return (node.spec?.taints ?? [])
    .filter((taint) => taint.effect === "NoSchedule" || taint.effect === "NoExecute")
    .find(
      (taint) =>
        !tolerations.some(
          (t) =>
            (t.effect === undefined || t.effect === "" || t.effect === taint.effect) &&
            (t.operator === "Exists"
              ? t.key === undefined || t.key === "" || t.key === taint.key
              : t.key === taint.key && (t.value ?? "") === (taint.value ?? "")),
        ),
    );
}
