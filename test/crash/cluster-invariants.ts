import type { Clock } from "../../src/kube/clock.ts";
import { Deployment, Job } from "../../src/kube/kinds.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { Change } from "../../src/simkube/api/change-log.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import { leftovers } from "./destruction.ts";

/** Ready may be said of a world that is as old as this: changes take time to be seen. */
const seenWithinMs = 2000;

/** Watches that a CephCluster that is to leave nothing leaves nothing, and that it begins to say Ready only when it is true. */
export function watchClusters(sim: SimCluster, clock: Clock, isUsersDoing: () => boolean, say: (violation: string) => void): void {
  let lastTrouble = Number.NEGATIVE_INFINITY;
  const onCluster = ({ type, object, before }: Change): void => {
    if (type === "deleted" && !isUsersDoing())
      for (const disk of leftovers(sim, object)) say(`the CephCluster is gone, and ${disk} still holds an OSD of it`);
    if (type === "deleted" || readyOf(object) !== "True" || readyOf(before) === "True") return;
    if (clock.now() - lastTrouble < seenWithinMs) return;
    const state = sim.ceph.state(object.metadata.namespace);
    const untrue = [
      ...(state === undefined ? ["there is no Ceph"] : []),
      ...(state !== undefined && state.quorum.length !== state.mons.length
        ? [`${state.quorum.length} of ${state.mons.length} mons are in quorum`]
        : []),
      ...[...(state?.osds.values() ?? [])]
        .filter((osd) => (!osd.up || !osd.in) && !isNewlyFound(sim, osd))
        .map((osd) => `osd.${osd.id} is not up and in`),
      ...(state?.mgrs.length === 0 ? ["no mgr is active"] : []),
    ];
    if (untrue.length > 0) say(`Ready is said, but ${untrue.join(", ")}`);
  };

  sim.store.subscribe((resource, change) => {
    if (resource.kind === CephCluster.kind) onCluster(change);
    // a daemon that has just gone may not have been seen to be gone
    if (resource.kind === "Pod" && (change.type === "deleted" || change.object.metadata.deletionTimestamp !== undefined))
      lastTrouble = clock.now();
    if (resource.kind === "Node") lastTrouble = clock.now();
  });
}

/**
 * Whether an OSD that was never up comes of a later look at a node's devices, and has no Deployment yet: the cluster was Ready before that
 * look, and stays so for one who has not heard of its end.
 */
function isNewlyFound(sim: SimCluster, { id, upFrom }: { readonly id: number; readonly upFrom: number }): boolean {
  const hasLaterLook = sim.store
    .list(sim.store.resource(Job))
    .some(({ metadata }) => /^rook-ceph-osd-prepare-.*-again$/.test(metadata.name ?? ""));
  const deployment = sim.store.get(sim.store.resource(Deployment), { namespace: "rook-ceph", name: `rook-ceph-osd-${id}` });
  return upFrom === 0 && hasLaterLook && deployment === undefined;
}

function readyOf(object: SimObject | undefined): unknown {
  const conditions = fieldsOf(object?.["status"])["conditions"];
  return Array.isArray(conditions) ? conditions.map(fieldsOf).find((c) => c["type"] === "Ready")?.["status"] : undefined;
}
