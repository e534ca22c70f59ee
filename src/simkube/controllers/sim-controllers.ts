import type { Clock } from "../../kube/clock.ts";
import { Node, Pod, PodDisruptionBudget } from "../../kube/kinds.ts";
import type { ObjectKey } from "../../kube/object.ts";
import type { Change } from "../api/change-log.ts";
import type { SimResource } from "../api/resources.ts";
import type { KubeStore } from "../api/store.ts";
import { type Agenda, createAgenda } from "./agenda.ts";
import { reconcileBudget } from "./budgets.ts";
import { establish } from "./establish.ts";
import { createKubelet } from "./kubelet.ts";
import { endNamespace, giveAccount } from "./namespaces.ts";
import { createNodePower, type NodePower } from "./node-power.ts";
import { hasPower, tellCordon } from "./nodes.ts";
import { createObjectIndex, type ObjectIndex } from "./object-index.ts";
import { controllerOf, isStaying } from "./owned.ts";
import { defaultTiming, type PodBehaviour, type PodTiming } from "./pod-behaviour.ts";
import { createPodDesk, type PodDesk } from "./pod-desk.ts";
import { createPodIndex, type PodIndex } from "./pod-index.ts";
import { createSimFaults, type SimFaults } from "./sim-faults.ts";
import { type ReplicaSet, type TypedStore, typedStore } from "./sim-kinds.ts";
import { createWorkloads, type Workloads } from "./workloads.ts";

export interface SimControllersOptions {
  readonly store: KubeStore;
  readonly clock: Clock;
  readonly behaviour: PodBehaviour;
  /** None unless set. */
  readonly faults?: SimFaults;
  readonly timing?: Partial<PodTiming>;
}

/**
 * The controllers and kubelets of a simulated cluster, driven by changes to the store and by the clock: Deployments with their
 * ReplicaSets, Jobs, scheduling, the life of Pods and nodes, disruption budgets, Namespaces, and garbage collection.
 *
 * Not simulated: more than one completion of a Job, its parallelism, resources, quotas, preemption, probes, init containers, endpoints and networks, volumes, DaemonSets, StatefulSets,
 * CronJobs, autoscaling, service accounts beyond the `default` of each namespace, and tokens; how fast real ones are.
 */
export interface SimControllers {
  /** The containers of a Pod end with an error; a daemon's are started again. */
  crash(pod: ObjectKey, message: string): void;
  stop(): void;
}

/** Controllers that work from now on. */
export function createSimControllers(options: SimControllersOptions): SimControllers {
  const { store: raw, clock, behaviour, faults = createSimFaults() } = options;
  const store = typedStore(raw);
  const timing: PodTiming = { ...defaultTiming, ...options.timing };
  const agenda = createAgenda({ store, clock, reactMs: timing.reactMs, onDone: () => raw.collectGarbage() });
  const pods = createPodIndex();
  const podsOn = (node: string) => pods.on(node);
  const sets = createObjectIndex<ReplicaSet>();
  const nodeOf = (pod: Pod) => (pod.spec?.nodeName ? store.get(Node, { name: pod.spec.nodeName }) : undefined);
  const kubelet = createKubelet({ store, clock, timing, behaviour, faults, nodeOf, isAlive: hasPower });
  const parts: Parts = {
    raw,
    store,
    clock,
    agenda,
    pods,
    sets,
    desk: createPodDesk({ store, clock, agenda, kubelet, podsOn }),
    workloads: createWorkloads({ store, clock, faults, agenda, podsOf: (uid) => pods.of(uid), setsOf: (uid) => sets.of(uid) }),
    power: createNodePower({ store, clock, timing, agenda, kubelet, podsOn }),
  };

  const unsubscribe = raw.subscribe((resource, change) => react(parts, resource, change));
  for (const resource of raw.resources())
    for (const object of raw.list(resource)) react(parts, resource, { version: 0, type: "added", object });
  return {
    crash: (key, message) => {
      const pod = store.get(Pod, key);
      if (pod !== undefined) kubelet.crash(pod, message);
    },
    stop: () => {
      unsubscribe();
      agenda.stop();
      parts.power.stop();
    },
  };
}

/** What the controllers are together; `raw` is the store that `store` is. */
interface Parts {
  readonly raw: KubeStore;
  readonly store: TypedStore;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly pods: PodIndex;
  readonly sets: ObjectIndex<ReplicaSet>;
  readonly desk: PodDesk;
  readonly workloads: Workloads;
  readonly power: NodePower;
}

/** Puts on the agenda what a change asks for. */
function react(parts: Parts, resource: SimResource, { type, object, before }: Change): void {
  const { raw, agenda, sets, workloads } = parts;
  const isThere = type !== "deleted";
  const markGarbage = (): void => agenda.mark("garbage", () => {});
  switch (resource.kind) {
    case "Pod":
      return onPod(parts, object, isThere);
    case "Node":
      return onNode(parts, object, before, isThere);
    case "ReplicaSet":
      sets.keep(controllerOf(object), object as unknown as ReplicaSet, isThere);
      if (isThere) workloads.markSet(object as unknown as ReplicaSet);
      return workloads.markOwner(object);
    case "Deployment":
      return isThere ? workloads.markDeployment(object) : markGarbage();
    case "Job":
      return isThere ? workloads.markJob(object) : markGarbage();
    case "PodDisruptionBudget":
      return isThere ? markBudgets(parts, object.metadata.namespace ?? "") : undefined;
    case "Namespace":
      return !isThere ? undefined : isStaying(object) ? giveAccount(parts, object) : endNamespace(parts, object);
    case "CustomResourceDefinition":
      return isThere ? agenda.mark(`crd ${object.metadata.name ?? ""}`, () => establish(raw, object)) : undefined;
    default:
      return isThere && isStaying(object) ? undefined : markGarbage();
  }
}

function onPod(parts: Parts, pod: Pod, isThere: boolean): void {
  parts.pods.keep(pod, isThere);
  parts.desk.see(pod, isThere);
  parts.workloads.markOwner(pod);
  markBudgets(parts, pod.metadata.namespace ?? "");
}

function onNode({ store, clock, agenda, pods, power, desk }: Parts, node: Node, before: Node | undefined, isThere: boolean): void {
  const name = node.metadata.name ?? "";
  if (!isThere) {
    // the Pod garbage collector: no kubelet is left that could end them
    for (const pod of pods.on(name)) agenda.mark(`lost ${pod.metadata.uid ?? ""}`, () => store.remove(Pod, pod, true));
  } else if (before === undefined || hasPower(before) !== hasPower(node)) power.watch(node, before !== undefined && !hasPower(before));
  if (isThere && before?.spec?.unschedulable !== node.spec?.unschedulable)
    agenda.mark(`cordon ${name}`, () => {
      const now = store.get(Node, { name });
      if (now !== undefined) tellCordon(store, now, clock.now());
    });
  desk.markPending();
}

function markBudgets({ store, agenda }: Parts, namespace: string): void {
  agenda.mark(`budgets ${namespace}`, () => {
    const pods = store.list(Pod, namespace);
    for (const budget of store.list(PodDisruptionBudget, namespace)) reconcileBudget(store, budget, pods);
  });
}
