import { isSettled } from "../../src/daemons/pod/pods.ts";
import { Deployment } from "../../src/kube/kinds.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { pgsThatNeed } from "../../src/simceph/placement-groups.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { Change } from "../../src/simkube/api/change-log.ts";
import { mayBeDestroyed } from "./destruction.ts";
import { sameDaemon } from "./mon-invariants.ts";

/** Watches that no OSD is stopped that others need, those counted as stopped that were told to change and are not back. */
export function watchOsds(sim: SimCluster, isUsersDoing: () => boolean, say: (violation: string) => void): void {
  /** Whether an OSD's Deployment has nothing left to do: one that was told to change is on its way down, however long that takes. */
  const isLeftAlone = (id: number): boolean => {
    const key = { namespace: "rook-ceph", name: `rook-ceph-osd-${id}` };
    const found = sim.store.get(sim.store.resource(Deployment), key) as unknown as Deployment | undefined;
    return found !== undefined && isSettled(found, true);
  };
  /** A Deployment was changed or deleted in a way that stops its daemon. */
  const onDeployment = ({ type, object, before }: Change): void => {
    if (type === "added" || before === undefined || object.metadata.labels?.["app"] !== "rook-ceph-osd") return;
    const stops = type === "deleted" || !sameDaemon(before, object);
    const state = sim.ceph.state();
    // what a user deletes, or what goes with its CephCluster, goes by a wish that is not the operator's
    const hasCluster = sim.store.list(sim.store.resource(CephCluster)).length > 0;
    if (!stops || state === undefined || !hasCluster || isUsersDoing() || mayBeDestroyed(sim, object.metadata.namespace ?? "")) return;
    const id = object.metadata.labels["ceph_daemon_id"] ?? "";
    const stopped = [...state.osds.keys()].filter((other) => String(other) === id || !isLeftAlone(other));
    const count = pgsThatNeed(state, stopped);
    if (state.osds.get(Number(id))?.up === true && count > 0 && state.osds.size > 1) say(`an OSD is stopped that ${count} PGs need`);
  };
  sim.store.subscribe((resource, change) => {
    if (resource.kind === Deployment.kind) onDeployment(change);
  });
}
