import type { Clock } from "../../kube/clock.ts";
import { Node, Pod } from "../../kube/kinds.ts";
import { condition } from "./pod-status.ts";
import { schedule } from "./scheduling.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** Gives a Pod a node, or says on it why none can take it. */
export function placePod(store: TypedStore, clock: Clock, pod: Pod, podsOn: (node: string) => Pod[]): void {
  const found = schedule(pod, store.list(Node), (node) =>
    podsOn(node).filter((other) => other.status?.phase !== "Succeeded" && other.status?.phase !== "Failed"),
  );
  if (found.type === "placed") {
    store.change(Pod, pod, (p) => ({
      ...p,
      spec: { ...p.spec, containers: p.spec?.containers ?? [], nodeName: found.node.metadata.name ?? "" },
    }));
    return;
  }
  const said = condition(pod.status?.conditions ?? [], "PodScheduled", false, "Unschedulable", clock.now());
  store.setStatus(Pod, pod, { phase: "Pending", conditions: [{ ...said, message: found.message }] });
}
