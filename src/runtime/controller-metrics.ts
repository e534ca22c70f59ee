import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** What one controller counts. Names and labels are controller-runtime's, so that its dashboards fit. */
export interface ControllerMetrics {
  /** A worker began a pass. */
  started(): void;
  /** A pass ended, after so many milliseconds. */
  ended(result: PassResult, ms: number): void;
  /** The worker is free again. */
  idle(): void;
  /** A pass reached its time limit. */
  timedOut(): void;
  /** A pass met an error of the program. */
  panicked(): void;
}

/** `terminal` is an error that is not tried again. */
export type PassResult = "success" | "requeue_after" | "error" | "terminal";

/**
 * Registers the metrics; the answer gives each controller its own.
 *
 * @example
 * const metrics = createControllerMetrics(new Registry())("widgets", 4);
 * metrics.started();
 * metrics.ended("success", 12);
 * metrics.idle();
 */
export function createControllerMetrics(registry: Registry): (name: string, maxConcurrentReconciles: number) => ControllerMetrics {
  const registers = [registry];
  const labelNames = ["controller"] as const;
  const counter = (name: string, help: string) => new Counter({ name: `controller_runtime_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `controller_runtime_${name}`, help, labelNames, registers });
  const total = new Counter({
    name: "controller_runtime_reconcile_total",
    help: "Passes ended.",
    labelNames: ["controller", "result"] as const,
    registers,
  });
  const errors = counter("reconcile_errors_total", "Passes that failed.");
  const terminalErrors = counter("terminal_reconcile_errors_total", "Passes that failed and are not tried again.");
  const panics = counter("reconcile_panics_total", "Passes that failed by an error of the program.");
  const timeouts = counter("reconcile_timeouts_total", "Passes that reached their time limit.");
  const activeWorkers = gauge("active_workers", "Passes under way.");
  const maxConcurrent = gauge("max_concurrent_reconciles", "Passes that may be under way at the same time.");
  const seconds = new Histogram({
    name: "controller_runtime_reconcile_time_seconds",
    help: "How long passes take.",
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });

  return (controller, maxConcurrentReconciles) => {
    const labels = { controller };
    maxConcurrent.set(labels, maxConcurrentReconciles);
    activeWorkers.set(labels, 0);
    for (const result of ["success", "requeue_after", "error"]) total.inc({ controller, result }, 0);
    for (const each of [errors, terminalErrors, panics, timeouts]) each.inc(labels, 0);
    return {
      started: () => activeWorkers.inc(labels),
      ended: (result, ms) => {
        const failed = result === "error" || result === "terminal";
        total.inc({ controller, result: failed ? "error" : result });
        seconds.observe(labels, ms / 1000);
        if (failed) errors.inc(labels);
        if (result === "terminal") terminalErrors.inc(labels);
      },
      idle: () => activeWorkers.dec(labels),
      timedOut: () => timeouts.inc(labels),
      panicked: () => panics.inc(labels),
    };
  };
}
