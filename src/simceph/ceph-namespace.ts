import { Namespace } from "../kube/kinds.ts";
import { ServiceAccount, type TypedStore } from "../simkube/controllers/sim-kinds.ts";

/** Makes a namespace with service accounts, of which it has `default` at once, as every namespace has it a moment later. */
export function makeNamespace(store: TypedStore, name: string, accounts: readonly string[] = []): void {
  store.create(Namespace, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
    status: { phase: "Active" },
  });
  for (const account of ["default", ...accounts])
    store.create(ServiceAccount, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace: name, name: account } });
}

/** Makes a namespace that a CephCluster can be in, with the service accounts of manifests/second-cluster.yaml for its daemons. */
export function makeCephNamespace(store: TypedStore, name: string): void {
  makeNamespace(store, name, ["rook-ceph-default", "rook-ceph-mgr", "rook-ceph-osd", "rook-ceph-cmd-reporter"]);
}
