import type { Affinity, Node, Toleration } from "../../kube/kinds.ts";
import { matchesAffinity, untoleratedTaint } from "../pod/schedulable-nodes.ts";
import { nodeTrouble } from "./node-trouble.ts";
import type { Trouble } from "./trouble.ts";

/** Why a node takes no new Pods with this placement, which is the field `field` of the spec; undefined where it does. */
export function nodeRefusal(
  node: Node,
  placement: { affinity?: Affinity; tolerations?: readonly Toleration[] },
  field: string,
): Trouble | undefined {
  const trouble = nodeTrouble(node);
  if (trouble !== undefined) return trouble;
  if (node.status?.conditions?.some((c) => c.type === "Ready") !== true)
    return { what: "is not ready", since: undefined, detail: "no kubelet reports on it", help: "bring the node up" };
  if (node.spec?.unschedulable === true) {
    const taint = node.spec.taints?.find(({ key }) => key === "node.kubernetes.io/unschedulable");
    return { what: "is cordoned", since: timeOf(taint?.timeAdded), help: `kubectl uncordon ${node.metadata.name ?? ""}` };
  }
  const taint = untoleratedTaint(node, placement.tolerations ?? []);
  if (taint !== undefined)
    return {
      what: "has a taint that is not tolerated",
      since: timeOf(taint.timeAdded),
      detail: `${taint.key}${taint.value ? `=${taint.value}` : ""}:${taint.effect}`,
      help: `tolerate it in ${field}.tolerations, or remove it`,
    };
  if (!matchesAffinity(node, placement.affinity))
    return { what: `does not match ${field}.nodeAffinity`, since: undefined, help: "label the node, or change the affinity" };
  return undefined;
}

function timeOf(at: string | undefined | null): number | undefined {
  return at === undefined || at === null ? undefined : Date.parse(at);
}
