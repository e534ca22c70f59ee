import { Pod } from "../../kube/kinds.ts";
import type { KubeReader } from "../../kube/kube.ts";

/** The labels that mons' Pods have, whoever made them. */
const monLabels = { app: "rook-ceph-mon" } as const;

/** Names of the running mon Pods of a namespace, the ready ones first, each part by name. */
export async function runningMonPods(kube: KubeReader, namespace: string): Promise<string[]> {
  const pods = await kube.list(Pod, { namespace, labels: monLabels });
  const running = pods.filter((pod) => pod.status?.phase === "Running" && pod.metadata.deletionTimestamp === undefined);
  const isReady = (pod: Pod) =>
    pod.status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;
  return running
    .map((pod) => ({ name: pod.metadata.name ?? "", rank: isReady(pod) ? 0 : 1 }))
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name))
    .map(({ name }) => name);
}
