import type { CrdDefinition } from "./api/crd.ts";
import type { ChildKind, ChildObject } from "./child/child-kind.ts";
import { operatorKindOf } from "./child/operator-kind-of.ts";
import { clientKind } from "./client/kind.ts";
import { clusterKind } from "./cluster/kind.ts";
import { filesystemKind } from "./filesystem/kind.ts";
import { foreignKinds } from "./foreign-kinds.ts";
import type { Kind } from "./kube/object.ts";
import { blockPoolKind } from "./pool/kind.ts";
import type { OperatorKind } from "./resource/operator-kind.ts";
import { subvolumeGroupKind } from "./subvolumegroup/kind.ts";

/** The kinds that live in a Ceph cluster. docs/design/0004-kinds.md says how one is added. */
export const childKinds: readonly ChildKind<ChildObject>[] = [clientKind, blockPoolKind, filesystemKind, subvolumeGroupKind];

/** Every kind that the operator reconciles. */
export const operatorKinds: readonly OperatorKind[] = [clusterKind, ...childKinds.map(operatorKindOf)];

/** Kinds whose objects keep the CephCluster of their namespace from being deleted; those of others do as well as the operator's own. */
export const dependentKinds: readonly Kind[] = [
  ...operatorKinds.filter(({ isDependent }) => isDependent).map(({ kind }) => kind),
  ...foreignKinds.filter(({ plural }) => !operatorKinds.some(({ kind }) => kind.plural === plural)),
];

/** The schemas of all kinds, in order. */
export function loadCrds(): Promise<CrdDefinition[]> {
  return Promise.all(operatorKinds.map((kind) => kind.crd()));
}
