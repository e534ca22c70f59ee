import type { Node } from "../../kube/kinds.ts";
import type { BuildContext } from "../pod/context.ts";
import { placementOf } from "../pod/placement.ts";
import { hostnameOf, isSchedulable } from "../pod/schedulable-nodes.ts";
import { nodeRefusal } from "./node-refusal.ts";
import type { Trouble } from "./trouble.ts";

/** Why a daemon could not start again on its node; `trouble` is what the node has, undefined where the node is gone. */
export interface NoReturn {
  readonly hostname: string;
  readonly trouble: Pick<Trouble, "what" | "detail"> | undefined;
}

/** Why a mon or OSD of this host could not start there again, were it stopped; undefined where it could. */
export function noReturn(
  { nodes, context }: { readonly nodes: readonly Node[]; readonly context: BuildContext },
  type: "mon" | "osd",
  hostname: string,
): NoReturn | undefined {
  const node = nodes.find((each) => hostnameOf(each) === hostname);
  if (node === undefined) return { hostname, trouble: undefined };
  const { affinity, tolerations } = placementOf(context, type);
  // a mon that the spec sends to other nodes is replaced there
  const placement = { ...(type === "osd" && affinity ? { affinity } : {}), ...(tolerations ? { tolerations } : {}) };
  if (isSchedulable(node, placement)) return undefined;
  return { hostname, trouble: nodeRefusal(node, placement, `placement.${type}`) ?? { what: "takes no Pods" } };
}

/** `its node node1 is cordoned, and it could not start there again` */
export function sayNoReturn({ hostname, trouble }: NoReturn): string {
  const detail = trouble?.detail === undefined || trouble.detail === "" ? "" : ` (${trouble.detail})`;
  return `its node ${hostname} ${trouble?.what ?? "is gone"}${detail}, and it could not start there again`;
}
