import type { Clock } from "../../kube/clock.ts";
import { Deployment, Job, type Pod } from "../../kube/kinds.ts";
import type { KubeObject } from "../../kube/object.ts";
import type { Agenda } from "./agenda.ts";
import { reconcileJob } from "./jobs.ts";
import { podMaker } from "./make-pod.ts";
import { createTemplateHash, reconcileDeployment, reconcileReplicaSet } from "./replicas.ts";
import type { SimFaults } from "./sim-faults.ts";
import { ReplicaSet, type TypedStore } from "./sim-kinds.ts";

/** The controllers of what makes Pods. */
export interface Workloads {
  markDeployment(deployment: Deployment): void;
  markSet(set: ReplicaSet): void;
  markJob(job: Job): void;
  /** The controller of an object has to look at it. */
  markOwner(object: KubeObject): void;
}

/** Controllers that look at what is marked when the agenda comes to it. */
export function createWorkloads(options: {
  readonly store: TypedStore;
  readonly clock: Clock;
  readonly faults: SimFaults;
  readonly agenda: Agenda;
  readonly podsOf: (uid: string) => Pod[];
  readonly setsOf: (uid: string) => ReplicaSet[];
}): Workloads {
  const { store, clock, faults, agenda, podsOf, setsOf } = options;
  const hashOf = createTemplateHash();
  const again = createRetries(clock);
  const makeFor = (component: string) => ({ owned: podsOf, makePod: podMaker(store, faults, component, () => clock.now()) });
  const forSets = makeFor("replicaset-controller");
  const forJobs = makeFor("job-controller");

  const markDeployment = (deployment: Deployment): void =>
    agenda.markObject(Deployment, deployment, (now) =>
      reconcileDeployment(store, now, clock.now(), { sets: setsOf, pods: podsOf, hashOf }),
    );
  const markSet = (set: ReplicaSet): void =>
    agenda.markObject(ReplicaSet, set, (now) =>
      again(set, reconcileReplicaSet(store, now, clock.now(), forSets), [5, 1_000_000], () => markSet(set)),
    );
  const markJob = (job: Job): void =>
    agenda.markObject(Job, job, (now) => again(job, reconcileJob(store, now, clock.now(), forJobs), [1000, 60_000], () => markJob(job)));
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
  return { markDeployment, markSet, markJob, markOwner };
}

/** Tries again what was refused, as often as the real controllers do: `firstMs` and then twice as long each time. */
function createRetries(
  clock: Clock,
): (object: KubeObject, wasRefused: boolean, delays: readonly [firstMs: number, mostMs: number], act: () => void) => void {
  const refusals = new Map<string, { readonly times: number; readonly cancel: () => void }>();
  return (object, wasRefused, [firstMs, mostMs], act) => {
    const uid = object.metadata.uid ?? "";
    if (!wasRefused) return void refusals.delete(uid);
    const { times, cancel } = refusals.get(uid) ?? { times: 0, cancel: () => {} };
    cancel();
    refusals.set(uid, { times: times + 1, cancel: clock.after(Math.min(mostMs, firstMs * 2 ** times), act) });
  };
}
