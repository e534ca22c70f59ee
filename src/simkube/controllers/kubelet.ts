import type { Clock } from "../../kube/clock.ts";
import { type Node, type Pod, Pod as PodKind } from "../../kube/kinds.ts";
import { missingMount, missingVariable } from "./missing-parts.ts";
import { isStaying } from "./owned.ts";
import { crashDelayMs, type PodBehaviour, type PodTiming } from "./pod-behaviour.ts";
import { type ContainerState, type LastEnd, podStatus } from "./pod-status.ts";
import { warn } from "./sim-events.ts";
import type { SimFaults } from "./sim-faults.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** The kubelets of all nodes: what becomes of Pods that have a node. */
export interface Kubelet {
  /** Looks at a Pod that is new, has changed, or whose node has come back. */
  see(pod: Pod): void;
  /** The Pod's node has lost its power and has it again: its containers start anew. */
  boot(pod: Pod): void;
  /** The Pod's object is gone. */
  forget(uid: string): void;
  /** The Pod's containers end as they would by themselves, with an error; a daemon is started again. */
  crash(pod: Pod, message: string): void;
}

/** Milliseconds after which a kubelet tries again what it could not make. */
const retryMs = 10_000;

/** Milliseconds before a mount is tried again for the nth time, as kubelets do. */
function mountDelayMs(tries: number): number {
  return Math.min(122_000, 500 * 2 ** (tries - 1));
}

interface Life {
  state: ContainerState;
  /** Whether its volumes are mounted, and how often that has failed. */
  isMounted: boolean;
  failedMounts: number;
  restarts: number;
  last?: LastEnd;
  readonly podIp: string;
  cancel: () => void;
}

/** Kubelets that ask `behaviour` what Pods do. A node whose kubelet is lost (`isAlive` false) does nothing until it is back. */
export function createKubelet(options: {
  readonly store: TypedStore;
  readonly clock: Clock;
  readonly timing: PodTiming;
  readonly behaviour: PodBehaviour;
  readonly faults: Pick<SimFaults, "planOf">;
  readonly nodeOf: (pod: Pod) => Node | undefined;
  readonly isAlive: (node: Node) => boolean;
}): Kubelet {
  const { store, clock, timing, behaviour, faults, nodeOf, isAlive } = options;
  const lives = new Map<string, Life>();
  const stopping = new Set<string>();
  let addresses = 0;

  const uidOf = (pod: Pod) => pod.metadata.uid ?? "";
  const current = (pod: Pod): Pod | undefined => {
    const found = store.get(PodKind, { namespace: pod.metadata.namespace ?? "", name: pod.metadata.name ?? "" });
    return found?.metadata.uid === pod.metadata.uid ? found : undefined;
  };
  const tell = (pod: Pod, life: Life): void => {
    const node = nodeOf(pod);
    const hostIp = node?.status?.addresses?.find((a) => a.type === "InternalIP")?.address ?? "";
    store.setStatus(PodKind, pod, podStatus(pod, life.state, { ...life, now: clock.now(), hostIp }));
  };
  /** Does something to a Pod later, if it and its node are still there then. */
  const later = (pod: Pod, ms: number, act: (pod: Pod, life: Life, node: Node) => void): void => {
    const life = lives.get(uidOf(pod));
    if (life === undefined) return;
    life.cancel();
    if (ms === Number.POSITIVE_INFINITY) return;
    life.cancel = clock.after(ms, () => {
      const now = current(pod);
      const node = now && nodeOf(now);
      if (now === undefined || node === undefined || !isAlive(node)) return;
      act(now, life, node);
    });
  };
  const move = (pod: Pod, life: Life, state: ContainerState): void => {
    life.state = state;
    tell(pod, life);
  };

  /** Whether what the Pod mounts and reads is there; where not, that is told and tried again. */
  const isComplete = (pod: Pod, life: Life): boolean => {
    const noMount = life.isMounted ? undefined : missingMount(store, pod);
    if (noMount !== undefined) {
      warn(store, pod, { reason: "FailedMount", message: noMount }, { component: "kubelet", now: clock.now() });
      later(pod, mountDelayMs(++life.failedMounts), start);
      return false;
    }
    life.isMounted = true;
    const noVariable = missingVariable(store, pod);
    if (noVariable === undefined) return true;
    move(pod, life, { type: "waiting", reason: "CreateContainerConfigError", message: noVariable });
    later(pod, retryMs, start);
    return false;
  };
  const start = (pod: Pod, life: Life, node: Node): void => {
    if (!isComplete(pod, life)) return;
    const plan = faults.planOf(pod, node) ?? behaviour(pod, node);
    switch (plan.type) {
      case "noImage":
        move(pod, life, { type: "waiting", reason: "ImagePullBackOff", message: plan.message });
        later(pod, crashDelayMs(++life.restarts), start);
        return;
      case "crash":
        stumble(pod, life, plan);
        return;
      case "stuck":
        warn(store, pod, plan.warning, { component: "kubelet", now: clock.now() });
        later(pod, retryMs, start);
        return;
      case "unready":
        if (life.state.type !== "running") move(pod, life, { type: "running", ready: false, since: clock.now() });
        warn(store, pod, plan.warning, { component: "kubelet", now: clock.now() });
        later(pod, retryMs, start);
        return;
      case "end": {
        const since = clock.now();
        move(pod, life, { type: "running", ready: true, since });
        later(pod, plan.afterMs, (now, again) => {
          if (plan.exitCode !== 0 && now.spec?.restartPolicy !== "Never") return stumble(now, again, plan);
          again.state = { type: "ended", exitCode: plan.exitCode, message: plan.message, since };
          tell(now, again);
        });
        return;
      }
      case "serve":
        move(pod, life, { type: "running", ready: false, since: clock.now() });
        later(pod, plan.readyAfterMs, (now, again) => {
          if (again.state.type === "running") move(now, again, { ...again.state, ready: true });
        });
    }
  };
  const stumble = (pod: Pod, life: Life, end: { exitCode: number; message: string; reason?: string }): void => {
    if (pod.spec?.restartPolicy === "Never") {
      move(pod, life, { ...end, type: "ended", since: clock.now() });
      return;
    }
    life.restarts += 1;
    life.last = { reason: "Error", ...end, at: clock.now() };
    const delay = crashDelayMs(life.restarts);
    move(pod, life, {
      type: "waiting",
      reason: "CrashLoopBackOff",
      message: `back-off ${delay / 1000}s restarting failed container`,
    });
    later(pod, delay, start);
  };

  return {
    see(pod) {
      const node = nodeOf(pod);
      if (node === undefined || !isAlive(node)) return;
      const known = lives.get(uidOf(pod));
      if (!isStaying(pod)) {
        const life = known ?? adopt(pod);
        if (life.state.type === "ended") store.remove(PodKind, pod, true);
        else if (!stopping.has(uidOf(pod))) {
          stopping.add(uidOf(pod));
          life.cancel();
          life.cancel = clock.after(timing.stopMs, () => {
            stopping.delete(uidOf(pod));
            const now = current(pod);
            const there = now && nodeOf(now);
            if (now !== undefined && there !== undefined && isAlive(there)) store.remove(PodKind, now, true);
          });
        }
        return;
      }
      if (known !== undefined) return;
      const life = adopt(pod);
      if (life.state.type !== "creating") {
        life.isMounted = true;
        return;
      }
      tell(pod, life);
      later(pod, timing.startMs, start);
    },
    boot(pod) {
      const life = lives.get(uidOf(pod));
      if (life === undefined || life.state.type === "ended" || !isStaying(pod)) return this.see(pod);
      life.restarts += 1;
      life.last = { exitCode: 255, reason: "Unknown", message: "", at: clock.now() };
      life.isMounted = false;
      move(pod, life, { type: "creating" });
      later(pod, timing.startMs, start);
    },
    forget(uid) {
      lives.get(uid)?.cancel();
      lives.delete(uid);
      stopping.delete(uid);
    },
    crash(pod, message) {
      const life = lives.get(uidOf(pod));
      if (life !== undefined && life.state.type === "running") stumble(pod, life, { exitCode: 1, message });
    },
  };

  function adopt(pod: Pod): Life {
    addresses += 1;
    const life: Life = {
      state: stateOf(pod) ?? { type: "creating" },
      isMounted: false,
      failedMounts: 0,
      restarts: pod.status?.containerStatuses?.[0]?.restartCount ?? 0,
      podIp: pod.status?.podIP ?? `10.244.${Math.floor(addresses / 250) % 250}.${(addresses % 250) + 1}`,
      cancel: () => {},
    };
    lives.set(uidOf(pod), life);
    return life;
  }
}

/** What a Pod that an earlier kubelet ran has come to; undefined where it was on its way to something. */
function stateOf(pod: Pod): ContainerState | undefined {
  const [container] = pod.status?.containerStatuses ?? [];
  const { running, terminated } = container?.state ?? {};
  if (running?.startedAt !== undefined && container?.ready === true)
    return { type: "running", ready: true, since: Date.parse(running.startedAt) };
  if (terminated?.finishedAt === undefined) return undefined;
  return { type: "ended", exitCode: terminated.exitCode, message: terminated.message ?? "", since: Date.parse(terminated.finishedAt) };
}
