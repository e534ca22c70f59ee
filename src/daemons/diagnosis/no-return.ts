import type { Node } from "../../kube/kinds.ts";
import type { BuildContext } from "../pod/context.ts";
import { placementOf } from "../pod/placement.ts";
import { hostnameOf, isSchedulable } from "../pod/schedulable-nodes.ts";
import { nodeRefusal } from "./node-refusal.ts";

/** Why a mon or OSD of this host could not start there again, were it stopped; undefined where it could. */
export function noReturn(
  { nodes, context }: { readonly nodes: readonly Node[]; readonly context: BuildContext },
  type: "mon" | "osd",
  hostname: string,
): string | undefined {
  const node = nodes.find((each) => hostnameOf(each) === hostname);
  if (node === undefined) return `its node ${hostname} is gone, and it could not start there again`;
  const { affinity, tolerations } = placementOf(context, type);
  // a mon that the spec sends to other nodes is replaced there
  const placement = { ...(type === "osd" && affinity ? { affinity } : {}), ...(tolerations ? { tolerations } : {}) };
  if (isSchedulable(node, placement)) return undefined;
  const { what = "takes no Pods", detail } = nodeRefusal(node, placement, `placement.${type}`) ?? {};
  return `its node ${hostname} ${what}${detail === undefined || detail === "" ? "" : ` (${detail})`}, and it could not start there again`;
}
