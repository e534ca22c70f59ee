import { type CrdDefinition, column, readyColumn } from "../crd.ts";
import { clusterSpec } from "./spec.ts";
import { clusterStatus } from "./status.ts";

/** CephCluster, as its CustomResourceDefinition tells it. */
export const clusterCrd: Readonly<CrdDefinition> = {
  kind: "CephCluster",
  plural: "cephclusters",
  shortNames: ["ceph"],
  description: "A Ceph cluster.",
  columns: [
    column("DataDirHostPath", "string", ".spec.dataDirHostPath"),
    column("MonCount", "string", ".spec.mon.count"),
    column("Age", "date", ".metadata.creationTimestamp"),
    column("Phase", "string", ".status.phase"),
    column("Message", "string", ".status.message"),
    column("Health", "string", ".status.ceph.health"),
    column("External", "boolean", ".spec.external.enable"),
    column("FSID", "string", ".status.ceph.fsid"),
    // the last one is ours; those before it stand where Rook's do
    readyColumn,
  ],
  spec: clusterSpec,
  status: clusterStatus,
};
