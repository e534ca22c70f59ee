import { CephCluster } from "./api/ceph-cluster.ts";
import type { CephConnector } from "./ceph/ceph.ts";
import { createClusterReconciler } from "./cluster/reconcile.ts";
import { type CachedKind, createCachedKube } from "./kube/cached-kube.ts";
import type { Clock } from "./kube/clock.ts";
import { ConfigMap, Deployment, Job, Node, Pod, PodDisruptionBudget, Secret, Service } from "./kube/kinds.ts";
import type { Kube, KubeReader } from "./kube/kube.ts";
import type { Logger } from "./kube/logger.ts";
import type { KubeObject } from "./kube/object.ts";
import { type Controller, createController } from "./runtime/controller.ts";
import { createKubeEventRecorder } from "./runtime/kube-event-recorder.ts";
import { createLeaderElection } from "./runtime/leader-election.ts";
import { createManager, type Manager, type ManagerOptions } from "./runtime/manager.ts";
import type { RuntimeMetrics } from "./runtime/metrics.ts";
import type { Request } from "./runtime/reconciler.ts";
import { wakeMapped, wakeOwner, wakeSelf } from "./runtime/wake-ups.ts";

/** The Lease that tells several operators apart. */
const lease = "rook-ceph-operator";

/** What the operator is put together from: the two waists, and what stands for time and chance. */
export interface OperatorParts {
  /** The API server, not a cache. */
  readonly kube: Kube;
  /** Makes the way to Ceph; is given what reads Kubernetes, and what wakes the clusters of a namespace. */
  readonly connect: (reader: KubeReader, wakeNamespace: (namespace: string) => void) => CephConnector;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly log: Logger;
  readonly metrics: RuntimeMetrics;
  /** Where the operator itself is. */
  readonly namespace: string;
  /** Absent: every namespace. */
  readonly watchNamespace?: string | undefined;
  /** Who this process is among several; without it, it works without asking others. */
  readonly identity?: string;
  /** How long a pass waits for Ceph's answer while mons form their quorum, in milliseconds. */
  readonly cephPatienceMs: number;
  readonly health?: ManagerOptions["health"];
}

export interface Operator {
  readonly manager: Manager;
  /** Closes the connections to Ceph. */
  close(): Promise<void>;
}

/** Puts the operator together: caches, the controller of CephClusters, leader election and events. Nothing runs before `manager.run`. */
export function assembleOperator(parts: OperatorParts): Operator {
  const { kube, clock, random, log, metrics, watchNamespace } = parts;
  let controller: Controller | undefined;
  const inNamespace = watchNamespace === undefined ? {} : { namespace: watchNamespace };
  const held = <T extends KubeObject>(kind: CachedKind<T>["kind"], labelKeys?: readonly string[]): CachedKind => ({
    kind,
    ...inNamespace,
    ...(labelKeys ? { labelKeys } : {}),
  });
  const cache = createCachedKube({
    kube,
    clock,
    log,
    random,
    kinds: [
      held(CephCluster),
      held(Pod, ["rook_cluster"]),
      { kind: Node },
      held(Secret),
      held(ConfigMap),
      held(Service, ["rook_cluster"]),
      held(Deployment, ["rook_cluster"]),
      held(Job, ["rook_cluster"]),
      held(PodDisruptionBudget),
    ],
    onChange: (kind, change) => controller?.onChange(kind, change),
  });
  metrics.caches(() => cache.health());

  // CephClusters as the cache has them; the cache answers at once
  const clustersIn = async (namespace?: string): Promise<Request[]> =>
    (await cache.list(CephCluster, namespace === undefined ? {} : { namespace })).map(({ metadata }) => ({
      namespace: metadata.namespace ?? "",
      name: metadata.name ?? "",
    }));
  const wakeNamespace = (namespace?: string) =>
    void clustersIn(namespace).then((requests) => requests.forEach((request) => controller?.enqueue(request)));

  const connector = parts.connect(cache, wakeNamespace);
  const events = createKubeEventRecorder({ kube, clock, log, metrics, component: "rook-ceph-operator" });
  const reconciler = createClusterReconciler({
    kube: cache,
    live: kube,
    connector,
    events,
    clock,
    log,
    random: parts.randomBytes,
    operatorNamespace: parts.namespace,
    cephPatienceMs: parts.cephPatienceMs,
  });
  controller = createController({
    name: "cephcluster",
    reconciler,
    wakeUps: [
      wakeSelf(CephCluster),
      ...[Secret, ConfigMap, Service, Deployment, Job, PodDisruptionBudget].map((kind) =>
        wakeOwner(kind as typeof Deployment, CephCluster),
      ),
      wakeMapped(Pod, (pod) => {
        const namespace = pod.metadata.labels?.["rook_cluster"];
        if (namespace !== undefined) wakeNamespace(namespace);
        return [];
      }),
    ],
    intervalFor: async (request) => {
      const cluster = await cache.get(CephCluster, request);
      return cluster === undefined ? undefined : cluster.status?.phase === "Ready" ? 60_000 : 10_000;
    },
    clock,
    random,
    log,
    metrics,
  });
  const { identity } = parts;
  const manager = createManager({
    clock,
    log,
    caches: [cache],
    controllers: [controller],
    events,
    ...(parts.health ? { health: parts.health } : {}),
    ...(identity === undefined
      ? {}
      : {
          election: createLeaderElection({
            kube,
            clock,
            random,
            log,
            namespace: parts.namespace,
            name: lease,
            identity,
            onChange: (isLeader) => metrics.leading(lease, isLeader),
          }),
        }),
  });
  return { manager, close: () => connector.close() };
}
