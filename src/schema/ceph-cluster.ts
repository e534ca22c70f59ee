// No zod at run time here: the operator needs the types only, and zod costs memory.
import type { z } from "zod";
import { defineKind, type KubeObject } from "../kube/object.ts";
import type { clusterSpec } from "./ceph-cluster/spec.ts";
import type { clusterStatus } from "./ceph-cluster/status.ts";

/** The spec as it is read: every field may be absent, and some may be null. */
export type CephClusterSpec = z.input<typeof clusterSpec>;
export type CephClusterStatus = z.infer<typeof clusterStatus>;

/** A Ceph cluster. */
export interface CephCluster extends KubeObject {
  spec: CephClusterSpec;
  status?: CephClusterStatus;
}

export const CephCluster = defineKind<CephCluster>({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephCluster",
  plural: "cephclusters",
  namespaced: true,
});
