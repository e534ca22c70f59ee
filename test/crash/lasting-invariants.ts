import { operatorKinds } from "../../src/kinds/index.ts";
import type { Clock } from "../../src/kube/clock.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { Change } from "../../src/simkube/api/change-log.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import { disksAnnotation, powerAnnotation } from "../../src/simkube/controllers/nodes.ts";
import { defaultTiming } from "../../src/simkube/controllers/pod-behaviour.ts";
import { dangerousBudgets } from "./budget-invariants.ts";
import { osdsWithoutDisk } from "./disk-invariants.ts";
import { daemonsWithoutKey } from "./key-invariants.ts";
import { type Wrong, watchLasting } from "./lasting.ts";
import { isReady, type LiveDaemons, liveDaemons } from "./live-daemons.ts";
import { brokenPromises, type Teller } from "./ready-promises.ts";

/** What was so just now may be believed. */
const seenWithinMs = 2000;
/** How long what is Ready is not looked at again, where nothing tells: a CephCluster, and what is in it. */
const clusterIntervalMs = 60_000;
const childIntervalMs = 30_000;

/**
 * Watches what may be wrong for a short while only: a kind's Ready that is not true, daemons without their key, budgets that allow too much,
 * OSDs without their disk. The answer looks anew, for whenever Ceph has changed and for the end.
 */
export function watchLastingInvariants(
  sim: SimCluster,
  clock: Clock,
  { delayMs, isNobodyThere }: { readonly delayMs: number; readonly isNobodyThere: () => boolean },
  say: (violation: string) => void,
): () => void {
  const lasting = watchLasting(clock, isNobodyThere, say);
  const soonMs = seenWithinMs + delayMs;
  const forMs: Readonly<Record<Teller, number>> = {
    kubernetes: soonMs,
    lostNode: soonMs + defaultTiming.nodeGraceMs,
    cephToCluster: soonMs + clusterIntervalMs,
    cephToChild: soonMs + childIntervalMs,
  };
  const look = (): void => {
    const namespaces = new Set(sim.store.list(sim.store.resource(CephCluster)).map(({ metadata }) => metadata.namespace ?? ""));
    const seen = new Map<string, LiveDaemons>();
    const liveIn = (namespace: string): LiveDaemons => {
      const live = seen.get(namespace) ?? liveDaemons(sim, namespace);
      seen.set(namespace, live);
      return live;
    };
    const wrongs: Wrong[] = brokenPromises(sim, liveIn).map(({ what, toldBy }) => ({ what, forMs: forMs[toldBy] }));
    for (const namespace of namespaces) {
      for (const daemon of daemonsWithoutKey(sim, namespace, liveIn(namespace)))
        wrongs.push({
          what: `${daemon} runs, and Ceph has no key of it`,
          forMs: daemon.startsWith("mds.") ? forMs.cephToChild : forMs.cephToCluster,
        });
      const budgets = dangerousBudgets(sim, namespace, liveIn(namespace));
      for (const what of budgets.what) wrongs.push({ what, forMs: forMs[budgets.toldBy] });
      for (const what of osdsWithoutDisk(sim, namespace)) wrongs.push({ what, forMs: seenWithinMs });
    }
    lasting(wrongs);
  };
  sim.store.subscribe((resource, change) => {
    if (isTelling(resource.kind, change)) look();
  });
  return look;
}

const own: ReadonlySet<string> = new Set(operatorKinds.map(({ kind }) => kind.kind));

/** Whether a change may make something right or wrong: most changes of Pods do not. */
function isTelling(kind: string, { type, object, before }: Change): boolean {
  if (type !== "modified" || before === undefined) return kind !== "Event" && kind !== "Lease" && kind !== "ReplicaSet" && kind !== "Job";
  const differs = (of: (each: SimObject) => unknown) => of(object) !== of(before);
  switch (kind) {
    case "Pod":
      return differs(podView);
    case "Deployment":
      return differs(({ spec, status }) => `${String(fieldsOf(spec)["replicas"])} ${String(fieldsOf(status)["availableReplicas"])}`);
    case "Node":
      return differs(({ metadata }) => `${metadata.annotations?.[powerAnnotation] ?? ""} ${metadata.annotations?.[disksAnnotation] ?? ""}`);
    case "Secret":
    case "PodDisruptionBudget":
      return true;
    default:
      return own.has(kind);
  }
}

function podView(pod: SimObject): string {
  return `${isReady(pod)} ${pod.metadata.deletionTimestamp ?? ""} ${JSON.stringify(pod.metadata.labels)}`;
}
