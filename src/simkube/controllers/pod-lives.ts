import type { Clock } from "../../kube/clock.ts";
import { type Node, type Pod, Pod as PodKind } from "../../kube/kinds.ts";
import { type ContainerState, type LastEnd, podStatus } from "./pod-status.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** What a kubelet knows of a Pod on its node. */
export interface Life {
  state: ContainerState;
  /** Whether its volumes are mounted, and how often that has failed. */
  isMounted: boolean;
  failedMounts: number;
  restarts: number;
  last?: LastEnd;
  readonly podIp: string;
  cancel: () => void;
}

/** The lives of all Pods that have a node, each with one timer at most. */
export interface PodLives {
  of(pod: Pod): Life | undefined;
  /** Begins a Pod's life, as far as its status says. */
  adopt(pod: Pod): Life;
  forget(uid: string): void;
  /** The Pod as it is now and its node, if both are still there and the node has its kubelet. */
  there(pod: Pod): { readonly pod: Pod; readonly node: Node } | undefined;
  /** Writes the life into the Pod's status. */
  tell(pod: Pod, life: Life): void;
  /** Changes the state, and tells it. */
  move(pod: Pod, life: Life, state: ContainerState): void;
  /** Does something to a Pod later, if it and its node are still there then; instead of what was to be done before. */
  later(pod: Pod, ms: number, act: (pod: Pod, life: Life, node: Node) => void): void;
}

/** No lives yet. */
export function createPodLives(options: {
  readonly store: TypedStore;
  readonly clock: Clock;
  readonly nodeOf: (pod: Pod) => Node | undefined;
  readonly isAlive: (node: Node) => boolean;
}): PodLives {
  const { store, clock, nodeOf, isAlive } = options;
  const lives = new Map<string, Life>();
  let addresses = 0;

  const uidOf = (pod: Pod) => pod.metadata.uid ?? "";
  const there: PodLives["there"] = (pod) => {
    const now = store.get(PodKind, { namespace: pod.metadata.namespace ?? "", name: pod.metadata.name ?? "" });
    if (now === undefined || now.metadata.uid !== pod.metadata.uid) return undefined;
    const node = nodeOf(now);
    return node === undefined || !isAlive(node) ? undefined : { pod: now, node };
  };
  const tell = (pod: Pod, life: Life): void => {
    const node = nodeOf(pod);
    const hostIp = node?.status?.addresses?.find((a) => a.type === "InternalIP")?.address ?? "";
    store.setStatus(PodKind, pod, podStatus(pod, life.state, { ...life, now: clock.now(), hostIp }));
  };

  return {
    of: (pod) => lives.get(uidOf(pod)),
    adopt: (pod) => {
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
    },
    forget: (uid) => {
      lives.get(uid)?.cancel();
      lives.delete(uid);
    },
    there,
    tell,
    move: (pod, life, state) => {
      life.state = state;
      tell(pod, life);
    },
    later: (pod, ms, act) => {
      const life = lives.get(uidOf(pod));
      if (life === undefined) return;
      life.cancel();
      if (ms === Number.POSITIVE_INFINITY) return;
      life.cancel = clock.after(ms, () => {
        const found = there(pod);
        if (found !== undefined) act(found.pod, life, found.node);
      });
    },
  };
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
