import { type DaemonType, inUpdateOrder } from "../daemons/daemon-type.ts";
import type { Kind } from "../kube/object.ts";
import type { ChildKind, ChildObject } from "../resource/child-kind.ts";
import type { OperatorKind } from "../resource/operator-kind.ts";
import { operatorKindOf } from "../resource/operator-kind-of.ts";
import { wokenByChildren } from "../resource/woken-by-children.ts";
import type { CrdDefinition } from "../schema/crd.ts";
import { blockPoolKind } from "./ceph-block-pool/kind.ts";
import { clientKind } from "./ceph-client/kind.ts";
import { clusterKind } from "./ceph-cluster/kind.ts";
import { filesystemKind } from "./ceph-filesystem/kind.ts";
import { subvolumeGroupKind } from "./ceph-filesystem-subvolume-group/kind.ts";
import { foreignKinds } from "./not-reconciled.ts";

/** The kinds that live in a Ceph cluster. docs/design/0004-kinds.md says how one is added. */
export const childKinds: readonly ChildKind<ChildObject>[] = [clientKind, blockPoolKind, filesystemKind, subvolumeGroupKind];

/** Every kind that the operator reconciles. */
export const operatorKinds: readonly OperatorKind[] = [
  wokenByChildren(
    clusterKind,
    childKinds.map(({ kind }) => kind),
  ),
  ...childKinds.map(operatorKindOf),
];

/** Kinds whose objects keep the CephCluster of their namespace from being deleted; those of others do as well as the operator's own. */
export const dependentKinds: readonly Kind[] = [
  ...operatorKinds.filter(({ isDependent }) => isDependent).map(({ kind }) => kind),
  ...foreignKinds.filter(({ plural }) => !operatorKinds.some(({ kind }) => kind.plural === plural)),
];

/** Every type of daemon, in the order of an update: mons, mgrs, OSDs, MDSs. */
export const daemonTypes: readonly DaemonType[] = inUpdateOrder(operatorKinds.flatMap((kind) => kind.daemonTypes ?? []));

/** The schemas of all kinds, in order. */
export function loadCrds(): Promise<CrdDefinition[]> {
  return Promise.all(operatorKinds.map((kind) => kind.crd()));
}
