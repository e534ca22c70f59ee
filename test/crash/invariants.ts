import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { isSettled } from "../../src/daemons/pod/pods.ts";
import { Deployment, Job } from "../../src/kube/kinds.ts";
import { pgsThatNeed } from "../../src/simceph/placement-groups.ts";
import type { Change } from "../../src/simkube/api/change-log.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { VirtualClock } from "../../src/simkube/virtual-clock.ts";
import { faultOfWrite, leftovers, mayBeDestroyed } from "./destruction.ts";
import { watchFilesystems } from "./mds-invariants.ts";
import { watchMonInvariants } from "./mon-invariants.ts";
import { watchPools } from "./pool-invariants.ts";
import { versionsOutOfOrder } from "./version-order.ts";

/** Ready may be said of a world that is as old as this: changes take time to be seen. */
const seenWithinMs = 2000;

/**
 * Watches what must hold at every step, whoever is stopped when: mons are never stopped below a majority, no OSD is stopped that others
 * need, nothing is written to a device that is not empty unless it is to be wiped and nobody uses it, a cluster that is to leave nothing leaves
 * nothing, and Ready is said only when it is true.
 */
export function watchInvariants(sim: SimCluster, clock: VirtualClock, isUsersDoing: () => boolean, say: (violation: string) => void): void {
  let lastTrouble = Number.NEGATIVE_INFINITY;
  let lastDeed = Number.NEGATIVE_INFINITY;
  /** How many writes to disks have been judged. */
  let judged = 0;
  const isDaemon = (object: SimObject, type: string) => object.metadata.labels?.["app"] === `rook-ceph-${type}`;

  /** Whether a daemon's Deployment has nothing left to do: one that was told to change is on its way down, however long that takes. */
  const isLeftAlone = (type: "osd", id: string): boolean => {
    const key = { namespace: "rook-ceph", name: `rook-ceph-${type}-${id}` };
    const found = sim.store.get(sim.store.resource(Deployment), key) as unknown as Deployment | undefined;
    return found !== undefined && isSettled(found, true);
  };
  /** A Deployment was changed or deleted in a way that stops its daemon. */
  const onDeployment = ({ type, object, before }: Change): void => {
    if (type === "added" || before === undefined) return;
    const stops = type === "deleted" || JSON.stringify(templateOf(before)) !== JSON.stringify(templateOf(object));
    const state = sim.ceph.state();
    // what a user deletes, or what goes with its CephCluster, goes by a wish that is not the operator's
    const hasCluster = sim.store.list(sim.store.resource(CephCluster)).length > 0;
    if (!stops || state === undefined || !hasCluster || isUsersDoing() || mayBeDestroyed(sim, object.metadata.namespace ?? "")) return;
    const id = object.metadata.labels?.["ceph_daemon_id"] ?? "";
    if (isDaemon(object, "osd")) {
      const stopped = [...state.osds.keys()].filter((other) => String(other) === id || !isLeftAlone("osd", String(other)));
      const count = pgsThatNeed(state, stopped);
      if (state.osds.get(Number(id))?.up === true && count > 0 && state.osds.size > 1) say(`an OSD is stopped that ${count} PGs need`);
    }
  };

  watchMonInvariants(sim, { isUsersDoing, wasUserJust: () => clock.now() - lastDeed <= seenWithinMs }, say);

  const onCluster = ({ type, object, before }: Change): void => {
    if (type === "deleted" && !isUsersDoing())
      for (const disk of leftovers(sim, object)) say(`the CephCluster is gone, and ${disk} still holds an OSD of it`);
    if (type === "deleted" || readyOf(object) !== "True" || readyOf(before) === "True") return;
    if (clock.now() - lastTrouble < seenWithinMs) return;
    const state = sim.ceph.state();
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

  watchPools(sim, say);
  watchFilesystems(sim, clock, isUsersDoing, say);
  sim.store.subscribe((resource, change) => {
    if (isUsersDoing()) lastDeed = clock.now();
    if (resource.kind === "Deployment") {
      onDeployment(change);
      if (!isUsersDoing()) for (const violation of versionsOutOfOrder(sim, change)) say(violation);
    }
    if (resource.kind === "CephCluster") onCluster(change);
    // a daemon that has just gone may not have been seen to be gone
    if (resource.kind === "Pod" && (change.type === "deleted" || change.object.metadata.deletionTimestamp !== undefined))
      lastTrouble = clock.now();
    if (resource.kind === "Node") lastTrouble = clock.now();
    const writes = sim.disks.writes();
    for (const write of writes.slice(judged)) {
      const fault = faultOfWrite(sim, write);
      if (fault !== undefined) say(fault);
    }
    judged = writes.length;
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

function templateOf(object: SimObject): unknown {
  return (object as unknown as Deployment).spec?.template;
}

function readyOf(object: SimObject | undefined): unknown {
  const conditions = fieldsOf(object?.["status"])["conditions"];
  return Array.isArray(conditions) ? conditions.map(fieldsOf).find((c) => c["type"] === "Ready")?.["status"] : undefined;
}
