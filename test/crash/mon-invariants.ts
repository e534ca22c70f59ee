import { isSettled } from "../../src/daemons/pod/pods.ts";
import { ConfigMap, Deployment, Node, Pod, type Secret } from "../../src/kube/kinds.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { wasRemoved } from "../../src/simceph/observe.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { majority } from "../../src/simceph/sim-state.ts";
import type { Change } from "../../src/simkube/api/change-log.ts";
import type { SimObject } from "../../src/simkube/api/sim-object.ts";
import { hasPower } from "../../src/simkube/controllers/nodes.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import { mayBeDestroyed } from "./destruction.ts";

const namespace = "rook-ceph";

/**
 * Watches that no act of the operator leaves fewer healthy mons than a majority of the monmap, if it was so before: neither what it does
 * to a Deployment, nor what it tells Ceph; that a mon leaves only where there are more than are wanted; and that the endpoints never forget
 * more than one mon at a time, nor so many that no majority is left. A mon is healthy when it is in quorum and nobody has told its Deployment
 * to change; one that runs and is about to join counts as joined.
 */
export function watchMonInvariants(
  sim: SimCluster,
  { isUsersDoing, wasUserJust }: { readonly isUsersDoing: () => boolean; readonly wasUserJust: () => boolean },
  say: (violation: string) => void,
): void {
  const store = typedStore(sim.store);
  const isOperators = () => !isUsersDoing() && store.list(CephCluster, namespace).length > 0 && !mayBeDestroyed(sim, namespace);
  const isSteady = (id: string): boolean => {
    const found = store.get(Deployment, { namespace, name: `rook-ceph-mon-${id}` });
    return found !== undefined && isSettled(found, true);
  };
  /** Mons that run, by their Pods and the nodes under them. */
  const running = (): { readonly id: string; readonly nodeName: string }[] =>
    store.list(Pod, namespace).flatMap((pod) => {
      const { app, mon: id } = pod.metadata.labels ?? {};
      const node = store.get(Node, { name: pod.spec?.nodeName ?? "" });
      const isReady = pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
      if (app !== "rook-ceph-mon" || id === undefined || !isReady || node === undefined || !hasPower(node)) return [];
      return [{ id, nodeName: node.metadata.name ?? "" }];
    });
  /** Mons that run outside of the monmap and may join it. */
  const joining = (): string[] => {
    const state = sim.ceph.state();
    if (state === undefined) return [];
    return running()
      .filter((mon) => !state.mons.some(({ name }) => name === mon.id) && !wasRemoved(state, mon))
      .map(({ id }) => id);
  };

  const onDeployment = ({ type, object, before }: Change): void => {
    const state = sim.ceph.state();
    const id = object.metadata.labels?.["mon"];
    if (type === "added" || before === undefined || state === undefined || id === undefined || !isOperators()) return;
    if (object.metadata.namespace !== namespace || object.metadata.labels?.["app"] !== "rook-ceph-mon") return;
    if (type !== "deleted" && sameDaemon(before, object)) return;
    const map = [...state.mons.map(({ name }) => name), ...joining()];
    const healthy = [...state.quorum, ...joining()];
    const left = healthy.filter((name) => name !== id && isSteady(name)).length;
    // nobody stops what does not run: the quorum is as it was when Ceph was last asked
    const isStopped = healthy.includes(id) && running().some((mon) => mon.id === id);
    if (isStopped && map.length > 1 && left < majority(map.length))
      say(`mon ${id} is stopped, which leaves ${left} of ${map.length} in quorum`);
    // what a user has just done cannot have been seen yet
    const others = state.mons.length - 1;
    if (type === "modified" && isStopped && left < others && !wasUserJust())
      say(`mon ${id} is stopped while only ${left} of ${others} others are in quorum`);
  };
  sim.ceph.intercept(({ prefix, name }, when, _options, identity) => {
    const state = sim.ceph.state();
    if (when === "before" || prefix !== "mon rm" || identity.namespace !== namespace || state === undefined) return;
    const { length: after } = state.mons.filter((mon) => mon.name !== name);
    const wanted = store.list(CephCluster, namespace)[0]?.spec?.mon?.count ?? 0;
    if (isOperators() && !wasUserJust() && after < state.mons.length && after < wanted)
      say(`mon ${String(name)} is removed before another one has joined: ${after} of ${wanted} are left`);
    const left = state.quorum.filter(isSteady).length;
    if (left < majority(state.mons.length)) say(`mon ${String(name)} is removed, which leaves ${left} of ${state.mons.length} in quorum`);
  });
  /** Those mons of the monmap that a text names: `a=10.0.0.1:6789,b=…` or `a,b`. */
  const namedIn = (text: string): string[] =>
    (sim.ceph.state()?.mons ?? []).flatMap(({ name }) => (text.split(",").some((part) => part.split("=")[0] === name) ? [name] : []));
  const onEndpoints = (before: SimObject, now: SimObject): void => {
    const dataOf = (object: SimObject) => namedIn((object as unknown as ConfigMap).data?.["data"] ?? "");
    const count = sim.ceph.state()?.mons.length ?? 0;
    const forgotten = dataOf(before).filter((name) => !dataOf(now).includes(name));
    if (forgotten.length > 1 || (forgotten.length > 0 && count > 2 && dataOf(now).length < majority(count)))
      say(`the ConfigMap of endpoints forgets mon ${forgotten.join(", ")} of ${count}`);
  };
  const onSecret = (now: SimObject): void => {
    const members = Buffer.from((now as unknown as Secret).data?.["mon_initial_members"] ?? "", "base64").toString();
    const endpoints = store.get(ConfigMap, { namespace, name: "rook-ceph-mon-endpoints" })?.data?.["data"] ?? "";
    const missing = namedIn(endpoints).filter((name) => !namedIn(members).includes(name));
    if (missing.length > 0) say(`the daemons' Secret does not have mon ${missing.join(", ")}`);
  };

  sim.store.subscribe((resource, { type, object, before }) => {
    if (resource.kind === "Deployment") onDeployment({ version: 0, type, object, ...(before ? { before } : {}) });
    if (type !== "modified" || before === undefined || object.metadata.namespace !== namespace || !isOperators()) return;
    if (resource.kind === "ConfigMap" && object.metadata.name === "rook-ceph-mon-endpoints") onEndpoints(before, object);
    if (resource.kind === "Secret" && object.metadata.name === "rook-ceph-config") onSecret(object);
  });
}

/** Whether the daemon goes on as it was: what else changes in its Deployment stops nothing. */
export function sameDaemon(before: SimObject, after: SimObject): boolean {
  const of = (object: SimObject) => {
    const { spec } = object as unknown as Deployment;
    return JSON.stringify([spec?.template, spec?.replicas ?? 1]);
  };
  return of(before) === of(after);
}
