import type { CephCluster } from "../../api/ceph-cluster.ts";
import type { NormalizedClusterSpec } from "../../api/defaults.ts";
import { isCephError } from "../../ceph/ceph-error.ts";
import { clusterStatus } from "../../ceph/commands/cluster.ts";
import { applyWhenDifferent } from "../../kube/apply-when-different.ts";
import { ConfigMap, Deployment, Job, Node, Pod, Secret, Service } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/object.ts";
import { ownerReference } from "../build/metadata.ts";
import { monAddress } from "../build/secrets.ts";
import type { ClusterDependencies } from "../dependencies.ts";
import { guardedKube } from "../guarded-kube.ts";
import { doNotReconcileLabel } from "../labels.ts";
import { apps, fieldManager, names } from "../names.ts";
import type { Pass } from "../pass.ts";
import { identityOf } from "../steps/identity.ts";
import { knownMons } from "./mons.ts";
import { runningSince } from "./pods.ts";

/** Sees the world once, for one pass: the cluster's objects, and Ceph's own status where it answers. */
export async function look(
  deps: ClusterDependencies,
  cluster: CephCluster,
  spec: NormalizedClusterSpec,
  signal: AbortSignal,
): Promise<Pass> {
  const kube = guardedKube(deps.kube, deps.live, cluster);
  const namespace = cluster.metadata.namespace ?? "";
  const labels = { rook_cluster: namespace };
  const [pods, deployments, jobs, nodes] = await Promise.all([
    deps.kube.list(Pod, { namespace, labels }),
    deps.kube.list(Deployment, { namespace, labels }),
    deps.kube.list(Job, { namespace, labels }),
    deps.kube.list(Node),
  ]);
  const leftAlone = new Set(
    deployments
      .filter((d) => d.metadata.labels?.[doNotReconcileLabel] !== undefined)
      .map((d) => `${d.metadata.labels?.["ceph_daemon_type"] ?? ""}.${d.metadata.labels?.["ceph_daemon_id"] ?? ""}`),
  );
  const pass: Pass = {
    deps: { ...deps, kube },
    signal,
    now: deps.clock.now(),
    cluster,
    context: {
      namespace,
      clusterName: cluster.metadata.name ?? "",
      operatorNamespace: deps.operatorNamespace,
      owner: ownerReference(cluster),
      spec,
    },
    pods,
    deployments,
    jobs,
    nodes,
    leftAlone,
    notes: [],
    apply: async <T extends KubeObject>(kind: Kind<T>, object: T) => {
      const { object: now, changed } = await applyWhenDifferent(kube, kind, object, { fieldManager });
      if (changed) deps.log.info("applied", { kind: kind.kind, name: object.metadata.name });
      return now;
    },
  };
  const ceph = await askCeph(pass);
  if (ceph !== undefined) pass.ceph = ceph;
  return pass;
}

/** Ceph's status; undefined while there are no mons to ask, or they do not answer. */
async function askCeph(pass: Pass): Promise<Pass["ceph"]> {
  const { deps } = pass;
  const { namespace } = pass.context;
  // not those that are ready only: a quorum is there seconds before the kubelet has asked the probes
  const running = pass.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.mon).flatMap((pod) => runningSince(pod) ?? []);
  if (running.length === 0) return undefined;
  const secret = await deps.kube.get(Secret, { namespace, name: names.identity });
  const identity = secret && identityOf(secret);
  const endpoints = await deps.kube.get(ConfigMap, { namespace, name: names.endpoints });
  const services = await deps.kube.list(Service, { namespace, labels: { app: apps.mon, rook_cluster: namespace } });
  const addresses = knownMons(endpoints, pass.deployments, services).flatMap((mon) => mon.address ?? []);
  if (identity === undefined || addresses.length === 0) return undefined;
  const connection = deps.connector.connect({
    namespace,
    fsid: identity.fsid,
    monHost: addresses.map(monAddress).join(","),
    user: identity.adminUser,
    key: identity.adminKey,
  });
  try {
    return {
      connection,
      status: await clusterStatus(connection, { signal: pass.signal, timeoutMs: patience(pass, Math.max(...running)) }),
    };
  } catch (error) {
    if (!isCephError(error)) throw error;
    deps.log.debug("Ceph does not answer", { namespace, error });
    return undefined;
  }
}

/**
 * How long a pass gives Ceph to answer: a moment while the mons form their quorum, which wakes the next pass anyway; longer the longer
 * they have been there, up to 5 s, since a new operator's first question has to connect first.
 */
function patience({ deps, now }: Pass, newestMon: number): number {
  return Math.max(deps.cephPatienceMs, Math.min(5000, (now - newestMon) / 6));
}
