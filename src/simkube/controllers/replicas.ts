import { createHash } from "node:crypto";
import type { Deployment, Pod } from "../../kube/kinds.ts";
import { Deployment as DeploymentKind, Pod as PodKind } from "../../kube/kinds.ts";
import { timestamp } from "../api/sim-object.ts";
import type { MakePod } from "./make-pod.ts";
import { controlledBy, isStaying } from "./owned.ts";
import { ReplicaSet, type SimCondition, type TypedStore } from "./sim-kinds.ts";

/** Why a Deployment is at which revision; kubectl reads it. */
const revisionAnnotation = "deployment.kubernetes.io/revision";
const hashLabel = "pod-template-hash";

/** The hash of a Pod's template, of which ReplicaSets and Pods get their names. */
export type HashTemplate = (template: object) => string;

/** Hashes templates, each object once: the store never changes one in place. */
export function createTemplateHash(): HashTemplate {
  const known = new WeakMap<object, string>();
  return (template) => {
    const hash = known.get(template) ?? createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 10);
    known.set(template, hash);
    return hash;
  };
}

/** The Deployment controller: one ReplicaSet for each template, the newest one with the replicas. */
export function reconcileDeployment(
  store: TypedStore,
  deployment: Deployment,
  now: number,
  owned: {
    readonly sets: (uid: string) => readonly ReplicaSet[];
    readonly pods: (uid: string) => readonly Pod[];
    readonly hashOf: HashTemplate;
  },
): void {
  if (!isStaying(deployment)) return;
  const { spec } = deployment;
  const wanted = spec?.replicas ?? 1;
  const hash = owned.hashOf(spec?.template ?? {});
  const sets = owned.sets(deployment.metadata.uid ?? "").filter(isStaying);
  const current = sets.find((set) => set.metadata.labels?.[hashLabel] === hash);
  const old = sets.filter((set) => set !== current);
  // those on their way out too: two daemons must never have the same data
  const oldRunning = old.flatMap((set) => owned.pods(set.metadata.uid ?? "")).filter(isUnfinished).length;
  const recreates = spec?.strategy?.type === "Recreate";

  const revision = Math.max(0, ...sets.map((set) => Number(set.metadata.annotations?.[revisionAnnotation] ?? 0)));
  const scale = (set: ReplicaSet, replicas: number): void => {
    if (set.spec.replicas !== replicas) store.change(ReplicaSet, set, (s) => ({ ...s, spec: { ...s.spec, replicas } }));
  };
  const newReplicas = recreates && oldRunning > 0 ? 0 : wanted;
  const name = `${deployment.metadata.name ?? ""}-${hash}`;
  // that of a Deployment of the same name before: its end wakes this again
  if (current === undefined && store.get(ReplicaSet, { namespace: deployment.metadata.namespace ?? "", name }) !== undefined) return;
  const newest = current ?? store.create(ReplicaSet, setOf(deployment, { name, hash, revision: revision + 1, replicas: newReplicas }));
  // one that is taken up again is the newest revision
  if (current !== undefined && Number(current.metadata.annotations?.[revisionAnnotation] ?? 0) < revision)
    store.change(ReplicaSet, current, (s) => ({
      ...s,
      metadata: { ...s.metadata, annotations: { ...s.metadata.annotations, [revisionAnnotation]: String(revision + 1) } },
    }));
  scale(newest, newReplicas);
  const newIsUp = (newest.status?.availableReplicas ?? 0) >= wanted;
  for (const set of old) if (recreates || newIsUp) scale(set, 0);
  const spent = old
    .filter((set) => set.spec.replicas === 0 && (set.status?.replicas ?? 0) === 0)
    .sort((a, b) => Number(a.metadata.annotations?.[revisionAnnotation]) - Number(b.metadata.annotations?.[revisionAnnotation]));
  for (const set of spent.slice(0, Math.max(0, spent.length - (spec?.revisionHistoryLimit ?? 10)))) store.remove(ReplicaSet, set);
  store.setStatus(DeploymentKind, deployment, statusOf(deployment, wanted, [newest, ...old], now));
}

/** The ReplicaSet of a Deployment's template as it is now. */
function setOf(
  deployment: Deployment,
  { name, hash, revision, replicas }: { name: string; hash: string; revision: number; replicas: number },
): ReplicaSet {
  const { metadata, spec } = deployment;
  const { template, selector } = spec ?? {};
  return {
    apiVersion: ReplicaSet.apiVersion,
    kind: ReplicaSet.kind,
    metadata: {
      name,
      namespace: metadata.namespace ?? "",
      labels: { ...template?.metadata?.labels, [hashLabel]: hash },
      annotations: { [revisionAnnotation]: String(revision) },
      ownerReferences: [controlledBy(deployment)],
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template?.metadata, labels: { ...template?.metadata?.labels, [hashLabel]: hash } } },
    },
  };
}

/** A Deployment's status, of its ReplicaSets, the newest one first. */
function statusOf(deployment: Deployment, wanted: number, sets: readonly ReplicaSet[], now: number): NonNullable<Deployment["status"]> {
  const sum = (count: (set: ReplicaSet) => number | undefined) => sets.reduce((total, set) => total + (count(set) ?? 0), 0);
  const available = sum((set) => set.status?.availableReplicas);
  const ready = sum((set) => set.status?.readyReplicas);
  const replicas = sum((set) => set.status?.replicas);
  const updated = sets[0]?.status?.replicas ?? 0;
  const isAvailable = available >= wanted;
  const before = deployment.status?.conditions?.find((c) => c.type === "Available");
  const changedAt = before?.status === (isAvailable ? "True" : "False") ? (before.lastTransitionTime ?? timestamp(now)) : timestamp(now);
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...(replicas === 0 ? {} : { replicas }),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }),
    ...(wanted - available > 0 ? { unavailableReplicas: wanted - available } : {}),
    conditions: [
      {
        type: "Available",
        status: isAvailable ? "True" : "False",
        reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        message: isAvailable ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
        lastTransitionTime: changedAt,
        lastUpdateTime: changedAt,
      },
      ...sets.flatMap((set) => set.status?.conditions ?? []).slice(0, 1),
    ],
  };
}

/**
 * The ReplicaSet controller: as many Pods as are wanted, those that end or are being deleted not counted. Answers whether the API server
 * refused to make one, which is told in its condition and tried again.
 */
export function reconcileReplicaSet(
  store: TypedStore,
  set: ReplicaSet,
  now: number,
  { owned, makePod }: { readonly owned: (uid: string) => readonly Pod[]; readonly makePod: MakePod },
): boolean {
  if (!isStaying(set)) return false;
  const staying = owned(set.metadata.uid ?? "").filter((pod) => isUnfinished(pod) && isStaying(pod));
  let refused: string | undefined;
  for (let n = staying.length; n < set.spec.replicas && refused === undefined; n += 1)
    refused = makePod(set, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        ...set.spec.template.metadata,
        generateName: `${set.metadata.name ?? ""}-`,
        namespace: set.metadata.namespace ?? "",
        ownerReferences: [controlledBy(set)],
      },
      spec: { ...set.spec.template.spec, containers: set.spec.template.spec?.containers ?? [] },
    });
  const excess = [...staying]
    .sort((a, b) => Number(isPodReady(a)) - Number(isPodReady(b)))
    .slice(0, Math.max(0, staying.length - set.spec.replicas));
  for (const pod of excess) store.remove(PodKind, pod);
  const ready = staying.filter(isPodReady).length;
  store.setStatus(ReplicaSet, set, {
    replicas: staying.length,
    readyReplicas: ready,
    availableReplicas: ready,
    observedGeneration: set.metadata.generation ?? 1,
    ...(refused === undefined ? {} : { conditions: [failureOf(set, refused, now)] }),
  });
  return refused !== undefined;
}

/** As the real one, it keeps its first message as long as it is so. */
function failureOf(set: ReplicaSet, message: string, now: number): SimCondition {
  const known = set.status?.conditions?.find((c) => c.type === "ReplicaFailure");
  return known ?? { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message, lastTransitionTime: timestamp(now) };
}

export function isPodReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
}

function isUnfinished(pod: Pod): boolean {
  return pod.status?.phase !== "Failed" && pod.status?.phase !== "Succeeded";
}
