import { defineKind, type KubeObject } from "../kube/object.ts";
export type CephClusterSpec = Record<string, unknown>;
export interface Condition { type: string; status: "True" | "False" | "Unknown"; reason?: string | undefined; message?: string | undefined; observedGeneration?: number | undefined; lastTransitionTime?: string | undefined }
export interface CephClusterStatus {
  phase?: string; state?: string; message?: string; observedGeneration?: number; conditions?: Condition[];
  version?: { image?: string; version?: string };
  ceph?: { health?: string; details?: Record<string, { severity?: string; message?: string }>; fsid?: string; lastChecked?: string; capacity?: { bytesTotal?: number; bytesUsed?: number; bytesAvailable?: number; lastUpdated?: string }; versions?: Record<string, unknown> };
  storage?: unknown;
}
export interface CephCluster extends KubeObject { spec: CephClusterSpec; status?: CephClusterStatus }
export const CephCluster = defineKind<CephCluster>({ apiVersion: "ceph.rook.io/v1", kind: "CephCluster", plural: "cephclusters", namespaced: true });
