import { connectError } from "../ceph/answer.ts";
import type { CephIdentity } from "../ceph/ceph.ts";
import { CephError } from "../ceph/ceph-error.ts";
import type { Clock } from "../kube/clock.ts";
import { monTwice, namesOneMonTwice } from "./daemon-start.ts";
import type { DaemonView } from "./daemon-view.ts";
import { formCluster } from "./form-cluster.ts";
import { hasQuorum, type Observation, observe } from "./observe.ts";
import type { SimState } from "./sim-state.ts";

/** The clusters of a simulated Ceph: those that have formed, and which of them answers whom. */
export interface SimClusters {
  /** The newest of a namespace; undefined before there is one. */
  newest(where?: string): SimState | undefined;
  /** The one with this fsid, or the newest. Throws while there is none. */
  formed(fsid?: string): SimState;
  /** The cluster, as far as it answers `identity`, as its Pods are now; without one, the test itself asks. @throws CephError */
  answering(prefix: string, identity?: CephIdentity): SimState;
  /** Every one there ever was, the newest last. */
  all(): readonly SimState[];
  /** What they are now, by fsid. */
  save(): ReadonlyMap<string, SimState>;
}

/** Clusters that form when the operator or a test asks them. `namespace` is where a test's own are. */
export function createSimClusters(options: {
  readonly view: DaemonView;
  readonly clock: Clock;
  readonly namespace: string;
  readonly version: string;
  readonly from: ReadonlyMap<string, SimState> | undefined;
}): SimClusters {
  const { view, clock, namespace, version } = options;
  /** By fsid, the newest last: a cluster that was deleted is not the one that is made after it. */
  const clusters = new Map<string, SimState>(structuredClone(options.from) ?? []);

  const newest = (where = namespace): SimState | undefined => [...clusters.values()].filter((state) => state.namespace === where).at(-1);
  const formed = (fsid?: string): SimState => {
    const state = fsid === undefined ? newest() : clusters.get(fsid);
    if (state === undefined)
      throw new Error("the simulated Ceph cluster has not formed: no majority of mons was ready when it was last asked");
    return state;
  };

  /** What was judged last: nearly every command comes with the same mon_host. */
  let judged = { monHost: "", isDeadly: false };
  const isDeadly = (monHost: string): boolean => {
    if (judged.monHost !== monHost) judged = { monHost, isDeadly: namesOneMonTwice(monHost) };
    return judged.isDeadly;
  };
  /** The cluster, as far as it answers `identity`; without one, the test itself asks. */
  const answering = (prefix: string, identity?: CephIdentity): SimState => {
    const from: Observation = { view, namespace: identity?.namespace ?? namespace, version, now: clock.now() };
    // real librados takes its whole process along
    if (identity !== undefined && isDeadly(identity.monHost)) throw new Error(monTwice);
    if (identity !== undefined && !clusters.has(identity.fsid)) {
      const made = formCluster(identity, from);
      if (made !== undefined) clusters.set(made.fsid, made);
    }
    const state = identity === undefined ? newest() : clusters.get(identity.fsid);
    if (state !== undefined) observe(state, from);
    if (state === undefined || !hasQuorum(state)) throw new CephError("timedOut", prefix, "no quorum of mons");
    if (identity === undefined) return state;
    if (identity.namespace !== state.namespace || !state.mons.some(({ host }) => identity.monHost.includes(host)))
      throw new CephError("timedOut", prefix, "no mon answers at mon_host");
    if (state.entities.get(identity.user)?.key !== identity.key) throw connectError(prefix, -13);
    return state;
  };

  return { newest, formed, answering, all: () => [...clusters.values()], save: () => structuredClone(clusters) };
}
