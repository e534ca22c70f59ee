import type { Clock } from "../../kube/clock.ts";
import { Deployment, Job, Namespace, Node, Pod, PodDisruptionBudget } from "../../kube/kinds.ts";
import type { KubeObject, ObjectKey } from "../../kube/object.ts";
import type { Change } from "../api/change-log.ts";
import type { SimResource } from "../api/resources.ts";
import type { SimObject } from "../api/sim-object.ts";
import type { KubeStore } from "../api/store.ts";
import { reconcileBudget } from "./budgets.ts";
import { reconcileJob } from "./jobs.ts";
import { createKubelet } from "./kubelet.ts";
import { podMaker } from "./make-pod.ts";
import { evict, hasPower, tellBoot, tellCordon, tellLoss, tellReturn } from "./nodes.ts";
import { controllerOf, isStaying, keyOf } from "./owned.ts";
import { defaultTiming, type PodBehaviour, type PodTiming } from "./pod-behaviour.ts";
import { condition } from "./pod-status.ts";
import { createTemplateHash, reconcileDeployment, reconcileReplicaSet } from "./replicas.ts";
import { schedule } from "./scheduling.ts";
import { createSimFaults, type SimFaults } from "./sim-faults.ts";
import { ReplicaSet, ServiceAccount, typedStore } from "./sim-kinds.ts";

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
  const { clock, behaviour, faults = createSimFaults() } = options;
  const store = typedStore(options.store);
  const timing: PodTiming = { ...defaultTiming, ...options.timing };
  /** Objects to look at, by kind and key, in the order in which they changed. */
  const dirty = new Map<string, () => void>();
  const podsByOwner = new Map<string, Map<string, Pod>>();
  const podsByNode = new Map<string, Map<string, Pod>>();
  const setsByOwner = new Map<string, Map<string, ReplicaSet>>();
  const pending = new Map<string, Pod>();
  const refusals = new Map<string, { readonly times: number; readonly cancel: () => void }>();
  const lossTimers = new Map<string, () => void>();
  let cancelDrain: (() => void) | undefined;

  const hashOf = createTemplateHash();
  const podsOf = (uid: string): Pod[] => [...(podsByOwner.get(uid)?.values() ?? [])];
  const podsOn = (node: string): Pod[] => [...(podsByNode.get(node)?.values() ?? [])];
  const nodeOf = (pod: Pod) => (pod.spec?.nodeName ? store.get(Node, { name: pod.spec.nodeName }) : undefined);
  const kubelet = createKubelet({ store, clock, timing, behaviour, faults, nodeOf, isAlive: hasPower });

  const mark = (id: string, work: () => void): void => {
    dirty.set(id, work);
    cancelDrain ??= clock.after(timing.reactMs, drain);
  };
  const drain = (): void => {
    cancelDrain = undefined;
    // what this stirs up is for the next round
    const works = [...dirty.values()];
    dirty.clear();
    for (const work of works) work();
    options.store.collectGarbage();
  };
  /** Looks at the object as it is then, if it still is. */
  const markObject = <T extends KubeObject>(kind: Parameters<typeof store.get<T>>[0], object: T, look: (now: T) => void): void =>
    mark(`${kind.kind} ${object.metadata.uid ?? ""}`, () => {
      const now = store.get(kind, keyOf(object));
      if (now !== undefined && now.metadata.uid === object.metadata.uid) look(now);
    });

  const markDeployment = (deployment: Deployment): void =>
    markObject(Deployment, deployment, (now) =>
      reconcileDeployment(store, now, clock.now(), { sets: (uid) => [...(setsByOwner.get(uid)?.values() ?? [])], pods: podsOf, hashOf }),
    );
  const makeFor = (component: string) => ({ owned: podsOf, makePod: podMaker(store, faults, component, () => clock.now()) });
  const forSets = makeFor("replicaset-controller");
  const forJobs = makeFor("job-controller");
  /** Tries again what was refused, as often as the real controllers do: `firstMs` and then twice as long each time. */
  const again = (object: KubeObject, wasRefused: boolean, [firstMs, mostMs]: readonly [number, number], act: () => void): void => {
    const uid = object.metadata.uid ?? "";
    if (!wasRefused) return void refusals.delete(uid);
    const { times, cancel } = refusals.get(uid) ?? { times: 0, cancel: () => {} };
    cancel();
    refusals.set(uid, { times: times + 1, cancel: clock.after(Math.min(mostMs, firstMs * 2 ** times), act) });
  };
  const markSet = (set: ReplicaSet): void =>
    markObject(ReplicaSet, set, (now) =>
      again(set, reconcileReplicaSet(store, now, clock.now(), forSets), [5, 1_000_000], () => markSet(set)),
    );
  const markJob = (job: Job): void =>
    markObject(Job, job, (now) => again(job, reconcileJob(store, now, clock.now(), forJobs), [1000, 60_000], () => markJob(job)));
  const markOwner = (object: KubeObject): void => {
    const owner = object.metadata.ownerReferences?.find((o) => o.controller === true);
    if (owner === undefined) return;
    const key = { namespace: object.metadata.namespace ?? "", name: owner.name };
    if (owner.kind === "ReplicaSet") {
      const set = store.get(ReplicaSet, key);
      if (set !== undefined) markSet(set);
      // a Deployment that recreates waits for the last Pod
      if (set !== undefined) markOwner(set);
    } else if (owner.kind === "Deployment") {
      const deployment = store.get(Deployment, key);
      if (deployment !== undefined) markDeployment(deployment);
    } else if (owner.kind === "Job") {
      const job = store.get(Job, key);
      if (job !== undefined) markJob(job);
    }
  };
  const markPending = (): void => {
    for (const pod of pending.values()) markPod(pod);
  };
  const markPod = (pod: Pod): void =>
    markObject(Pod, pod, (now) => {
      if (now.spec?.nodeName) kubelet.see(now);
      else if (isStaying(now)) place(now);
    });
  const place = (pod: Pod): void => {
    const found = schedule(pod, store.list(Node), (node) =>
      podsOn(node).filter((other) => other.status?.phase !== "Succeeded" && other.status?.phase !== "Failed"),
    );
    if (found.type === "placed") {
      store.change(Pod, pod, (p) => ({
        ...p,
        spec: { ...p.spec, containers: p.spec?.containers ?? [], nodeName: found.node.metadata.name ?? "" },
      }));
      return;
    }
    const said = condition(pod.status?.conditions ?? [], "PodScheduled", false, "Unschedulable", clock.now());
    store.setStatus(Pod, pod, { phase: "Pending", conditions: [{ ...said, message: found.message }] });
  };
  const markBudgets = (namespace: string): void =>
    mark(`budgets ${namespace}`, () => {
      const pods = store.list(Pod, namespace);
      for (const budget of store.list(PodDisruptionBudget, namespace)) reconcileBudget(store, budget, pods);
    });

  const watchNode = (node: Node, wasOff: boolean): void => {
    const name = node.metadata.name ?? "";
    lossTimers.get(name)?.();
    lossTimers.delete(name);
    if (hasPower(node)) {
      markObject(Node, node, (now) => {
        tellReturn(store, now, clock.now());
        const again = store.get(Node, { name });
        if (wasOff && again !== undefined) tellBoot(store, again);
      });
      for (const pod of podsOn(name)) markObject(Pod, pod, (now) => (wasOff ? kubelet.boot(now) : kubelet.see(now)));
      return;
    }
    const after = (ms: number, act: (now: Node) => void) =>
      lossTimers.set(
        name,
        clock.after(ms, () => {
          const now = store.get(Node, { name });
          if (now !== undefined && !hasPower(now)) act(now);
        }),
      );
    after(timing.nodeGraceMs, (now) => {
      tellLoss(store, now, podsOn(name), clock.now());
      after(timing.evictionMs, () => evict(store, podsOn(name)));
    });
  };
  /** Each namespace has a service account of its own, for Pods that name none. */
  const giveAccount = (namespace: Namespace): void =>
    markObject(Namespace, namespace, ({ metadata: { name = "" } }) => {
      const key = { namespace: name, name: "default" };
      if (store.get(ServiceAccount, key) === undefined)
        store.create(ServiceAccount, { apiVersion: "v1", kind: "ServiceAccount", metadata: key });
    });
  const endNamespace = (namespace: Namespace): void =>
    markObject(Namespace, namespace, (now) => {
      const name = now.metadata.name ?? "";
      let left = 0;
      for (const resource of options.store.resources()) {
        if (!resource.namespaced) continue;
        for (const object of options.store.list(resource, name)) {
          left += 1;
          if (isStaying(object)) options.store.delete(resource, keyOf(object), { uid: object.metadata.uid });
        }
      }
      if (left > 0) mark(`again ${name}`, () => endNamespace(now));
      else store.change(Namespace, now, (n) => ({ ...n, spec: { ...n.spec, finalizers: [] } }));
    });

  const keep = <T extends KubeObject>(index: Map<string, Map<string, T>>, name: string | undefined, object: T, isThere: boolean): void => {
    if (name === undefined) return;
    const found = index.get(name) ?? new Map<string, T>();
    if (isThere) index.set(name, found.set(object.metadata.uid ?? "", object));
    else if (found.delete(object.metadata.uid ?? "") && found.size === 0) index.delete(name);
  };
  const onPod = (pod: Pod, isThere: boolean): void => {
    keep(podsByOwner, controllerOf(pod), pod, isThere);
    keep(podsByNode, pod.spec?.nodeName, pod, isThere);
    if (isThere && !pod.spec?.nodeName && isStaying(pod)) pending.set(pod.metadata.uid ?? "", pod);
    else pending.delete(pod.metadata.uid ?? "");
    if (isThere) markPod(pod);
    else {
      kubelet.forget(pod.metadata.uid ?? "");
      markPending();
    }
    markOwner(pod);
    markBudgets(pod.metadata.namespace ?? "");
  };
  const onNode = (node: Node, before: Node | undefined, isThere: boolean): void => {
    const name = node.metadata.name ?? "";
    if (!isThere) {
      // the Pod garbage collector: nobody is left who could end them
      for (const pod of podsOn(name)) mark(`lost ${pod.metadata.uid ?? ""}`, () => store.remove(Pod, pod, true));
    } else if (before === undefined || hasPower(before) !== hasPower(node)) watchNode(node, before !== undefined && !hasPower(before));
    if (isThere && before?.spec?.unschedulable !== node.spec?.unschedulable)
      mark(`cordon ${name}`, () => {
        const now = store.get(Node, { name });
        if (now !== undefined) tellCordon(store, now, clock.now());
      });
    markPending();
  };

  const react = (resource: SimResource, { type, object, before }: Change): void => {
    const isThere = type !== "deleted";
    switch (resource.kind) {
      case "Pod":
        return onPod(object, isThere);
      case "Node":
        return onNode(object, before, isThere);
      case "ReplicaSet":
        keep(setsByOwner, controllerOf(object), object as unknown as ReplicaSet, isThere);
        if (isThere) markSet(object as unknown as ReplicaSet);
        return markOwner(object);
      case "Deployment":
        return isThere ? markDeployment(object) : markGarbage();
      case "Job":
        return isThere ? markJob(object) : markGarbage();
      case "PodDisruptionBudget":
        return isThere ? markBudgets(object.metadata.namespace ?? "") : undefined;
      case "Namespace":
        return !isThere ? undefined : isStaying(object) ? giveAccount(object) : endNamespace(object);
      case "CustomResourceDefinition":
        return isThere ? establish(object) : undefined;
      default:
        return isThere && isStaying(object) ? undefined : markGarbage();
    }
  };
  const markGarbage = (): void => mark("garbage", () => {});
  const establish = (definition: SimObject): void =>
    mark(`crd ${definition.metadata.name ?? ""}`, () => {
      const resource = options.store.resource({
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        plural: "customresourcedefinitions",
        namespaced: false,
      });
      const spec = definition["spec"] as { names: unknown; versions: { name: string; storage: boolean }[] };
      const isSo = (type: string, reason: string) => ({
        type,
        status: "True",
        reason,
        message: "",
        lastTransitionTime: definition.metadata.creationTimestamp,
      });
      if (options.store.get(resource, keyOf(definition)) === undefined) return;
      options.store.patch(
        resource,
        keyOf(definition),
        (current) => ({
          ...current,
          status: {
            acceptedNames: spec.names,
            conditions: [isSo("NamesAccepted", "NoConflicts"), isSo("Established", "InitialNamesAccepted")],
            storedVersions: spec.versions.filter((v) => v.storage).map((v) => v.name),
          },
        }),
        { subresource: "status" },
      );
    });

  const unsubscribe = options.store.subscribe(react);
  for (const resource of options.store.resources())
    for (const object of options.store.list(resource)) react(resource, { version: 0, type: "added", object });
  return {
    crash: (key, message) => {
      const pod = store.get(Pod, key);
      if (pod !== undefined) kubelet.crash(pod, message);
    },
    stop: () => {
      unsubscribe();
      cancelDrain?.();
      for (const cancel of lossTimers.values()) cancel();
    },
  };
}
