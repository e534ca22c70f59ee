import { type Node, Node as NodeKind, type Pod, Pod as PodKind } from "../../kube/kinds.ts";
import { timestamp } from "../api/sim-object.ts";
import { isStaying } from "./owned.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** A node with this annotation `off` has lost its power: its kubelet and all that ran on it are gone until it is taken away. */
export const powerAnnotation = "sim.jackdaw.dev/power";

/** Which disks a node has; see `parseDisks`. */
export const disksAnnotation = "sim.jackdaw.dev/disks";

const unreachable = "node.kubernetes.io/unreachable";
const unschedulable = "node.kubernetes.io/unschedulable";

export function hasPower(node: Node): boolean {
  return node.metadata.annotations?.[powerAnnotation] !== "off";
}

/** A node as a kubelet registers it. */
export function newNode(name: string, options: { readonly address: string; readonly zone?: string; readonly disks: string }): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        ...(options.zone === undefined ? {} : { "topology.kubernetes.io/zone": options.zone }),
      },
      annotations: { [disksAnnotation]: options.disks },
    },
    spec: {},
  };
}

/** The status of a node whose kubelet runs. */
export function runningNodeStatus(address: string, now: number): object {
  return {
    addresses: [{ type: "InternalIP", address }],
    capacity: { cpu: "8", memory: "32Gi", pods: "110" },
    allocatable: { cpu: "8", memory: "32Gi", pods: "110" },
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "KubeletReady",
        message: "the simulated kubelet is ready",
        lastTransitionTime: timestamp(now),
      },
    ],
    nodeInfo: {
      bootID: `${address}/1`,
      kubeletVersion: "v1.34.4",
      osImage: "simulated",
      kernelVersion: "simulated",
      containerRuntimeVersion: "simulated://1",
      architecture: "amd64",
      operatingSystem: "linux",
    },
  };
}

/** The node life-cycle controller: a node's loss is told in its condition, by a taint, and on its Pods. */
export function tellLoss(store: TypedStore, node: Node, pods: readonly Pod[], now: number): void {
  setReady(store, node, "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.", now);
  store.change(NodeKind, node, (n) => ({
    ...n,
    spec: {
      ...n.spec,
      taints: [
        ...(n.spec?.taints ?? []).filter((t) => t.key !== unreachable),
        { key: unreachable, effect: "NoSchedule" },
        { key: unreachable, effect: "NoExecute" },
      ],
    },
  }));
  for (const pod of pods) {
    const conditions = pod.status?.conditions ?? [];
    if (!conditions.some((c) => c.type === "Ready" && c.status === "True")) continue;
    store.setStatus(PodKind, pod, {
      ...pod.status,
      conditions: conditions.map((c) =>
        c.type === "Ready" ? { ...c, status: "False", reason: "NodeNotReady", lastTransitionTime: timestamp(now) } : c,
      ),
    });
  }
}

/** The node life-cycle controller: a cordon shows as a taint too, with the time at which it was put on. */
export function tellCordon(store: TypedStore, node: Node, now: number): void {
  const taints = node.spec?.taints ?? [];
  const isTold = taints.some((t) => t.key === unschedulable);
  if (isTold === (node.spec?.unschedulable === true)) return;
  store.change(NodeKind, node, (n) => ({
    ...n,
    spec: {
      ...n.spec,
      taints: isTold
        ? taints.filter((t) => t.key !== unschedulable)
        : [...taints, { key: unschedulable, effect: "NoSchedule", timeAdded: timestamp(now) }],
    },
  }));
}

/** The node has started anew, and says so. */
export function tellBoot(store: TypedStore, node: Node): void {
  const [machine = "", boots = "1"] = (node.status?.nodeInfo?.bootID ?? "").split("/");
  store.setStatus(NodeKind, node, {
    ...node.status,
    nodeInfo: { ...node.status?.nodeInfo, bootID: `${machine}/${Number(boots) + 1}` },
  });
}

/** The node is back. */
export function tellReturn(store: TypedStore, node: Node, now: number): void {
  setReady(store, node, "True", "KubeletReady", "the simulated kubelet is ready", now);
  if ((node.spec?.taints ?? []).some((t) => t.key === unreachable))
    store.change(NodeKind, node, (n) => ({
      ...n,
      spec: { ...n.spec, taints: (n.spec?.taints ?? []).filter((t) => t.key !== unreachable) },
    }));
}

/** Evicts the Pods of a lost node that do not tolerate it for longer. Nobody on the node can end them: they stay in their grace period. */
export function evict(store: TypedStore, pods: readonly Pod[]): void {
  for (const pod of pods) {
    const tolerates = (pod.spec?.tolerations ?? []).some(
      (t) => (t.key === undefined || t.key === unreachable) && t.tolerationSeconds === undefined,
    );
    if (isStaying(pod) && !tolerates) store.remove(PodKind, pod);
  }
}

function setReady(store: TypedStore, node: Node, status: string, reason: string, message: string, now: number): void {
  const conditions = node.status?.conditions ?? [];
  if (conditions.some((c) => c.type === "Ready" && c.status === status)) return;
  store.setStatus(NodeKind, node, {
    ...node.status,
    conditions: [
      ...conditions.filter((c) => c.type !== "Ready"),
      { type: "Ready", status, reason, message, lastTransitionTime: timestamp(now) },
    ],
  });
}
