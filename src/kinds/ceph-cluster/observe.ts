import type { Ceph } from "../../ceph/ceph.ts";
import { isCephError } from "../../ceph/ceph-error.ts";
import { clusterStatus, daemonVersions } from "../../ceph/commands/cluster.ts";
import { orUndefined, unansweredAgainMs } from "../../ceph/or-undefined.ts";
import { warningsAbout } from "../../daemons/diagnosis/warnings.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import { apps, fieldManager } from "../../daemons/names.ts";
import { ownerReference } from "../../daemons/pod/metadata.ts";
import { runningSince } from "../../daemons/pod/pods.ts";
import { applyWhenDifferent } from "../../kube/apply-when-different.ts";
import { Deployment, Job, Node, Pod } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/object.ts";
import { cephIdentity } from "../../resource/ceph-identity.ts";
import { guarded } from "../../resource/guarded.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import type { NormalizedClusterSpec } from "../../schema/defaults.ts";
import type { ClusterDependencies } from "./common/dependencies.ts";
import type { Pass } from "./common/pass.ts";

/** Sees the world once, for one pass: the cluster's objects, and Ceph's own status where it answers. */
export async function look(
  deps: ClusterDependencies,
  cluster: CephCluster,
  spec: NormalizedClusterSpec,
  signal: AbortSignal,
): Promise<Pass> {
  const guard = guarded(CephCluster, cluster, deps);
  const { kube } = guard;
  const namespace = cluster.metadata.namespace ?? "";
  const labels = { rook_cluster: namespace };
  const [pods, deployments, jobs, nodes] = await Promise.all([
    deps.kube.list(Pod, { namespace, labels }),
    deps.kube.list(Deployment, { namespace, labels }),
    deps.kube.list(Job, { namespace, labels }),
    deps.kube.list(Node),
  ]);
  const untouchable = deployments.filter((d) => d.metadata.labels?.[doNotReconcileLabel] !== undefined);
  const now = deps.clock.now();
  const pass: Pass = {
    deps: { ...deps, kube },
    signal,
    now,
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
    leftAlone: new Set(untouchable.map(daemonOf)),
    warnings: await warningsAbout(deps.live, { pods, jobs, now }),
    rechecks: [],
    notes: [],
    remarks: [],
    apply: async <T extends KubeObject>(kind: Kind<T>, object: T) => {
      const asItIs = kind.kind === Deployment.kind ? untouchable.find((d) => d.metadata.name === object.metadata.name) : undefined;
      if (asItIs !== undefined) return asItIs as KubeObject as T;
      const { object: now, changed } = await applyWhenDifferent(kube, kind, object, { fieldManager });
      if (changed) deps.log.info("applied", { kind: kind.kind, name: object.metadata.name });
      return now;
    },
  };
  const ceph = await askCeph(pass, guard.ceph);
  if (ceph !== undefined) pass.ceph = ceph;
  if (ceph !== undefined && ceph.versions === undefined) pass.rechecks.push(unansweredAgainMs);
  return pass;
}

/** Whether Ceph, which has left a question without an answer, answers at all: where not, it is as if it had not from the start of the pass. */
export async function askCephAgain(pass: Pass): Promise<void> {
  if (pass.ceph === undefined) return;
  const status = await orUndefined(
    clusterStatus(pass.ceph.connection, { signal: pass.signal, timeoutMs: Math.max(pass.deps.cephPatienceMs, 2000) }),
  );
  if (status === undefined) delete pass.ceph;
  else pass.ceph = { ...pass.ceph, status };
}

/** `mon.a`; the Deployment's own name where it is no daemon's. */
function daemonOf({ metadata: { labels = {}, name = "" } }: Deployment): string {
  const { ceph_daemon_type: type, ceph_daemon_id: id } = labels;
  return type === undefined || id === undefined ? name : `${type}.${id}`;
}

/** Ceph's status; undefined while there are no mons to ask, or they do not answer. */
async function askCeph(pass: Pass, guard: (connection: Ceph) => Ceph): Promise<Pass["ceph"]> {
  const { deps } = pass;
  const { namespace } = pass.context;
  // not those that are ready only: a quorum is there seconds before the kubelet has asked the probes
  const running = pass.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.mon).flatMap((pod) => runningSince(pod) ?? []);
  if (running.length === 0) return undefined;
  const identity = await cephIdentity(deps.kube, namespace, pass.deployments);
  if (identity === undefined) return undefined;
  const connection = guard(deps.connector.connect(identity));
  const options = { signal: pass.signal, timeoutMs: patience(pass, Math.min(...running)) };
  try {
    const [status, versions] = await Promise.all([clusterStatus(connection, options), orUndefined(daemonVersions(connection, options))]);
    return { connection, status, ...(versions === undefined ? {} : { versions }) };
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
function patience({ deps, now }: Pass, oldestMon: number): number {
  return Math.max(deps.cephPatienceMs, Math.min(5000, (now - oldestMon) / 6));
}
