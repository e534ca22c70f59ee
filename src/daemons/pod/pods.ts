import type { Deployment, Pod } from "../../kube/kinds.ts";

/** Whether the Pod is ready; a Pod that is being deleted is not. */
export function isReady(pod: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined && pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true
  );
}

/** Whether the Pod's containers have ended for good. Such Pods, as evicted ones, stay until someone removes them. */
export function hasEnded({ status }: Pod): boolean {
  return status?.phase === "Failed" || status?.phase === "Succeeded";
}

/** Since when a container of the Pod runs, in milliseconds since 1970; undefined where none does, or the Pod is being deleted. */
export function runningSince(pod: Pod): number | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  const starts = (pod.status?.containerStatuses ?? []).flatMap(({ state }) => state?.running?.startedAt ?? []);
  return starts.length === 0 ? undefined : Math.max(...starts.map((at) => Date.parse(at)));
}

/** Since when the Pod is (not) ready, in milliseconds since 1970; its creation where it says nothing. */
export function readySince(pod: Pod): number {
  const at = pod.status?.conditions?.find((c) => c.type === "Ready")?.lastTransitionTime ?? pod.metadata.creationTimestamp;
  return at === undefined || at === null ? 0 : Date.parse(at);
}

/** Whether the Deployment's newest template is what runs, and nothing else. `serves` stands in for probes that have not been asked yet. */
export function isSettled(deployment: Deployment, serves: boolean): boolean {
  const wanted = deployment.spec?.replicas ?? 1;
  const status = deployment.status;
  return (
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0) &&
    (status?.updatedReplicas ?? 0) === wanted &&
    (serves || (status?.availableReplicas ?? 0) === wanted) &&
    (status?.replicas ?? 0) === wanted
  );
}

/** `12:04:31Z`, for sentences that say since when. */
export function timeOfDay(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`;
}
