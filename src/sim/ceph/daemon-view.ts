import { type Node, Node as NodeKind, type Pod, Pod as PodKind, type Secret, Secret as SecretKind } from "../../kube/kinds.ts";
import { hasPower } from "../controllers/nodes.ts";
import { typedStore } from "../controllers/sim-kinds.ts";
import type { KubeStore } from "../kube/store.ts";

/** Where a simulated Ceph sees its daemons. What is seen must not be changed. */
export interface DaemonView {
  /** Pods that can run, by their label `app`. */
  pods(namespace: string, app: string): readonly Pod[];
  secret(namespace: string, name: string): Secret | undefined;
}

/** The daemons of a simulated Kubernetes: the Pods on nodes that have power. */
export function daemonsIn(kubeStore: KubeStore): DaemonView {
  const store = typedStore(kubeStore);
  const isLost = (node: Node | undefined) => node === undefined || !hasPower(node);
  return {
    pods: (namespace, app) =>
      store
        .list(PodKind, namespace)
        .filter(
          (pod) =>
            pod.metadata.labels?.["app"] === app &&
            pod.spec?.nodeName !== undefined &&
            !isLost(store.get(NodeKind, { name: pod.spec.nodeName })),
        ),
    secret: (namespace, name) => store.get(SecretKind, { namespace, name }),
  };
}
