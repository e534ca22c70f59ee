import type { OperatorDependencies } from "../../../resource/dependencies.ts";

/** All that the reconciler of CephClusters needs. */
export type ClusterDependencies = OperatorDependencies;
