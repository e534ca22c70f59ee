import type { DaemonType } from "./daemon-type.ts";

/** Labels of everything that belongs to one app of one cluster. */
export function appLabels(app: string, namespace: string): Record<string, string> {
  return { app, rook_cluster: namespace };
}

/** Labels of a daemon that its selector uses; they never change. */
export function daemonSelector({ app, selector }: DaemonType, namespace: string, id: string): Record<string, string> {
  return { ...appLabels(app, namespace), ...selector(id, namespace) };
}

/** All labels of a daemon's Pod and Deployment. */
export function daemonLabels(input: {
  namespace: string;
  /** Of the object that asks for the daemon, and its plural where it is no CephCluster. */
  clusterName: string;
  plural?: string;
  operatorNamespace: string;
  type: DaemonType;
  id: string;
}): Record<string, string> {
  return {
    ...daemonSelector(input.type, input.namespace, input.id),
    ceph_daemon_id: input.id,
    ceph_daemon_type: input.type.type,
    [input.type.type]: input.id,
    "app.kubernetes.io/name": `ceph-${input.type.type}`,
    "app.kubernetes.io/instance": input.id,
    "app.kubernetes.io/component": `${input.plural ?? "cephclusters"}.ceph.rook.io`,
    "app.kubernetes.io/part-of": input.clusterName,
    "app.kubernetes.io/managed-by": "rook-ceph-operator",
    "app.kubernetes.io/created-by": "rook-ceph-operator",
    "rook.io/operator-namespace": input.operatorNamespace,
  };
}

/** On Jobs: which node they work on. */
export const nodeLabel = "ceph.rook.io/node";

/** On a CephCluster or a daemon's Deployment: leave it alone. */
export const doNotReconcileLabel = "ceph.rook.io/do-not-reconcile";

/** On daemon Deployments: the version they were made for, such as 20.2.4-0. */
export const cephVersionLabel = "ceph-version";
