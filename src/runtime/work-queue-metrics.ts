import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { WorkQueueObserver, WorkQueueState } from "./work-queue.ts";

const buckets = [0.001, 0.01, 0.1, 1, 10, 100, 1000] as const;

/**
 * Registers the metrics of work queues, named as controller-runtime's; the answer gives each queue its own.
 *
 * @example
 * const observerOf = createWorkQueueMetrics(new Registry());
 * const queue: WorkQueue = createWorkQueue({ clock, random: Math.random, observer: observerOf("widgets", () => queue.state()) });
 */
export function createWorkQueueMetrics(registry: Registry): (name: string, state: () => WorkQueueState) => WorkQueueObserver {
  const labelNames = ["name", "controller"] as const;
  const registers = [registry];
  const states = new Map<string, () => WorkQueueState>();
  const counter = (name: string, help: string) => new Counter({ name: `workqueue_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string) =>
    new Histogram({ name: `workqueue_${name}`, help, labelNames, buckets: [...buckets], registers });
  const gauge = (name: string, help: string, valueOf: (state: WorkQueueState) => number): void => {
    const metric = new Gauge({
      name: `workqueue_${name}`,
      help,
      labelNames,
      registers,
      collect: () => {
        for (const [queue, state] of states) metric.set(labelsOf(queue), valueOf(state()));
      },
    });
  };
  gauge("depth", "Keys that are ready and not worked on.", ({ ready }) => ready);
  gauge(
    "unfinished_work_seconds",
    "How long the work under way has taken so far, all of it together.",
    ({ runningMs }) => sum(runningMs) / 1000,
  );
  gauge(
    "longest_running_processor_seconds",
    "How long the longest work under way has taken so far.",
    ({ runningMs }) => Math.max(0, ...runningMs) / 1000,
  );
  const adds = counter("adds_total", "Keys that became ready.");
  const retries = counter("retries_total", "Keys put back after a failure.");
  const waited = histogram("queue_duration_seconds", "How long keys are ready before a worker takes them.");
  const worked = histogram("work_duration_seconds", "How long workers have a key.");

  return (queue, state) => {
    const labels = labelsOf(queue);
    states.set(queue, state);
    adds.inc(labels, 0);
    retries.inc(labels, 0);
    return {
      added: () => adds.inc(labels),
      retried: () => retries.inc(labels),
      taken: (waitedMs) => waited.observe(labels, waitedMs / 1000),
      finished: (workedMs) => worked.observe(labels, workedMs / 1000),
    };
  };
}

/** Each controller has one queue, of its own name. */
function labelsOf(queue: string): { name: string; controller: string } {
  return { name: queue, controller: queue };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
