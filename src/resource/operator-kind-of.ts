import { ConfigMap, Deployment, Pod, Secret, Service } from "../kube/kinds.ts";
import { wakeMapped, wakeOwner, wakeSelf } from "../runtime/wake-ups.ts";
import { CephCluster } from "../schema/ceph-cluster.ts";
import type { ChildKind, ChildObject } from "./child-kind.ts";
import { childTraits } from "./child-traits.ts";
import { workOnChild } from "./child-work.ts";
import { createReconciler } from "./create-reconciler.ts";
import type { ManagedKind } from "./managed-kind.ts";
import type { OperatorKind, ReadKind } from "./operator-kind.ts";

/** What it takes to find a namespace's Ceph. */
const cluster: readonly ReadKind[] = [
  { kind: CephCluster },
  { kind: Pod, labelKeys: ["rook_cluster"] },
  { kind: Deployment, labelKeys: ["rook_cluster"] },
  { kind: Service, labelKeys: ["rook_cluster"] },
  { kind: Secret },
  { kind: ConfigMap },
];

/**
 * A kind that lives in a Ceph cluster, as the operator puts it to work. It is woken by itself, by what it owns, and by its CephCluster: a
 * change there is when it is worth asking Ceph again.
 */
export function operatorKindOf<T extends ChildObject>(child: ChildKind<T>): OperatorKind<T> {
  const { kind, about, reasons, crd, isDependent, daemonTypes = [], reads } = child;
  return {
    kind,
    about,
    reasons,
    crd,
    isDependent,
    daemonTypes,
    reads: [...cluster, ...reads],
    wakeUps: ({ wakeNamespace }) => [
      wakeSelf(kind),
      ...reads.map((read) => wakeOwner(read.kind, kind)),
      wakeMapped(CephCluster, ({ metadata }) => {
        wakeNamespace(metadata.namespace ?? "");
        return [];
      }),
    ],
    createReconciler: (deps) => createReconciler(managedChild(child), deps),
    intervalFor: ({ status }) => (status?.phase === "Ready" ? 30_000 : 10_000),
  };
}

/** A kind that lives in a Ceph cluster, as the frame of all kinds works on it. */
export function managedChild<T extends ChildObject>(child: ChildKind<T>): ManagedKind<T> {
  return {
    kind: child.kind,
    traits: childTraits(child),
    withoutEffect: (object) => child.withoutEffect(object),
    work: (holding) => workOnChild(child, holding),
  };
}
