import { isDeepStrictEqual } from "node:util";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import { isKubeError } from "../../kube/kube-error.ts";
import { setCondition } from "../../runtime/conditions.ts";
import type { ClusterDependencies } from "./dependencies.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";

/**
 * Says, once, that a CephCluster is left alone because somebody wants that: nobody looks whether it is Ready, so nobody knows. What else its
 * status has stays as it was found last.
 */
export async function tellSkipped({ kube, clock, events }: ClusterDependencies, cluster: CephCluster): Promise<void> {
  const { namespace = "", name = "", uid, generation = 0, deletionTimestamp } = cluster.metadata;
  const waits = deletionTimestamp === undefined ? "" : "; it is deleted after that";
  const message = `The label ${doNotReconcileLabel} is set: nothing is done until it is removed${waits}`;
  const old = cluster.status?.conditions ?? [];
  const said = { reason: "ReconcileSkipped", message, observedGeneration: generation };
  const now = clock.now();
  const conditions = setCondition(
    setCondition(old, { type: "Progressing", status: "False", ...said }, now),
    { type: "Ready", status: "Unknown", ...said },
    now,
  );
  if (isDeepStrictEqual(old, conditions) && cluster.status?.message === message) return;
  try {
    await kube.mergePatch(
      CephCluster,
      { namespace, name },
      { metadata: { uid }, status: { message, conditions, observedGeneration: generation } },
      { subresource: "status" },
    );
  } catch (error) {
    if (isKubeError(error, "notFound", "conflict", "invalid")) return;
    throw error;
  }
  events.record(cluster, { type: "Normal", reason: "ReconcileSkipped", message });
}
