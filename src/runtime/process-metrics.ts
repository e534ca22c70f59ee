import { performance } from "node:perf_hooks";
import { Counter, Gauge, type Registry } from "prom-client";

/**
 * Registers what this process uses. Everything is measured when somebody reads the metrics: prom-client's own default metrics keep
 * a timer of a hundred ticks a second and a hook on each garbage collection, which an idle operator need not pay for.
 *
 * @example
 * const registry = new Registry();
 * registerProcessMetrics(registry);
 * console.log(await registry.metrics());
 */
export function registerProcessMetrics(registry: Registry): void {
  const registers = [registry];
  const memory: Gauge = new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory of the process.",
    registers,
    collect: (): void => memory.set(process.memoryUsage.rss()),
  });
  const cpu: Counter = new Counter({
    name: "process_cpu_seconds_total",
    help: "CPU time of the process, user and system.",
    registers,
    collect: () => {
      const { user, system } = process.cpuUsage();
      cpu.reset();
      cpu.inc((user + system) / 1e6);
    },
  });
  const started = new Gauge({ name: "process_start_time_seconds", help: "When the process started, in seconds since 1970.", registers });
  started.set(performance.timeOrigin / 1000);
  const busy: Counter = new Counter({
    name: "nodejs_eventloop_active_seconds_total",
    help: "How long the event loop was busy. Its rate is the share of time in which nothing else could run.",
    registers,
    collect: () => {
      busy.reset();
      busy.inc(performance.eventLoopUtilization().active / 1000);
    },
  });
  const lag: Gauge = new Gauge({
    name: "nodejs_eventloop_lag_seconds",
    help: "How long the event loop took for one turn while the metrics were read.",
    registers,
    collect: async () => {
      const startedAt = performance.now();
      await new Promise<void>((resolve) => void setImmediate(resolve));
      lag.set((performance.now() - startedAt) / 1000);
    },
  });
}
