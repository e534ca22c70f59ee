import type { Clock } from "../../kube/clock.ts";
import type { Node, Pod } from "../../kube/kinds.ts";
import { missingMount, missingVariable } from "./missing-parts.ts";
import { crashDelayMs, type PodBehaviour } from "./pod-behaviour.ts";
import type { Life, PodLives } from "./pod-lives.ts";
import { warn } from "./sim-events.ts";
import type { SimFaults } from "./sim-faults.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** Milliseconds after which a kubelet tries again what it could not make. */
const retryMs = 10_000;

/** Milliseconds before a mount is tried again for the nth time, as kubelets do. */
function mountDelayMs(tries: number): number {
  return Math.min(122_000, 500 * 2 ** (tries - 1));
}

/** What containers are made with. */
export interface ContainerParts {
  readonly store: TypedStore;
  readonly clock: Clock;
  /** What a Pod's containers do, where `faults` does not say otherwise. */
  readonly behaviour: PodBehaviour;
  readonly faults: Pick<SimFaults, "planOf">;
  readonly lives: PodLives;
}

/** Whether what the Pod mounts and reads is there; where not, the kubelet says so and tries again later. */
function isComplete(parts: ContainerParts, pod: Pod, life: Life): boolean {
  const { store, lives } = parts;
  const noMount = life.isMounted ? undefined : missingMount(store, pod);
  if (noMount !== undefined) {
    complain(parts, pod, { reason: "FailedMount", message: noMount });
    startLater(parts, pod, mountDelayMs(++life.failedMounts));
    return false;
  }
  life.isMounted = true;
  const noVariable = missingVariable(store, pod);
  if (noVariable === undefined) return true;
  lives.move(pod, life, { type: "waiting", reason: "CreateContainerConfigError", message: noVariable });
  startLater(parts, pod, retryMs);
  return false;
}

/** Starts a Pod's containers, or says why that is not possible yet and tries again later. */
export function startContainers(parts: ContainerParts, pod: Pod, life: Life, node: Node): void {
  const { clock, lives } = parts;
  if (!isComplete(parts, pod, life)) return;
  const plan = parts.faults.planOf(pod, node) ?? parts.behaviour(pod, node);
  switch (plan.type) {
    case "noImage":
      lives.move(pod, life, { type: "waiting", reason: "ImagePullBackOff", message: plan.message });
      startLater(parts, pod, crashDelayMs(++life.restarts));
      return;
    case "crash":
      failContainers(parts, pod, life, plan);
      return;
    case "stuck":
      complain(parts, pod, plan.warning);
      startLater(parts, pod, retryMs);
      return;
    case "unready":
      if (life.state.type !== "running") lives.move(pod, life, { type: "running", ready: false, since: clock.now() });
      complain(parts, pod, plan.warning);
      startLater(parts, pod, retryMs);
      return;
    case "end": {
      const since = clock.now();
      lives.move(pod, life, { type: "running", ready: true, since });
      lives.later(pod, plan.afterMs, (now, again) => {
        if (plan.exitCode !== 0 && now.spec?.restartPolicy !== "Never") return failContainers(parts, now, again, plan);
        again.state = { type: "ended", exitCode: plan.exitCode, message: plan.message, since };
        lives.tell(now, again);
      });
      return;
    }
    case "serve":
      lives.move(pod, life, { type: "running", ready: false, since: clock.now() });
      lives.later(pod, plan.readyAfterMs, (now, again) => {
        if (again.state.type === "running") lives.move(now, again, { ...again.state, ready: true });
      });
  }
}

/** A Pod's containers end with an error; a daemon's are started again after a while. */
export function failContainers(
  parts: ContainerParts,
  pod: Pod,
  life: Life,
  end: { exitCode: number; message: string; reason?: string },
): void {
  const { clock, lives } = parts;
  if (pod.spec?.restartPolicy === "Never") {
    lives.move(pod, life, { ...end, type: "ended", since: clock.now() });
    return;
  }
  life.restarts += 1;
  life.last = { reason: "Error", ...end, at: clock.now() };
  const delay = crashDelayMs(life.restarts);
  lives.move(pod, life, {
    type: "waiting",
    reason: "CrashLoopBackOff",
    message: `back-off ${delay / 1000}s restarting failed container`,
  });
  startLater(parts, pod, delay);
}

function startLater(parts: ContainerParts, pod: Pod, ms: number): void {
  parts.lives.later(pod, ms, (now, life, node) => startContainers(parts, now, life, node));
}

function complain({ store, clock }: ContainerParts, pod: Pod, warning: Parameters<typeof warn>[2]): void {
  warn(store, pod, warning, { component: "kubelet", now: clock.now() });
}
