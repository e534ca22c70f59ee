import type { Event, Pod } from "../kube/kinds.ts";
import type { Change } from "../simkube/api/change-log.ts";
import type { SimResource } from "../simkube/api/resources.ts";
import { fieldsOf } from "../simkube/api/sim-object.ts";
import type { KubeStore } from "../simkube/api/store.ts";

/** Something that happened, for a person who watches. */
export interface Happening {
  readonly about: "cluster" | "user" | "pod" | "node" | "event" | "warning";
  readonly text: string;
}

/** How many daemons of a type there are, and how many of them are ready. */
export interface DaemonCount {
  readonly type: string;
  readonly ready: number;
  readonly all: number;
}

/** Tells what happens in a store, as it happens. */
export interface Narrator {
  daemons(): readonly DaemonCount[];
  stop(): void;
}

/** Clusters with more Pods than this are told in numbers, since nobody reads a thousand lines. */
const mostPods = 80;
const types: readonly string[] = ["mon", "mgr", "osd"];

/** A narrator that tells from now on. */
export function createNarrator(store: KubeStore, tell: (happening: Happening) => void): Narrator {
  const tally = createTally();
  let pods = 0;

  const onPod = (pod: Pod, before: Pod | undefined, type: Change["type"]): void => {
    tally.count(pod, type !== "deleted");
    if (type === "added") pods += 1;
    if (type === "deleted") pods -= 1;
    if (pods > mostPods) return;
    const name = pod.metadata.name ?? "";
    if (type === "deleted") return tell({ about: "pod", text: `${name} is gone` });
    const now = stateOf(pod);
    if (now !== (before === undefined ? undefined : stateOf(before)) && now !== undefined)
      tell({ about: "pod", text: `${name} ${now}${pod.spec?.nodeName && now === "starts" ? ` on ${pod.spec.nodeName}` : ""}` });
  };
  const onCluster = (change: Change): void => {
    const message = fieldsOf(change.object["status"])["message"];
    if (typeof message !== "string" || message === fieldsOf(change.before?.["status"])["message"]) return;
    tell({ about: "cluster", text: `${String(fieldsOf(change.object["status"])["phase"])}: ${message}` });
  };
  const onNode = ({ object, before, type }: Change): void => {
    const name = object.metadata.name ?? "";
    if (type === "deleted") return tell({ about: "node", text: `${name} is gone` });
    if (before === undefined) return;
    for (const key of Object.keys({ ...before.metadata.annotations, ...object.metadata.annotations })) {
      const [was, is] = [before.metadata.annotations?.[key], object.metadata.annotations?.[key]];
      if (key.startsWith("sim.jackdaw.dev/") && was !== is)
        tell({ about: "node", text: `${name} ${key.slice("sim.jackdaw.dev/".length)}: ${is ?? "none"}` });
    }
    if (readyOf(before) !== readyOf(object)) tell({ about: "node", text: `${name} conditions: ${readyOf(object) ?? ""}` });
  };
  const react = (resource: SimResource, change: Change): void => {
    switch (resource.kind) {
      case "Pod":
        return onPod(change.object, change.before, change.type);
      case "CephCluster":
        return onCluster(change);
      case "Node":
        return onNode(change);
      case "Event": {
        const event: Event = change.object as unknown as Event;
        if (change.type === "added")
          tell({ about: event.type === "Warning" ? "warning" : "event", text: `${event.reason ?? ""}: ${event.message ?? ""}` });
        return;
      }
      default:
    }
  };
  const unsubscribe = store.subscribe(react);
  return {
    daemons: () => tally.daemons(),
    stop: unsubscribe,
  };
}

/** Counts daemons by their Pods. */
function createTally(): { count(pod: Pod, isThere: boolean): void; daemons(): readonly DaemonCount[] } {
  const ready = new Map<string, Set<string>>(types.map((type) => [type, new Set()]));
  const all = new Map<string, Set<string>>(types.map((type) => [type, new Set()]));
  return {
    count: (pod, isThere) => {
      const daemon = types.find((name) => pod.metadata.labels?.["app"] === `rook-ceph-${name}`);
      if (daemon === undefined) return;
      const uid = pod.metadata.uid ?? "";
      if (isThere) all.get(daemon)?.add(uid);
      else all.get(daemon)?.delete(uid);
      if (isThere && stateOf(pod) === "ready") ready.get(daemon)?.add(uid);
      else ready.get(daemon)?.delete(uid);
    },
    daemons: () => types.map((type) => ({ type, ready: ready.get(type)?.size ?? 0, all: all.get(type)?.size ?? 0 })),
  };
}

/** A node's conditions, for comparison and for people. */
function readyOf(node: unknown): string | undefined {
  const conditions = fieldsOf(fieldsOf(node)["status"])["conditions"] as { type: string; status: string }[] | undefined;
  return JSON.stringify(conditions?.map((c) => [c.type, c.status]));
}

/** How far a Pod is, in a word; undefined where that is not worth telling. */
function stateOf(pod: Pod): string | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return "is ending";
  if (pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true) {
    return pod.metadata.labels?.["job-name"] === undefined ? "ready" : "works";
  }
  const state = pod.status?.containerStatuses?.[0]?.state;
  if (state?.terminated !== undefined) return state.terminated.exitCode === 0 ? "has done its work" : "has failed";
  if (state?.waiting?.reason !== undefined && state.waiting.reason !== "ContainerCreating") return `is in ${state.waiting.reason}`;
  if (pod.status?.conditions?.some((c) => c.type === "PodScheduled" && c.status === "False") === true) return "cannot be scheduled";
  return pod.spec?.nodeName ? "starts" : undefined;
}
