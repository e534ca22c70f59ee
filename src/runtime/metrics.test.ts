import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import { createRuntimeMetrics } from "./metrics.ts";
import { registerProcessMetrics } from "./process-metrics.ts";

interface Described {
  name: string;
  type: string;
  labels: string;
}

async function fromDocs(): Promise<Described[]> {
  const text = await readFile(new URL("../../docs/metrics.md", import.meta.url), "utf8");
  return [...text.matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(([, name = "", type = "", labels = ""]) => ({
    name,
    type,
    labels: labels.trim() === "–" ? "" : labels.trim(),
  }));
}

/** prom-client keeps the label names of a metric, but does not type them. */
function labelsOf(registry: Registry, name: string): string {
  return (registry.getSingleMetric(name) as unknown as { labelNames: string[] }).labelNames.join(", ");
}

async function valueOf(registry: Registry, line: string): Promise<number | undefined> {
  const found = (await registry.metrics()).split("\n").find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

describe("metrics", () => {
  test("are those that docs/metrics.md lists, with the types and labels that it says", async () => {
    const registry = new Registry();
    createRuntimeMetrics(registry);
    registerProcessMetrics(registry);
    const there = (await registry.getMetricsAsJSON()).map(({ name, type }) => ({
      name,
      type: String(type),
      labels: labelsOf(registry, name),
    }));
    const byName = (a: Described, b: Described): number => a.name.localeCompare(b.name);
    expect(there.sort(byName)).toEqual((await fromDocs()).sort(byName));
  });

  test("of a controller count outcomes as controller-runtime does", async () => {
    const registry = new Registry();
    const controller = createRuntimeMetrics(registry).controller("widget", 3);
    controller.ended("success", 20);
    controller.ended("requeue_after", 20);
    controller.ended("error", 20);
    controller.ended("terminal", 20);
    const labels = 'controller="widget"';
    expect(await valueOf(registry, `controller_runtime_reconcile_total{${labels},result="success"}`)).toBe(1);
    expect(await valueOf(registry, `controller_runtime_reconcile_total{${labels},result="error"}`)).toBe(2);
    expect(await valueOf(registry, `controller_runtime_reconcile_errors_total{${labels}}`)).toBe(2);
    expect(await valueOf(registry, `controller_runtime_terminal_reconcile_errors_total{${labels}}`)).toBe(1);
    expect(await valueOf(registry, `controller_runtime_max_concurrent_reconciles{${labels}}`)).toBe(3);
    expect(await valueOf(registry, `controller_runtime_reconcile_time_seconds_count{${labels}}`)).toBe(4);
  });

  test("of requests count a watch that is opened again as a restart", async () => {
    const registry = new Registry();
    const metrics = createRuntimeMetrics(registry);
    for (const code of ["200", "200", "503"]) metrics.kubeRequest({ verb: "watch", kind: "Pod", code, seconds: 0.01 });
    metrics.kubeRequest({ verb: "get", kind: "Pod", code: "200", seconds: 0.01 });
    expect(await valueOf(registry, 'jackdaw_kube_requests_total{verb="watch",kind="Pod",code="200"}')).toBe(2);
    expect(await valueOf(registry, 'jackdaw_watch_restarts_total{kind="Pod",code="200"}')).toBe(1);
    expect(await valueOf(registry, 'jackdaw_watch_restarts_total{kind="Pod",code="503"}')).toBe(1);
  });

  test("of caches show what is held and what is not followed when they are read", async () => {
    const registry = new Registry();
    createRuntimeMetrics(registry).caches(() => ({
      synced: true,
      details: [],
      kinds: [
        { kind: "Pod", namespace: "ns", synced: true, objects: 7 },
        { kind: "Node", synced: true, objects: 3, trouble: { detail: "Gone.", since: 0 } },
      ],
    }));
    expect(await valueOf(registry, 'jackdaw_cache_objects{kind="Pod",namespace="ns"}')).toBe(7);
    expect(await valueOf(registry, 'jackdaw_cache_following{kind="Pod",namespace="ns"}')).toBe(1);
    expect(await valueOf(registry, 'jackdaw_cache_following{kind="Node",namespace=""}')).toBe(0);
  });

  test("of a queue show its depth and its longest work when they are read", async () => {
    const registry = new Registry();
    const queue = createRuntimeMetrics(registry).queue("widget", () => ({ ready: 2, delayed: 1, runningMs: [500, 2500] }));
    queue.added();
    const labels = 'name="widget",controller="widget"';
    expect(await valueOf(registry, `workqueue_depth{${labels}}`)).toBe(2);
    expect(await valueOf(registry, `workqueue_unfinished_work_seconds{${labels}}`)).toBe(3);
    expect(await valueOf(registry, `workqueue_longest_running_processor_seconds{${labels}}`)).toBe(2.5);
    expect(await valueOf(registry, `workqueue_adds_total{${labels}}`)).toBe(1);
  });

  test("of the process are there when they are read", async () => {
    const registry = new Registry();
    registerProcessMetrics(registry);
    expect(await valueOf(registry, "process_resident_memory_bytes")).toBeGreaterThan(1e6);
    expect(await valueOf(registry, "process_cpu_seconds_total")).toBeGreaterThan(0);
    expect(await valueOf(registry, "nodejs_eventloop_lag_seconds")).toBeGreaterThanOrEqual(0);
  });
});
