import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { CacheHealth } from "../kube/cached-kube.ts";
import type { RequestInfo } from "../kube/request-info.ts";
import { type ControllerMetrics, createControllerMetrics } from "./controller-metrics.ts";
import type { WorkQueueObserver, WorkQueueState } from "./work-queue.ts";
import { createWorkQueueMetrics } from "./work-queue-metrics.ts";

/** Everything the runtime counts. docs/metrics.md lists every name; a test compares the two. */
export interface RuntimeMetrics {
  /** Counters of one controller. Times are in milliseconds. */
  controller(name: string, maxConcurrentReconciles: number): ControllerMetrics;
  /** Counters of one work queue; `state` is asked when somebody reads the metrics. */
  queue(name: string, state: () => WorkQueueState): WorkQueueObserver;
  /** One request to the API server. */
  kubeRequest(info: Pick<RequestInfo, "verb" | "kind" | "code" | "seconds">): void;
  /** What the caches hold; asked when somebody reads the metrics. */
  caches(health: () => CacheHealth): void;
  /** Whether this process holds the Lease of that name. */
  leading(lease: string, isLeader: boolean): void;
  /** One event of the kind that `kubectl describe` shows. */
  event(outcome: EventOutcome): void;
}

/** `created`: a new one; `counted`: one more of one that is there; `dropped`: not written. */
export type EventOutcome = "created" | "counted" | "dropped";

/**
 * The runtime's metrics in `registry`. To be made once for each registry.
 *
 * @example
 * const metrics = createRuntimeMetrics(new Registry());
 * metrics.kubeRequest({ verb: "get", kind: "Pod", code: "200", seconds: 0.004 });
 */
export function createRuntimeMetrics(registry: Registry): RuntimeMetrics {
  const registers = [registry];
  const controllers = createControllerMetrics(registry);
  const queues = createWorkQueueMetrics(registry);
  const requests = new Counter({
    name: "jackdaw_kube_requests_total",
    help: "Requests to the Kubernetes API server, retries among them. A watch counts when it is answered.",
    labelNames: ["verb", "kind", "code"] as const,
    registers,
  });
  const requestSeconds = new Histogram({
    name: "jackdaw_kube_request_duration_seconds",
    help: "How long the Kubernetes API server took to answer.",
    labelNames: ["verb"] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const watchRestarts = new Counter({
    name: "jackdaw_watch_restarts_total",
    help: "Watches opened, or refused, after the first of their kind. One in 5 to 10 minutes is usual.",
    labelNames: ["kind", "code"] as const,
    registers,
  });
  const leading = new Gauge({
    name: "leader_election_master_status",
    help: "1 where this process holds the Lease, 0 where it stands by.",
    labelNames: ["name"] as const,
    registers,
  });
  const events = new Counter({
    name: "jackdaw_events_total",
    help: "Kubernetes events told.",
    labelNames: ["outcome"] as const,
    registers,
  });
  const caches = createCacheGauges(registry);
  const watched = new Set<string>();
  return {
    controller: controllers,
    queue: queues,
    kubeRequest: ({ verb, kind, code, seconds }) => {
      requests.inc({ verb, kind, code });
      requestSeconds.observe({ verb }, seconds);
      if (verb !== "watch") return;
      if (watched.has(kind)) watchRestarts.inc({ kind, code });
      watched.add(kind);
    },
    caches,
    leading: (lease, isLeader) => leading.set({ name: lease }, isLeader ? 1 : 0),
    event: (outcome) => events.inc({ outcome }),
  };
}

/** What the caches hold, as the function that is given last says. */
function createCacheGauges(registry: Registry): RuntimeMetrics["caches"] {
  let askCaches: () => CacheHealth = () => ({ synced: true, details: [], kinds: [] });
  const cacheGauge = (name: string, help: string, valueOf: (kind: CacheHealth["kinds"][number]) => number): void => {
    const gauge = new Gauge({
      name,
      help,
      labelNames: ["kind", "namespace"] as const,
      registers: [registry],
      collect: () => {
        gauge.reset();
        for (const each of askCaches().kinds) gauge.set({ kind: each.kind, namespace: each.namespace ?? "" }, valueOf(each));
      },
    });
  };
  cacheGauge("jackdaw_cache_objects", "Objects held in memory.", ({ objects }) => objects);
  cacheGauge("jackdaw_cache_following", "1 where the kind has been read and is followed, 0 where not.", ({ synced, trouble }) =>
    synced && trouble === undefined ? 1 : 0,
  );
  return (health) => {
    askCaches = health;
  };
}
