import { Node, Pod } from "../../src/kube/kinds.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { hasPower } from "../../src/simkube/controllers/nodes.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";

export type LiveType = "mon" | "mgr" | "osd" | "mds";

/** The daemons of a namespace that run and serve, whatever Ceph or Kubernetes has heard of it. */
export interface LiveDaemons {
  /** Those of one type by their ids, each with its Pod; ended are those whose node has lost its power. */
  of(type: LiveType): ReadonlyMap<string, Pod>;
  /** How it is told that one does not run: while a node has no power, it may be of those that were on it. */
  readonly toldBy: "kubernetes" | "lostNode";
}

const none: ReadonlyMap<string, Pod> = new Map<string, Pod>([]);

export function liveDaemons(sim: SimCluster, namespace: string): LiveDaemons {
  const store = typedStore(sim.store);
  const dark = new Set(store.list(Node).flatMap((node) => (hasPower(node) ? [] : (node.metadata.name ?? ""))));
  const byType = new Map<string, Map<string, Pod>>();
  for (const pod of store.list(Pod, namespace)) {
    const type = typeOf(pod);
    const nodeName = pod.spec?.nodeName ?? "";
    if (type === undefined || !isReady(pod) || dark.has(nodeName) || store.get(Node, { name: nodeName }) === undefined) continue;
    const found = byType.get(type) ?? new Map<string, Pod>();
    byType.set(type, found.set(idOf(pod, type), pod));
  }
  return { of: (type) => byType.get(type) ?? none, toldBy: dark.size > 0 ? "lostNode" : "kubernetes" };
}

/** Whether it serves; while it is being stopped it does, too. */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
}

const types: readonly LiveType[] = ["mon", "mgr", "osd", "mds"];

function typeOf({ metadata }: Pod): LiveType | undefined {
  const app = metadata.labels?.["app"];
  return app === undefined ? undefined : types.find((type) => app === `rook-ceph-${type}`);
}

function idOf({ metadata }: Pod, type: LiveType): string {
  return metadata.labels?.[type] ?? metadata.labels?.["ceph_daemon_id"] ?? "";
}
