import type { Node } from "../../kube/kinds.ts";
import type { Trouble } from "./trouble.ts";

/** Why a node runs nothing; undefined where it is ready, or nobody reports on it. */
export function nodeTrouble(node: Node): Trouble | undefined {
  const ready = node.status?.conditions?.find((c) => c.type === "Ready");
  if (ready === undefined || ready.status === "True") return undefined;
  return {
    what: "is not ready",
    since: ready.lastTransitionTime ? Date.parse(ready.lastTransitionTime) : undefined,
    detail: ready.message,
    help: "bring the node back; if it is lost for good, delete its Node object",
  };
}
