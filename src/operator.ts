import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { Registry } from "prom-client";
import { CephCluster } from "./api/ceph-cluster.ts";
import type { CephConnector, CephIdentity } from "./ceph/ceph.ts";
import { createExecConnector } from "./ceph/exec/exec-connector.ts";
import { createRadosConnector } from "./ceph/librados/rados-connector.ts";
import { createClusterReconciler } from "./cluster/reconcile.ts";
import { type CachedKind, createCachedKube } from "./kube/cached-kube.ts";
import { systemClock } from "./kube/clock.ts";
import { ConfigurationError } from "./kube/configuration-error.ts";
import { loadCredentials } from "./kube/credentials.ts";
import { explainFailure } from "./kube/explain-failure.ts";
import { createHttpKube } from "./kube/http-kube.ts";
import { ConfigMap, Deployment, Job, Node, Pod, PodDisruptionBudget, Secret, Service } from "./kube/kinds.ts";
import type { KubeReader } from "./kube/kube.ts";
import { isKubeError } from "./kube/kube-error.ts";
import type { KubeObject } from "./kube/object.ts";
import { createPodExec } from "./kube/pod-exec.ts";
import { type Controller, createController } from "./runtime/controller.ts";
import { createKubeEventRecorder } from "./runtime/kube-event-recorder.ts";
import { createLeaderElection } from "./runtime/leader-election.ts";
import { createWinstonLogger } from "./runtime/logging.ts";
import { createManager } from "./runtime/manager.ts";
import { createRuntimeMetrics } from "./runtime/metrics.ts";
import { registerProcessMetrics } from "./runtime/process-metrics.ts";
import type { Request } from "./runtime/reconciler.ts";
import { wakeMapped, wakeOwner, wakeSelf } from "./runtime/wake-ups.ts";
import type { Settings } from "./settings.ts";
import { version } from "./version.ts";

/** The Lease that tells several operators apart. */
const lease = "rook-ceph-operator";

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
  const random = Math.random;
  const registry = new Registry();
  const metrics = createRuntimeMetrics(registry);
  registerProcessMetrics(registry);

  const credentials = await loadCredentials({ kubeconfig: settings.kubeconfig, context: settings.context, env, clock });
  const http = createHttpKube({ credentials, clock, log, userAgent: `jackdaw/${version}`, onRequest: (info) => metrics.kubeRequest(info) });
  // a person who started this waits for an answer; a Pod keeps trying, and says in its log and at /readyz what it waits for
  if (!settings.inCluster) await checkAccess(http, settings.watchNamespace);
  let controller: Controller | undefined;
  const inNamespace = settings.watchNamespace === undefined ? {} : { namespace: settings.watchNamespace };
  const held = <T extends KubeObject>(kind: CachedKind<T>["kind"], labelKeys?: readonly string[]): CachedKind => ({
    kind,
    ...inNamespace,
    ...(labelKeys ? { labelKeys } : {}),
  });
  const cache = createCachedKube({
    kube: http,
    clock,
    log,
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

  const connector: CephConnector =
    settings.cephTransport === "librados"
      ? createRadosConnector({ clock, log, onConnected: (identity: CephIdentity) => wakeNamespace(identity.namespace) })
      : createExecConnector({ exec: createPodExec(credentials), kube: cache, clock });
  const events = createKubeEventRecorder({ kube: http, clock, log, metrics, component: "rook-ceph-operator" });
  const reconciler = createClusterReconciler({
    kube: cache,
    connector,
    events,
    clock,
    log,
    random: (bytes) => randomBytes(bytes),
    operatorNamespace: settings.namespace,
    cephPatienceMs: settings.cephTransport === "librados" ? 300 : 10_000,
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

  const manager = createManager({
    clock,
    log,
    caches: [cache],
    controllers: [controller],
    events,
    health: { port: settings.healthPort, metrics: async () => ({ text: await registry.metrics(), contentType: registry.contentType }) },
    ...(settings.leaderElection
      ? {
          election: createLeaderElection({
            kube: http,
            clock,
            random,
            log,
            namespace: settings.namespace,
            name: lease,
            identity: `${env["POD_NAME"] ?? hostname()}_${randomBytes(4).toString("hex")}`,
            onChange: (isLeader) => metrics.leading(lease, isLeader),
          }),
        }
      : {}),
  });
  log.info("Starting", { version, server: credentials.server, transport: settings.cephTransport });
  try {
    const { exitCode } = await manager.run(stop);
    return exitCode;
  } finally {
    await connector.close();
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
