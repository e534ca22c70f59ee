import type { CephConnector } from "./ceph/ceph.ts";
import { daemonTypes, dependentKinds, operatorKinds } from "./kinds/index.ts";
import { type CachedKind, createCachedKube } from "./kube/cached-kube.ts";
import type { Clock } from "./kube/clock.ts";
import type { Kube, KubeReader } from "./kube/kube.ts";
import type { Logger } from "./kube/logger.ts";
import type { OperatorDependencies } from "./resource/dependencies.ts";
import type { OperatorKind, ReadKind } from "./resource/operator-kind.ts";
import { type Controller, createController } from "./runtime/controller.ts";
import { createKubeEventRecorder } from "./runtime/kube-event-recorder.ts";
import { createLeaderElection, type LeaderElection } from "./runtime/leader-election.ts";
import { createManager, type Manager, type ManagerOptions } from "./runtime/manager.ts";
import type { RuntimeMetrics } from "./runtime/metrics.ts";
import type { Request } from "./runtime/reconciler.ts";

/** The Lease that tells several operators apart. */
const lease = "rook-ceph-operator";

/** How long a change waits for others: a twentieth of what a human notices, and most of what a Deployment's new Pod sets off. */
const gatherMs = 20;

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
  /** Milliseconds after which a node's devices are looked at again; 0: never for their age. */
  readonly deviceIntervalMs: number;
  /** `off`: looks again only when something tells it to or a step asks for it, so that a test sees a wake-up that is lost. On where absent. */
  readonly intervals?: "on" | "off";
  readonly health?: ManagerOptions["health"];
  /** Freezes what the caches hold, so that whoever changes it in place finds out; for tests. */
  readonly freeze?: boolean;
}

export interface Operator {
  readonly manager: Manager;
  /** Closes the connections to Ceph. */
  close(): Promise<void>;
}

/** Puts the operator together: caches, a controller for each kind, leader election and events. Nothing runs before `manager.run`. */
export function assembleOperator(parts: OperatorParts): Operator {
  const { kube, clock, random, log, metrics, watchNamespace } = parts;
  const controllers = new Map<OperatorKind, Controller>();
  const cache = createCachedKube({
    kube,
    clock,
    log,
    random,
    freeze: parts.freeze === true,
    kinds: cachedKinds(watchNamespace),
    onChange: (kind, change) => {
      for (const controller of controllers.values()) controller.onChange(kind, change);
    },
  });
  metrics.caches(() => cache.health());

  // objects as the cache has them; the cache answers at once
  const wake = (operatorKind: OperatorKind, namespace?: string): void =>
    void cache.list(operatorKind.kind, namespace === undefined ? {} : { namespace }).then((objects) => {
      for (const { metadata } of objects)
        controllers.get(operatorKind)?.enqueue({ namespace: metadata.namespace ?? "", name: metadata.name ?? "" });
    });
  const connector = parts.connect(cache, (namespace) => {
    for (const operatorKind of operatorKinds) wake(operatorKind, namespace);
  });
  const events = createKubeEventRecorder({ kube, clock, log, metrics, component: "rook-ceph-operator" });
  const dependencies = dependenciesOf(parts, { kube: cache, connector, events });
  for (const operatorKind of operatorKinds)
    controllers.set(
      operatorKind,
      createController({
        name: operatorKind.kind.kind.toLowerCase(),
        reconciler: operatorKind.createReconciler(dependencies),
        wakeUps: operatorKind.wakeUps({
          reader: cache,
          enqueue: (request) => controllers.get(operatorKind)?.enqueue(request),
          wakeNamespace: (namespace) => wake(operatorKind, namespace),
        }),
        ...(parts.intervals === "off" ? {} : { intervalFor: intervalOf(cache, operatorKind) }),
        gatherMs,
        clock,
        random,
        log,
        metrics,
      }),
    );
  const election = electionOf(parts);
  const manager = createManager({
    clock,
    log,
    caches: [cache],
    controllers: [...controllers.values()],
    events,
    ...(parts.health ? { health: parts.health } : {}),
    ...(election ? { election } : {}),
  });
  return { manager, close: () => connector.close() };
}

/** What passes are given. */
function dependenciesOf(parts: OperatorParts, made: Pick<OperatorDependencies, "kube" | "connector" | "events">): OperatorDependencies {
  const { kube, clock, log, randomBytes, namespace, cephPatienceMs, deviceIntervalMs } = parts;
  return {
    ...made,
    live: kube,
    clock,
    log,
    random: randomBytes,
    daemonTypes,
    dependentKinds,
    operatorNamespace: namespace,
    cephPatienceMs,
    deviceIntervalMs,
  };
}

/** This process's part in the election; undefined where it works without asking others. */
function electionOf({ kube, clock, random, log, metrics, namespace, identity }: OperatorParts): LeaderElection | undefined {
  if (identity === undefined) return undefined;
  const onChange = (isLeader: boolean): void => metrics.leading(lease, isLeader);
  return createLeaderElection({ kube, clock, random, log, namespace, name: lease, identity, onChange });
}

/** What to hold in memory: all that passes read, within the namespace that is watched. */
function cachedKinds(watchNamespace: string | undefined): CachedKind[] {
  return readKinds(operatorKinds).map(({ kind, labelKeys, everywhere }) => ({
    kind,
    ...(everywhere === true || watchNamespace === undefined ? {} : { namespace: watchNamespace }),
    ...(labelKeys ? { labelKeys } : {}),
  }));
}

/** When to look again at an object of a kind, as the cache has it. */
const intervalOf = (cache: KubeReader, operatorKind: OperatorKind) => async (request: Request) => {
  const object = await cache.get(operatorKind.kind, request);
  return object === undefined ? undefined : operatorKind.intervalFor(object);
};

/** Each kind that is read of, once, with all the labels that anybody selects by. */
function readKinds(kinds: readonly OperatorKind[]): ReadKind[] {
  const all = new Map<string, ReadKind>();
  for (const read of kinds.flatMap(({ kind, reads }): ReadKind[] => [{ kind }, ...reads])) {
    const id = `${read.kind.apiVersion}/${read.kind.kind}`;
    const known = all.get(id);
    const labelKeys = [...new Set([...(known?.labelKeys ?? []), ...(read.labelKeys ?? [])])];
    const everywhere = known?.everywhere === true || read.everywhere === true;
    all.set(id, { kind: read.kind, ...(labelKeys.length > 0 ? { labelKeys } : {}), ...(everywhere ? { everywhere } : {}) });
  }
  return [...all.values()];
}
