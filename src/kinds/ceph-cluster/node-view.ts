import type { Node } from "../../kube/kinds.ts";

/**
 * What of a Node decides anything about a cluster: its place, whether it takes Pods, whether it is ready, and which start of the machine
 * this is. The rest, which kubelets write every few seconds and others now and then, wakes nobody.
 */
export function nodeView({ metadata, spec, status }: Node): unknown {
  return {
    uid: metadata.uid,
    deletionTimestamp: metadata.deletionTimestamp,
    labels: metadata.labels,
    monAddress: metadata.annotations?.["network.rook.io/mon-ip"],
    unschedulable: spec?.unschedulable === true,
    taints: spec?.taints ?? [],
    ready: status?.conditions?.find((condition) => condition.type === "Ready")?.status,
    bootID: status?.nodeInfo?.bootID,
  };
}
