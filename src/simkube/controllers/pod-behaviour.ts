import type { Node, Pod } from "../../kube/kinds.ts";

/** What a Pod's containers do once they are started. */
export type PodPlan =
  /** They run, and are ready after so many milliseconds; Infinity: never. */
  | { readonly type: "serve"; readonly readyAfterMs: number }
  /** They end by themselves after so many milliseconds. */
  | { readonly type: "end"; readonly afterMs: number; readonly exitCode: number; readonly message: string }
  /** They end at once with an error, and are started again with growing delays. `reason` is Error unless set, such as OOMKilled. */
  | { readonly type: "crash"; readonly exitCode: number; readonly message: string; readonly reason?: string }
  /** They cannot be made, as the warning says; it is tried again every 10 s. */
  | { readonly type: "stuck"; readonly warning: { readonly reason: string; readonly message: string } }
  /** They run and are not ready, as the warning says, until they are looked at anew every 10 s. */
  | { readonly type: "unready"; readonly warning: { readonly reason: string; readonly message: string } }
  /** Their image cannot be had. */
  | { readonly type: "noImage"; readonly message: string };

/** Says what a Pod does when its containers start. Is asked at that moment, and may act then: a Job's work is done here. */
export type PodBehaviour = (pod: Pod, node: Node) => PodPlan;

/** How long things take, in milliseconds. */
export interface PodTiming {
  /** From a change to what a controller makes of it. */
  readonly reactMs: number;
  /** From being scheduled to running containers. */
  readonly startMs: number;
  /** From running to ready, where nothing else is said. */
  readonly readyMs: number;
  /** From the wish to the end of a Pod. */
  readonly stopMs: number;
  /** From the loss of a node to its being told. */
  readonly nodeGraceMs: number;
  /** From a node's loss being told to the eviction of its Pods. */
  readonly evictionMs: number;
}

/** A quick cluster: what takes seconds elsewhere takes as many here, and a lost node is told after 40 s, as Kubernetes does. */
export const defaultTiming: Readonly<PodTiming> = {
  reactMs: 5,
  startMs: 500,
  readyMs: 500,
  stopMs: 300,
  nodeGraceMs: 40_000,
  evictionMs: 300_000,
};

/** Milliseconds before a crashed container is started for the nth time again, as kubelets do. */
export function crashDelayMs(restarts: number): number {
  return Math.min(300_000, 10_000 * 2 ** Math.max(0, restarts - 1));
}
