import type { Ceph } from "../../ceph/ceph.ts";
import { CephError, isCephError } from "../../ceph/ceph-error.ts";
import { clusterStatus, daemonVersions } from "../../ceph/commands/cluster.ts";
import { orUndefined } from "../../ceph/or-undefined.ts";
import { warningsAbout } from "../../daemons/diagnosis/warnings.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import { apps, fieldManager } from "../../daemons/names.ts";
import { ownerReference } from "../../daemons/pod/metadata.ts";
import { runningSince } from "../../daemons/pod/pods.ts";
import { applyWhenDifferent } from "../../kube/apply-when-different.ts";
import { Deployment, Job, Node, Pod } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/object.ts";
import { cephIdentity } from "../../resource/ceph-identity.ts";
import type { OperatorDependencies } from "../../resource/dependencies.ts";
import { guarded } from "../../resource/guarded.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import { withDefaults } from "../../schema/defaults.ts";
import type { Act } from "./common/act.ts";
import type { World } from "./common/world.ts";

/** A pass's view of the world, and its means to change it. */
export interface Observed {
  readonly world: World;
  readonly act: Act;
}

/** Sees the world once, for one pass: the cluster's objects, and Ceph's own status where it answers. */
export async function observe(
  deps: OperatorDependencies,
  cluster: CephCluster,
  { signal, release }: Pick<Act, "signal" | "release">,
): Promise<Observed> {
  const guard = guarded(CephCluster, cluster, deps);
  const { namespace = "", name = "" } = cluster.metadata;
  const labels = { rook_cluster: namespace };
  const [pods, deployments, jobs, nodes] = await Promise.all([
    deps.kube.list(Pod, { namespace, labels }),
    deps.kube.list(Deployment, { namespace, labels }),
    deps.kube.list(Job, { namespace, labels }),
    deps.kube.list(Node),
  ]);
  const untouchable = deployments.filter((d) => d.metadata.labels?.[doNotReconcileLabel] !== undefined);
  const now = deps.clock.now();
  const seen: World = {
    now,
    cluster,
    context: {
      namespace,
      clusterName: name,
      operatorNamespace: deps.operatorNamespace,
      owner: ownerReference(cluster),
      spec: withDefaults(cluster.spec),
    },
    pods,
    deployments,
    jobs,
    nodes,
    leftAlone: new Set(untouchable.map(daemonOf)),
    warnings: await warningsAbout(deps.live, { pods, jobs, now }),
    deviceIntervalMs: deps.deviceIntervalMs,
  };
  const connection = await connect(deps, seen, guard.ceph);
  const ceph = connection && (await askCeph(deps, seen, connection, signal));
  return {
    world: ceph === undefined ? seen : { ...seen, ceph },
    act: {
      signal,
      kube: guard.kube,
      live: deps.live,
      ceph: connection ?? unconnected,
      log: deps.log,
      random: deps.random,
      release,
      tell: (note) => deps.events.record(cluster, note),
      apply: async <T extends KubeObject>(kind: Kind<T>, object: T) => {
        const asItIs = kind.kind === Deployment.kind ? untouchable.find((d) => d.metadata.name === object.metadata.name) : undefined;
        if (asItIs !== undefined) return asItIs as KubeObject as T;
        const { object: made, changed } = await applyWhenDifferent(guard.kube, kind, object, { fieldManager });
        if (changed) deps.log.info("applied", { kind: kind.kind, name: object.metadata.name });
        return made;
      },
    },
  };
}

/** `mon.a`; the Deployment's own name where it is no daemon's. */
function daemonOf({ metadata: { labels = {}, name = "" } }: Deployment): string {
  const { ceph_daemon_type: type, ceph_daemon_id: id } = labels;
  return type === undefined || id === undefined ? name : `${type}.${id}`;
}

/** When each mon's Pod began to run. Not of those that are ready only: a quorum is there seconds before the kubelet has asked the probes. */
const runningMons = ({ pods }: World): number[] =>
  pods.filter((pod) => pod.metadata.labels?.["app"] === apps.mon).flatMap((pod) => runningSince(pod) ?? []);

/** A connection to Ceph; undefined while there are no mons to ask. */
async function connect(deps: OperatorDependencies, world: World, guard: (connection: Ceph) => Ceph): Promise<Ceph | undefined> {
  if (runningMons(world).length === 0) return undefined;
  const identity = await cephIdentity(deps.kube, world.context.namespace, world.deployments);
  return identity && guard(deps.connector.connect(identity));
}

/** Where there are no mons, no command gets an answer. */
const unconnected: Readonly<Ceph> = {
  command: ({ prefix }) => Promise.reject(new CephError("unreachable", prefix, "there are no mons to ask")),
  close: () => Promise.resolve(),
};

/** Ceph's status; undefined while the mons do not answer. */
async function askCeph(deps: OperatorDependencies, world: World, connection: Ceph, signal: AbortSignal): Promise<World["ceph"]> {
  const options = { signal, timeoutMs: patience(deps, world) };
  try {
    const [status, versions] = await Promise.all([clusterStatus(connection, options), orUndefined(daemonVersions(connection, options))]);
    return { status, ...(versions === undefined ? {} : { versions }) };
  } catch (error) {
    if (!isCephError(error)) throw error;
    deps.log.debug("Ceph does not answer", { namespace: world.context.namespace, error });
    return undefined;
  }
}

/**
 * How long a pass gives Ceph to answer: a moment while the mons form their quorum, which wakes the next pass anyway; longer the longer
 * they have been there, up to 5 s, since a new operator's first question has to connect first.
 */
function patience({ cephPatienceMs }: OperatorDependencies, world: World): number {
  return Math.max(cephPatienceMs, Math.min(5000, (world.now - Math.min(...runningMons(world))) / 6));
}
