import type { Clock } from "../../src/kube/clock.ts";
import { Node, Pod } from "../../src/kube/kinds.ts";
import { isKubeError } from "../../src/kube/kube-error.ts";
import { evictPod } from "../../src/simkube/api/evict.ts";
import type { KubeStore } from "../../src/simkube/api/store.ts";
import { type TypedStore, typedStore } from "../../src/simkube/controllers/sim-kinds.ts";

/** Milliseconds after which `kubectl drain` tries a refused eviction again. */
const againMs = 5000;

/** A drain under way. */
export interface Drain {
  /** Whether no Pod of the node is left. */
  isDone(): boolean;
  /** What the API server last refused, and why. */
  refused(): readonly string[];
  /** The user gives up. */
  stop(): void;
}

/**
 * `kubectl drain` of a simulated node: cordons it, and evicts its Pods in the order of their names until none is left. As there, an answer
 * other than that a budget is used up ends it: that is in `refused`.
 */
export function drainNode(store: KubeStore, clock: Clock, name: string, user: TypedStore = typedStore(store)): Drain {
  let refused: string[] = [];
  let cancel = () => {};
  cordon(user, name, true);
  const podsLeft = () => user.list(Pod).filter((pod) => pod.spec?.nodeName === name);
  const attempt = (): void => {
    refused = [];
    const pods = podsLeft();
    if (pods.length === 0) return;
    for (const { metadata } of pods.filter((pod) => pod.metadata.deletionTimestamp === undefined))
      try {
        evictPod(store, { namespace: metadata.namespace ?? "", name: metadata.name ?? "" }, clock.now());
      } catch (error) {
        if (!isKubeError(error)) throw error;
        refused.push(`${metadata.name ?? ""}: ${error.message}`);
        if (!isKubeError(error, "tooManyRequests", "notFound")) return;
      }
    cancel = clock.after(againMs, attempt);
  };
  attempt();
  return { isDone: () => podsLeft().length === 0, refused: () => refused, stop: () => cancel() };
}

/** `kubectl cordon` and `kubectl uncordon`; a node that is not there is left alone. */
export function cordon(user: TypedStore, name: string, unschedulable: boolean): void {
  const node = user.get(Node, { name });
  if (node === undefined) return;
  const { unschedulable: _before, ...spec } = node.spec ?? {};
  user.change(Node, node, (n) => ({ ...n, spec: unschedulable ? { ...spec, unschedulable } : spec }));
}
