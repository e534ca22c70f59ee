import type { Node } from "../../../kube/kinds.ts";
import { crushName } from "./build.ts";

/** CRUSH bucket types that node labels give, highest first; the first two are Kubernetes' own labels. */
const topologyTypes: readonly (readonly [type: string, label: string])[] = [
  ["region", "topology.kubernetes.io/region"],
  ["zone", "topology.kubernetes.io/zone"],
  ...["datacenter", "room", "pod", "pdu", "row", "rack", "chassis"].map((type) => [type, `topology.rook.io/${type}`] as const),
];

/** Where a node's OSDs stand in the CRUSH map, from the node's labels: `root=default host=node1 zone=a`. */
export function crushLocationOf(node: Node, root: string): string {
  const labels = node.metadata.labels ?? {};
  const host = labels["kubernetes.io/hostname"] ?? node.metadata.name ?? "";
  const levels = topologyTypes.flatMap(([type, label]) => (labels[label] ? [`${type}=${crushName(labels[label])}`] : []));
  return [`root=${root}`, `host=${crushName(host)}`, ...levels].join(" ");
}
