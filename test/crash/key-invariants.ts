import { CephFilesystem, isMdsOf } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { type Pod, Pod as PodKind } from "../../src/kube/kinds.ts";
import { hasQuorum } from "../../src/simceph/observe.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { SimState } from "../../src/simceph/sim-state.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import { isReady, type LiveDaemons, type LiveType } from "./live-daemons.ts";

const types: readonly LiveType[] = ["mgr", "osd", "mds"];

/** Daemons that run and whose key Ceph does not have: they are cut off as soon as they have to log in again. */
export function daemonsWithoutKey(sim: SimCluster, namespace: string, live: LiveDaemons): string[] {
  const state = sim.ceph.state(namespace);
  if (state === undefined || !hasQuorum(state)) return [];
  const daemons = types.flatMap((type) => [...live.of(type).keys()].filter((id) => isOfThis(state, type, id)).map((id) => `${type}.${id}`));
  return daemons.filter((daemon) => !state.entities.has(daemon) && !isToGo(sim, namespace, daemon));
}

/** An OSD of an older cluster may still be there. */
function isOfThis(state: SimState, type: LiveType, id: string): boolean {
  return type !== "osd" || state.osds.has(Number(id));
}

/** Daemons whose key a command has just taken away while their Pods serve; `before` are the keys that there were. */
export function robbedDaemons(sim: SimCluster, namespace: string, before: ReadonlySet<string>): string[] {
  const state = sim.ceph.state(namespace);
  const lost = [...before].filter((entity) => state !== undefined && !state.entities.has(entity));
  if (lost.length === 0) return [];
  const pods = typedStore(sim.store).list(PodKind, namespace).filter(isReady);
  return lost.filter((entity) => !isToGo(sim, namespace, entity) && pods.some((pod) => entityOf(pod) === entity));
}

/** The MDSs of a file system that is about to be removed lose their keys first: that marks the removal. */
function isToGo(sim: SimCluster, namespace: string, entity: string): boolean {
  const mds = /^mds\.(.+)$/.exec(entity)?.[1];
  if (mds === undefined) return false;
  const filesystems = typedStore(sim.store).list(CephFilesystem, namespace);
  return filesystems.some((each) => each.metadata.deletionTimestamp !== undefined && isMdsOf(each, mds));
}

function entityOf({ metadata }: Pod): string | undefined {
  const type = types.find((each) => metadata.labels?.["app"] === `rook-ceph-${each}`);
  if (type !== undefined) return `${type}.${metadata.labels?.[type] ?? metadata.labels?.["ceph_daemon_id"] ?? ""}`;
  return metadata.labels?.["app"] === "rook-ceph-crashcollector" ? "client.crash" : undefined;
}
