import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { Registry } from "prom-client";
import { assembleOperator } from "./assemble-operator.ts";
import { createExecConnector } from "./ceph/exec/exec-connector.ts";
import { createRadosConnector } from "./ceph/librados/rados-connector.ts";
import { systemClock } from "./kube/clock.ts";
import { ConfigurationError } from "./kube/configuration-error.ts";
import { loadCredentials } from "./kube/credentials.ts";
import { explainFailure } from "./kube/explain-failure.ts";
import { createHttpKube } from "./kube/http-kube.ts";
import type { KubeReader } from "./kube/kube.ts";
import { isKubeError } from "./kube/kube-error.ts";
import { createPodExec } from "./kube/pod-exec.ts";
import { createWinstonLogger } from "./runtime/logging.ts";
import { createRuntimeMetrics } from "./runtime/metrics.ts";
import { registerProcessMetrics } from "./runtime/process-metrics.ts";
import { CephCluster } from "./schema/ceph-cluster.ts";
import type { Settings } from "./settings.ts";
import { version } from "./version.ts";

/**
 * Runs the operator until `stop` aborts: caches, leader election, the controller of CephClusters, health and metrics. Resolves
 * with the process's exit code.
 *
 * @throws ConfigurationError, KubeError before anything was started
 */
export async function runOperator(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
  stop: AbortSignal,
): Promise<number> {
  const log = createWinstonLogger({ level: settings.logLevel, format: settings.logFormat });
  const clock = systemClock;
  const registry = new Registry();
  const metrics = createRuntimeMetrics(registry);
  registerProcessMetrics(registry);

  const credentials = await loadCredentials({ kubeconfig: settings.kubeconfig, context: settings.context, env, clock });
  const http = createHttpKube({ credentials, clock, log, userAgent: `jackdaw/${version}`, onRequest: (info) => metrics.kubeRequest(info) });
  // a person who started this waits for an answer; a Pod keeps trying, and says in its log and at /readyz what it waits for
  if (!settings.inCluster) await checkAccess(http, settings.watchNamespace);
  const usesLibrados = settings.cephTransport === "librados";
  const operator = assembleOperator({
    kube: http,
    connect: (reader, wakeNamespace) =>
      usesLibrados
        ? createRadosConnector({ clock, log, onConnected: ({ namespace }) => wakeNamespace(namespace) })
        : createExecConnector({ exec: createPodExec(credentials), kube: reader, clock }),
    clock,
    random: Math.random,
    randomBytes: (bytes) => randomBytes(bytes),
    log,
    metrics,
    namespace: settings.namespace,
    watchNamespace: settings.watchNamespace,
    cephPatienceMs: usesLibrados ? 300 : 10_000,
    deviceIntervalMs: settings.deviceIntervalMs,
    health: { port: settings.healthPort, metrics: async () => ({ text: await registry.metrics(), contentType: registry.contentType }) },
    ...(settings.leaderElection ? { identity: `${env["POD_NAME"] ?? hostname()}_${randomBytes(4).toString("hex")}` } : {}),
  });
  log.info("Starting", { version, server: credentials.server, transport: settings.cephTransport });
  try {
    const { exitCode } = await operator.manager.run(stop);
    return exitCode;
  } finally {
    await operator.close();
    await http.close();
  }
}

/** One look at the CephClusters. @throws ConfigurationError that says what to do where there is no cluster, no CRD or no permission. */
async function checkAccess(kube: KubeReader, namespace: string | undefined): Promise<void> {
  try {
    await kube.list(CephCluster, namespace === undefined ? {} : { namespace });
  } catch (error) {
    if (!isKubeError(error)) throw error;
    const hint =
      error.code === "notFound"
        ? " It is in manifests/crds.yaml."
        : error.code === "unreachable"
          ? " Is the cluster running, and is it the one you mean? Name another with --kubeconfig, KUBECONFIG or --context."
          : "";
    throw new ConfigurationError(`${explainFailure("list", CephCluster, namespace, error).replace(/[.]?$/, ".")}${hint}`, { cause: error });
  }
}
