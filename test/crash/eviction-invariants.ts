import { Node, Pod, PodDisruptionBudget } from "../../src/kube/kinds.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { pgsThatNeed } from "../../src/simceph/placement-groups.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { Change } from "../../src/simkube/api/change-log.ts";
import { budgetsOf } from "../../src/simkube/api/evict.ts";
import type { SimObject } from "../../src/simkube/api/sim-object.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";

/** A budget may be about a world that is as old as this: changes take time to be seen. */
const seenWithinMs = 2000;

/**
 * What must hold of evictions at every step while budgets are managed: no more than one failure domain may lose OSDs at a time, and no
 * eviction that the budgets allow makes PGs inactive.
 */
export function watchEvictions(sim: SimCluster, now: () => number, isUsersDoing: () => boolean, say: (violation: string) => void): void {
  const store = typedStore(sim.store);
  const isOsd = ({ metadata }: Pod) => metadata.labels?.["app"] === "rook-ceph-osd";
  const areBudgetsManaged = (): boolean =>
    store
      .list(CephCluster)
      .some(({ metadata, spec }) => metadata.deletionTimestamp === undefined && spec?.disruptionManagement?.managePodBudgets === true);
  const readyCondition = (pod: Pod) => pod.status?.conditions?.find((c) => c.type === "Ready" && c.status === "True");
  const serves = (pod: Pod) => readyCondition(pod) !== undefined && pod.metadata.deletionTimestamp === undefined;
  const readyForMs = (pod: Pod) => now() - Date.parse(readyCondition(pod)?.lastTransitionTime ?? "");
  const osdPods = () => store.list(Pod, "rook-ceph").filter(isOsd);
  const hostOf = ({ metadata }: Pod) => metadata.labels?.["topology-location-host"] ?? "";
  const selects = (pod: Pod) => budgetsOf(sim.store, pod as unknown as SimObject).map(({ metadata }) => metadata.name);

  /** A budget was changed or taken away. */
  const onBudget = ({ type, object }: Change): void => {
    if (type === "added" || isUsersDoing() || !areBudgetsManaged() || !(object.metadata.name ?? "").startsWith("rook-ceph-osd")) return;
    const pods = osdPods();
    const serving = pods.filter(serves);
    const free = [...new Set(serving.filter((pod) => selects(pod).length === 0).map(hostOf))];
    if (free.length > 1) say(`OSDs of ${free.join(" and ")} may be evicted at the same time: no budget covers them`);
    for (const { metadata, spec } of store.list(PodDisruptionBudget, "rook-ceph")) {
      const allowed = Number(spec?.maxUnavailable ?? 0);
      if (metadata.labels?.["app"] !== "rook-ceph-osd" || allowed === 0) continue;
      if (!serving.some((pod) => selects(pod).includes(metadata.name))) continue;
      // one that has just come back may not have been seen
      const missing = pods.length - serving.filter((pod) => readyForMs(pod) >= seenWithinMs).length;
      if (free.length > 0) say(`${metadata.name ?? ""} allows evictions while those of ${free.join()} are free`);
      if (allowed > 1 + missing) say(`${metadata.name ?? ""} allows ${allowed} OSDs to be away while ${missing} are`);
    }
  };
  /** An OSD of a cordoned node is evicted. */
  const onPod = (pod: Pod, before: Pod): void => {
    if (!isOsd(pod) || isUsersDoing() || !areBudgetsManaged() || !serves(before) || pod.metadata.deletionTimestamp === undefined) return;
    const node = store.get(Node, { name: pod.spec?.nodeName ?? "" });
    const state = sim.ceph.state();
    if (state === undefined || node?.spec?.unschedulable !== true) return;
    const serving = new Set(
      osdPods()
        .filter(serves)
        .map(({ metadata }) => metadata.labels?.["ceph-osd-id"]),
    );
    const count = pgsThatNeed(
      state,
      [...state.osds.keys()].filter((id) => !serving.has(String(id))),
    );
    if (count > 0) say(`the eviction of osd.${pod.metadata.labels?.["ceph-osd-id"] ?? ""} was allowed, which ${count} PGs need`);
  };

  sim.store.subscribe((resource, change) => {
    if (resource.kind === "PodDisruptionBudget") onBudget(change);
    if (resource.kind === "Pod" && change.type === "modified" && change.before !== undefined) onPod(change.object, change.before);
  });
}
