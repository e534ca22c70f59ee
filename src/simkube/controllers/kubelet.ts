import type { Clock } from "../../kube/clock.ts";
import { type Node, type Pod, Pod as PodKind } from "../../kube/kinds.ts";
import { type ContainerParts, failContainers, startContainers } from "./containers.ts";
import { isStaying } from "./owned.ts";
import type { PodBehaviour, PodTiming } from "./pod-behaviour.ts";
import { createPodLives } from "./pod-lives.ts";
import type { SimFaults } from "./sim-faults.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** The kubelets of all nodes: what becomes of Pods that have a node. */
export interface Kubelet {
  /** Looks at a Pod that is new, has changed, or whose node has come back. */
  see(pod: Pod): void;
  /** The Pod's node has lost its power and has it again: its containers start again. */
  boot(pod: Pod): void;
  /** The Pod's object is gone. */
  forget(uid: string): void;
  /** The Pod's containers end as they would by themselves, with an error; a daemon is started again. */
  crash(pod: Pod, message: string): void;
}

export interface KubeletOptions {
  readonly store: TypedStore;
  readonly clock: Clock;
  readonly timing: PodTiming;
  readonly behaviour: PodBehaviour;
  readonly faults: Pick<SimFaults, "planOf">;
  readonly nodeOf: (pod: Pod) => Node | undefined;
  readonly isAlive: (node: Node) => boolean;
}

/** Kubelets that ask `behaviour` what Pods do. A node whose kubelet is lost (`isAlive` false) does nothing until it is back. */
export function createKubelet(options: KubeletOptions): Kubelet {
  const { store, clock, timing, behaviour, faults, nodeOf, isAlive } = options;
  const lives = createPodLives({ store, clock, nodeOf, isAlive });
  const parts: ContainerParts = { store, clock, behaviour, faults, lives };
  const stopping = new Set<string>();
  const uidOf = (pod: Pod) => pod.metadata.uid ?? "";
  const startLater = (pod: Pod): void => lives.later(pod, timing.startMs, (now, life, node) => startContainers(parts, now, life, node));

  return {
    see(pod) {
      const node = nodeOf(pod);
      if (node === undefined || !isAlive(node)) return;
      const known = lives.of(pod);
      if (!isStaying(pod)) {
        const life = known ?? lives.adopt(pod);
        if (life.state.type === "ended") store.remove(PodKind, pod, true);
        else if (!stopping.has(uidOf(pod))) {
          stopping.add(uidOf(pod));
          life.cancel();
          life.cancel = clock.after(timing.stopMs, () => {
            stopping.delete(uidOf(pod));
            const there = lives.there(pod);
            if (there !== undefined) store.remove(PodKind, there.pod, true);
          });
        }
        return;
      }
      if (known !== undefined) return;
      const life = lives.adopt(pod);
      if (life.state.type !== "creating") {
        life.isMounted = true;
        return;
      }
      lives.tell(pod, life);
      startLater(pod);
    },
    boot(pod) {
      const life = lives.of(pod);
      if (life === undefined || life.state.type === "ended" || !isStaying(pod)) return this.see(pod);
      life.restarts += 1;
      life.last = { exitCode: 255, reason: "Unknown", message: "", at: clock.now() };
      life.isMounted = false;
      lives.move(pod, life, { type: "creating" });
      startLater(pod);
    },
    forget(uid) {
      lives.forget(uid);
      stopping.delete(uid);
    },
    crash(pod, message) {
      const life = lives.of(pod);
      if (life !== undefined && life.state.type === "running") failContainers(parts, pod, life, { exitCode: 1, message });
    },
  };
}
