import { CephCluster } from "../../src/api/ceph-cluster.ts";
import type { Deployment } from "../../src/kube/kinds.ts";
import { pgsThatNeed } from "../../src/sim/ceph/placement-groups.ts";
import { majority } from "../../src/sim/ceph/sim-state.ts";
import type { Change } from "../../src/sim/kube/change-log.ts";
import { fieldsOf, type SimObject } from "../../src/sim/kube/sim-object.ts";
import type { SimCluster } from "../../src/sim/sim-cluster.ts";
import type { VirtualClock } from "../../src/sim/virtual-clock.ts";

/** Ready may be said of a world that is as old as this: changes take time to be seen. */
const seenWithinMs = 2000;

/**
 * Watches what must hold at every step, whoever is stopped when: mons are never stopped below a majority, no OSD is stopped that others
 * need, nothing is written to a device that is not empty, and Ready is said only when it is true.
 */
export function watchInvariants(sim: SimCluster, clock: VirtualClock, isUsersDoing: () => boolean, say: (violation: string) => void): void {
  let lastTrouble = Number.NEGATIVE_INFINITY;
  const isDaemon = (object: SimObject, type: string) => object.metadata.labels?.["app"] === `rook-ceph-${type}`;

  /** A Deployment was changed or deleted in a way that stops its daemon. */
  const onDeployment = ({ type, object, before }: Change): void => {
    if (type === "added" || before === undefined) return;
    const stops = type === "deleted" || JSON.stringify(templateOf(before)) !== JSON.stringify(templateOf(object));
    const state = sim.ceph.state();
    // what a user deletes, or what goes with its CephCluster, goes by a wish that is not the operator's
    const hasCluster = sim.store.list(sim.store.resource(CephCluster)).length > 0;
    if (!stops || state === undefined || !hasCluster || isUsersDoing()) return;
    const id = object.metadata.labels?.["ceph_daemon_id"] ?? "";
    if (isDaemon(object, "mon")) {
      const left = state.quorum.filter((name) => name !== id).length;
      if (state.quorum.includes(id) && left < majority(state.mons.length) && state.mons.length > 1)
        say(`mon ${id} is stopped, which leaves ${left} of ${state.mons.length} in quorum`);
    }
    if (isDaemon(object, "osd")) {
      const count = pgsThatNeed(state, [Number(id)]);
      if (count > 0 && state.osds.size > 1) say(`an OSD is stopped that ${count} PGs need`);
    }
  };

  const onCluster = ({ type, object, before }: Change): void => {
    if (type === "deleted" || readyOf(object) !== "True" || readyOf(before) === "True") return;
    if (clock.now() - lastTrouble < seenWithinMs) return;
    const state = sim.ceph.state();
    const untrue = [
      ...(state === undefined ? ["there is no Ceph"] : []),
      ...(state !== undefined && state.quorum.length !== state.mons.length
        ? [`${state.quorum.length} of ${state.mons.length} mons are in quorum`]
        : []),
      ...[...(state?.osds.values() ?? [])].filter((osd) => !osd.up || !osd.in).map((osd) => `osd.${osd.id} is not up and in`),
      ...(state?.mgrs.length === 0 ? ["no mgr is active"] : []),
    ];
    if (untrue.length > 0) say(`Ready is said, but ${untrue.join(", ")}`);
  };

  sim.store.subscribe((resource, change) => {
    if (resource.kind === "Deployment") onDeployment(change);
    if (resource.kind === "CephCluster") onCluster(change);
    // a daemon that has just gone may not have been seen to be gone
    if (resource.kind === "Pod" && (change.type === "deleted" || change.object.metadata.deletionTimestamp !== undefined))
      lastTrouble = clock.now();
    if (resource.kind === "Node") lastTrouble = clock.now();
    for (const { node, disk, before } of sim.disks.writes())
      if (before.type !== "empty") say(`${node} /dev/${disk} is written to, which holds ${before.type === "osd" ? "an OSD" : before.name}`);
  });
}

function templateOf(object: SimObject): unknown {
  return (object as unknown as Deployment).spec?.template;
}

function readyOf(object: SimObject | undefined): unknown {
  const conditions = fieldsOf(object?.["status"])["conditions"];
  return Array.isArray(conditions) ? conditions.map(fieldsOf).find((c) => c["type"] === "Ready")?.["status"] : undefined;
}
