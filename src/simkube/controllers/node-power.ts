import type { Clock } from "../../kube/clock.ts";
import { Node, Pod } from "../../kube/kinds.ts";
import type { Agenda } from "./agenda.ts";
import type { Kubelet } from "./kubelet.ts";
import { evict, hasPower, tellBoot, tellLoss, tellReturn } from "./nodes.ts";
import type { PodTiming } from "./pod-behaviour.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** What follows when nodes lose their power and have it again. */
export interface NodePower {
  /** A node is new, or its power is otherwise than it was. */
  watch(node: Node, wasOff: boolean): void;
  stop(): void;
}

/** After a time of grace the node controller says that a node without power is lost, and later it evicts the node's Pods. */
export function createNodePower(options: {
  readonly store: TypedStore;
  readonly clock: Clock;
  readonly timing: PodTiming;
  readonly agenda: Agenda;
  readonly kubelet: Kubelet;
  readonly podsOn: (node: string) => Pod[];
}): NodePower {
  const { store, clock, timing, agenda, kubelet, podsOn } = options;
  const lossTimers = new Map<string, () => void>();
  return {
    watch: (node, wasOff) => {
      const name = node.metadata.name ?? "";
      lossTimers.get(name)?.();
      lossTimers.delete(name);
      if (hasPower(node)) {
        agenda.markObject(Node, node, (now) => {
          tellReturn(store, now, clock.now());
          const again = store.get(Node, { name });
          if (wasOff && again !== undefined) tellBoot(store, again);
        });
        for (const pod of podsOn(name)) agenda.markObject(Pod, pod, (now) => (wasOff ? kubelet.boot(now) : kubelet.see(now)));
        return;
      }
      const after = (ms: number, act: (now: Node) => void) =>
        lossTimers.set(
          name,
          clock.after(ms, () => {
            const now = store.get(Node, { name });
            if (now !== undefined && !hasPower(now)) act(now);
          }),
        );
      after(timing.nodeGraceMs, (now) => {
        tellLoss(store, now, podsOn(name), clock.now());
        after(timing.evictionMs, () => evict(store, podsOn(name)));
      });
    },
    stop: () => {
      for (const cancel of lossTimers.values()) cancel();
    },
  };
}
