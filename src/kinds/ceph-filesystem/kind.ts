import { Deployment, Pod, PodDisruptionBudget, Secret } from "../../kube/kinds.ts";
import { poolFieldTable } from "../../pools/pool-fields.ts";
import type { PoolSpec } from "../../pools/pool-spec.ts";
import type { ChildKind } from "../../resource/child-kind.ts";
import { type FieldTable, fieldsWithoutEffect } from "../../schema/unsupported.ts";
import { CephFilesystem } from "./ceph-filesystem.ts";
import { mdsType } from "./daemon-type.ts";
import { filesystemProblems } from "./problems.ts";
import { filesystemReasons } from "./reasons.ts";
import { reconcileFilesystem } from "./reconcile.ts";
import { filesystemDependents, removeFilesystemOf } from "./remove.ts";

const ofCluster = ["rook_cluster"] as const;

/** CephFilesystem: a CephFS with its pools and its MDSs. */
export const filesystemKind: Readonly<ChildKind<CephFilesystem>> = {
  kind: CephFilesystem,
  about:
    'A CephFS: its pools `<name>-metadata`, `<name>-data0` …, its MDSs (Deployments `rook-ceph-mds-<name>-a` …, as many as `activeCount`, twice as many with `activeStandby`), and the group `csi`. Deleting it takes all of that out of Ceph, unless the `preserve…OnDelete` fields keep some, or it names no `dataPools` and so took over what was there; it waits while there are CephFilesystemSubVolumeGroups in it, or subvolumes, unless it has the annotation `rook.io/force-deletion: "true"`.',
  crd: async () => (await import("./schema.ts")).filesystemCrd,
  reasons: filesystemReasons,
  isDependent: true,
  daemonTypes: [mdsType],
  reads: [{ kind: Deployment, labelKeys: ofCluster }, { kind: Pod, labelKeys: ofCluster }, { kind: Secret }, { kind: PodDisruptionBudget }],
  problems: filesystemProblems,
  withoutEffect,
  reconcile: reconcileFilesystem,
  dependents: filesystemDependents,
  remove: removeFilesystemOf,
};

const acting = ["metadataServer", "preservePoolNames", "preserveFilesystemOnDelete", "preservePoolsOnDelete"] as const;

function withoutEffect({ spec }: CephFilesystem): string[] {
  const { mirroring, metadataPool, dataPools } = spec;
  const tables = [tableOf(metadataPool ?? {}, "metadataPool."), ...(dataPools ?? []).map((pool) => tableOf(pool, "dataPools[]."))];
  return fieldsWithoutEffect(spec, {
    // what is switched off asks for nothing, whatever is said of how
    acting: [...acting, ...(mirroring?.enabled === true ? [] : ["mirroring", "statusCheck"]), ...tables.flatMap((table) => table.acting)],
    whole: ["mirroring", "statusCheck", ...tables.flatMap((table) => table.whole)],
    usual: new Map(tables.flatMap((table) => [...table.usual])),
  });
}

/** Of one pool: its name is ours, and it is for CephFS whatever it says. */
function tableOf(pool: PoolSpec, prefix: string): Required<FieldTable> {
  const table = poolFieldTable(pool, prefix);
  return {
    ...table,
    acting: [...table.acting.filter((field) => field !== `${prefix}application`), `${prefix}name`],
    usual: new Map([...table.usual, [`${prefix}application`, "cephfs"]]),
  };
}
