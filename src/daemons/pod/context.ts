import type { OwnerReference } from "../../kube/object.ts";
import type { NormalizedClusterSpec } from "../../schema/defaults.ts";

/** What every builder needs to know; all of it follows from the CephCluster and the world. */
export interface BuildContext {
  readonly namespace: string;
  readonly clusterName: string;
  readonly operatorNamespace: string;
  readonly owner: OwnerReference;
  readonly spec: NormalizedClusterSpec;
}

/** What daemons need besides; known once the cluster has an identity. */
export interface DaemonContext extends BuildContext {
  readonly fsid: string;
}
