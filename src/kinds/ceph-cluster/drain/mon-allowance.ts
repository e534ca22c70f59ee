import { isReady } from "../../../daemons/pod/pods.ts";
import type { Deployment, Pod } from "../../../kube/kinds.ts";

/**
 * How many mons' Pods may be unavailable, as a budget says it: of three one, of five and more two, less every mon that is out of quorum though
 * Kubernetes counts its Pod as available, or does not expect one. Those whose Pods are missing Kubernetes takes off by itself. While Ceph
 * does not say, no more than the budget in place allows.
 */
export function monAllowance(world: {
  readonly ids: readonly string[];
  /** Undefined while Ceph does not say. */
  readonly quorum: readonly string[] | undefined;
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  /** What the budget in place allows; undefined where there is none, or where it says no number. */
  readonly allowed: number | undefined;
}): number {
  const { ids, quorum, deployments, pods, allowed } = world;
  const base = ids.length >= 5 ? 2 : ids.length >= 3 ? 1 : 0;
  if (quorum === undefined) return Math.min(base, allowed ?? base);
  const uncounted = ids.filter((id) => {
    if (quorum.includes(id)) return false;
    const deployment = deployments.find(({ metadata }) => metadata.labels?.["mon"] === id);
    const isExpected = deployment !== undefined && (deployment.spec?.replicas ?? 1) > 0;
    return !isExpected || pods.some((pod) => pod.metadata.labels?.["mon"] === id && isReady(pod));
  });
  return Math.max(0, base - uncounted.length);
}
