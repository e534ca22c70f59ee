import { Node as NodeKind, type Pod, Pod as PodKind, type Secret, Secret as SecretKind } from "../kube/kinds.ts";
import type { KubeStore } from "../simkube/api/store.ts";
import { hasPower } from "../simkube/controllers/nodes.ts";
import { typedStore } from "../simkube/controllers/sim-kinds.ts";

/** Where a simulated Ceph sees its daemons. What is seen must not be changed. */
export interface DaemonView {
  /** Pods that can run, by their label `app`. */
  pods(namespace: string, app: string): readonly Pod[];
  secret(namespace: string, name: string): Secret | undefined;
  /** Another number whenever the Pods may be others; without it, they are looked at for each command. */
  version?(): number;
}

/** The daemons of a simulated Kubernetes: the Pods on nodes that have power. */
export function daemonsIn(kubeStore: KubeStore): DaemonView {
  const store = typedStore(kubeStore);
  const byApp = new Map<string, Map<string, Pod>>();
  let version = 0;
  const idOf = (namespace: string, app: string) => `${namespace}/${app}`;
  const note = (pod: Pod, isThere: boolean): void => {
    const app = pod.metadata.labels?.["app"];
    if (app === undefined) return;
    version += 1;
    const id = idOf(pod.metadata.namespace ?? "", app);
    const pods = byApp.get(id) ?? new Map<string, Pod>();
    byApp.set(id, pods);
    if (isThere) pods.set(pod.metadata.uid ?? "", pod);
    else pods.delete(pod.metadata.uid ?? "");
  };
  for (const pod of store.list(PodKind)) note(pod, true);
  kubeStore.subscribe((resource, { object, type }) => {
    if (resource.kind === "Pod") note(object, type !== "deleted");
    if (resource.kind === "Node") version += 1;
  });
  const runs = (pod: Pod): boolean => {
    const node = pod.spec?.nodeName ? store.get(NodeKind, { name: pod.spec.nodeName }) : undefined;
    return node !== undefined && hasPower(node);
  };
  return {
    pods: (namespace, app) => [...(byApp.get(idOf(namespace, app))?.values() ?? [])].filter(runs),
    secret: (namespace, name) => store.get(SecretKind, { namespace, name }),
    version: () => version,
  };
}
