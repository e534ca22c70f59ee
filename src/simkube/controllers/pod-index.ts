import type { Pod } from "../../kube/kinds.ts";
import { createObjectIndex } from "./object-index.ts";
import { controllerOf } from "./owned.ts";

/** The Pods of a store by owner and by node. */
export interface PodIndex {
  keep(pod: Pod, isThere: boolean): void;
  of(ownerUid: string): Pod[];
  on(node: string): Pod[];
}

/** An empty index. */
export function createPodIndex(): PodIndex {
  const byOwner = createObjectIndex<Pod>();
  const byNode = createObjectIndex<Pod>();
  return {
    keep: (pod, isThere) => {
      byOwner.keep(controllerOf(pod), pod, isThere);
      byNode.keep(pod.spec?.nodeName, pod, isThere);
    },
    of: (uid) => byOwner.of(uid),
    on: (node) => byNode.of(node),
  };
}
