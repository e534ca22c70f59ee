import type { Clock } from "../../kube/clock.ts";
import { Pod } from "../../kube/kinds.ts";
import type { Agenda } from "./agenda.ts";
import type { Kubelet } from "./kubelet.ts";
import { isStaying } from "./owned.ts";
import { placePod } from "./place-pod.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** The scheduler, and what hands Pods to the kubelets. */
export interface PodDesk {
  /** A Pod is new, has changed or is gone. */
  see(pod: Pod, isThere: boolean): void;
  /** Pods that have no node are looked at once more. */
  markPending(): void;
}

/** A desk that has seen no Pod yet. */
export function createPodDesk(options: {
  readonly store: TypedStore;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly kubelet: Kubelet;
  readonly podsOn: (node: string) => Pod[];
}): PodDesk {
  const { store, clock, agenda, kubelet, podsOn } = options;
  const pending = new Map<string, Pod>();

  const mark = (pod: Pod): void =>
    agenda.markObject(Pod, pod, (now) => {
      if (now.spec?.nodeName) kubelet.see(now);
      else if (isStaying(now)) placePod(store, clock, now, podsOn);
    });
  const markPending = (): void => {
    for (const pod of pending.values()) mark(pod);
  };
  return {
    see: (pod, isThere) => {
      if (isThere && !pod.spec?.nodeName && isStaying(pod)) pending.set(pod.metadata.uid ?? "", pod);
      else pending.delete(pod.metadata.uid ?? "");
      if (isThere) return mark(pod);
      kubelet.forget(pod.metadata.uid ?? "");
      markPending();
    },
    markPending,
  };
}
