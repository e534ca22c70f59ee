import type { Ceph } from "../ceph/ceph.ts";
import { isCephError } from "../ceph/ceph-error.ts";
import { type CephStatus, clusterStatus } from "../ceph/commands/cluster.ts";
import { apps } from "../daemons/names.ts";
import { runningSince } from "../daemons/pod/pods.ts";
import { Deployment, Pod } from "../kube/kinds.ts";
import { cephIdentity } from "./ceph-identity.ts";
import type { OperatorDependencies } from "./dependencies.ts";

/** The way to a cluster, or why there is none. */
export type Reached =
  | { readonly state: "reached"; readonly connection: Ceph; readonly status: CephStatus }
  /** With when to ask again, where no watch tells of the end. */
  | { readonly state: "unreachable"; readonly message: string; readonly recheckAfterMs?: number };

/** Milliseconds after which a Ceph that does not answer is asked again. */
const againMs = 5_000;

/** Asks the Ceph of a namespace itself whether it answers, and gives it a moment to: nothing else says so. */
export async function reachCeph(deps: OperatorDependencies, namespace: string, signal: AbortSignal): Promise<Reached> {
  const labels = { rook_cluster: namespace };
  const pods = await deps.kube.list(Pod, { namespace, labels: { ...labels, app: apps.mon } });
  if (!pods.some((pod) => runningSince(pod) !== undefined))
    return { state: "unreachable", message: `no mon of the cluster in namespace ${namespace} is running` };
  const identity = await cephIdentity(deps.kube, namespace, await deps.kube.list(Deployment, { namespace, labels }));
  if (identity === undefined) return { state: "unreachable", message: `the cluster in namespace ${namespace} has no mons yet` };
  const connection = deps.connector.connect(identity);
  try {
    return {
      state: "reached",
      connection,
      status: await clusterStatus(connection, { signal, timeoutMs: Math.max(deps.cephPatienceMs, 2000) }),
    };
  } catch (error) {
    if (!isCephError(error)) throw error;
    return { state: "unreachable", message: `Ceph does not answer: ${error.message}`, recheckAfterMs: againMs };
  }
}
