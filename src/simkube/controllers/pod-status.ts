import type { Pod } from "../../kube/kinds.ts";
import { timestamp } from "../api/sim-object.ts";

/** What a kubelet says of a Pod's containers, all of them alike. */
export type ContainerState =
  | { readonly type: "creating" }
  | { readonly type: "running"; readonly ready: boolean; readonly since: number }
  | { readonly type: "ended"; readonly exitCode: number; readonly message: string; readonly reason?: string; readonly since: number }
  | { readonly type: "waiting"; readonly reason: string; readonly message: string };

/** How the containers ended the last time. */
export interface LastEnd {
  readonly exitCode: number;
  readonly message: string;
  readonly reason: string;
  readonly at: number;
}

type Conditions = NonNullable<NonNullable<Pod["status"]>["conditions"]>;

/** The status of a Pod on a node. Times at which conditions changed are kept where they have not. */
export function podStatus(
  pod: Pod,
  state: ContainerState,
  at: {
    readonly now: number;
    readonly podIp: string;
    readonly hostIp: string;
    readonly restarts: number;
    readonly last?: LastEnd | undefined;
  },
): object {
  const ready = state.type === "running" && state.ready;
  const ended = state.type === "ended";
  const said: readonly (readonly [type: string, isSo: boolean, reason?: string])[] = [
    ["PodScheduled", true],
    ["Initialized", true],
    ["ContainersReady", ready, ended ? "PodCompleted" : "ContainersNotReady"],
    ["Ready", ready, ended ? "PodCompleted" : "ContainersNotReady"],
  ];
  return {
    phase: ended ? (state.exitCode === 0 ? "Succeeded" : "Failed") : state.type === "running" || at.restarts > 0 ? "Running" : "Pending",
    hostIP: at.hostIp,
    ...(state.type === "creating" ? {} : { podIP: at.podIp, podIPs: [{ ip: at.podIp }] }),
    startTime: pod.status?.startTime ?? timestamp(at.now),
    conditions: said.map(([type, isSo, reason]) => condition(pod.status?.conditions ?? [], type, isSo, isSo ? undefined : reason, at.now)),
    containerStatuses: (pod.spec?.containers ?? []).map(({ name, image }) => ({
      name,
      image,
      imageID: "",
      ready,
      started: state.type === "running",
      restartCount: at.restarts,
      state: wire(state),
      ...(at.last === undefined
        ? {}
        : {
            lastState: {
              terminated: {
                exitCode: at.last.exitCode,
                message: at.last.message,
                reason: at.last.reason,
                finishedAt: timestamp(at.last.at),
              },
            },
          }),
    })),
  };
}

/** A condition, with the time of its last change. */
export function condition(before: Conditions, type: string, isSo: boolean, reason: string | undefined, now: number): Conditions[number] {
  const status = isSo ? "True" : "False";
  const known = before.find((c) => c.type === type);
  return {
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
    lastTransitionTime: known?.status === status && known.lastTransitionTime ? known.lastTransitionTime : timestamp(now),
  };
}

function wire(state: ContainerState): object {
  switch (state.type) {
    case "creating":
      return { waiting: { reason: "ContainerCreating" } };
    case "running":
      return { running: { startedAt: timestamp(state.since) } };
    case "ended":
      return {
        terminated: {
          exitCode: state.exitCode,
          message: state.message,
          reason: state.reason ?? (state.exitCode === 0 ? "Completed" : "Error"),
          startedAt: timestamp(state.since),
          finishedAt: timestamp(state.since),
        },
      };
    case "waiting":
      return { waiting: { reason: state.reason, message: state.message } };
  }
}
