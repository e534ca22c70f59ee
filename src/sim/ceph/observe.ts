import { type DaemonPod, daemonPods } from "./daemon-pods.ts";
import type { DaemonView } from "./daemon-view.ts";
import { mgrPool } from "./mgr-pool.ts";
import { globalSetting, majority, type SimState } from "./sim-state.ts";

export interface Observation {
  readonly view: DaemonView;
  readonly namespace: string;
  readonly version: string;
  readonly now: number;
}

/** Brings a cluster to where its Pods have brought it: who is in quorum, which mgr is active, which OSDs are up. */
export function observe(state: SimState, from: Observation): void {
  const { view, namespace, version, now } = from;
  // what else decides who is up: keys, flags and the map of OSDs
  const seen = `${view.version?.() ?? Number.NaN} ${state.entities.size} ${state.osds.size} ${state.mons.length} ${state.osdFlags.has("noup")}`;
  if (state.seen === seen) return;
  state.seen = view.version === undefined ? "" : seen;
  const pods = (type: "mon" | "mgr" | "osd") =>
    daemonPods(view, namespace, type, version).filter(({ fsid }) => fsid === undefined || fsid === state.fsid);
  observeMons(state, pods("mon"), now);
  if (!hasQuorum(state)) return;
  observeMgrs(state, pods("mgr"), now);
  observeOsds(state, pods("osd"), now);
  const pool = mgrPool(state);
  if (pool !== undefined) {
    state.pools.push(pool);
    changeOsdMap(state, now);
  }
}

/** Whether a majority of the monmap is in quorum. */
export function hasQuorum(state: SimState): boolean {
  return state.quorum.length >= majority(state.mons.length);
}

/** The OSD map has a new epoch. */
export function changeOsdMap(state: SimState, now: number): void {
  state.osdEpoch++;
  state.osdsChangedAt = now;
}

/** The monmap has a new epoch. */
export function changeMonMap(state: SimState, now: number): void {
  state.monEpoch++;
  state.monsChangedAt = now;
}

function observeMons(state: SimState, pods: readonly DaemonPod[], now: number): void {
  const ready = pods.filter((pod) => pod.ready);
  const inQuorum = () => state.mons.filter((mon) => ready.some((pod) => pod.host === mon.host));
  for (const mon of state.mons) {
    const pod = ready.find(({ host }) => host === mon.host);
    if (pod === undefined) continue;
    mon.name = pod.id;
    mon.version = pod.version;
  }
  if (inQuorum().length >= majority(state.mons.length)) {
    for (const pod of ready.filter(({ host }) => !state.mons.some((mon) => mon.host === host))) {
      // a mon comes back under another address: the one in the map goes
      state.mons = [...state.mons.filter(({ name }) => name !== pod.id), { name: pod.id, host: pod.host, version: pod.version }];
      changeMonMap(state, now);
    }
  }
  const quorum = inQuorum().map(({ name }) => name);
  if (quorum.join() === state.quorum.join()) return;
  state.quorum = quorum;
  state.quorumSince = now;
  state.electionEpoch += 2;
}

function observeMgrs(state: SimState, pods: readonly DaemonPod[], now: number): void {
  const running = pods.filter((pod) => pod.ready && state.entities.has(`mgr.${pod.id}`)).map(({ id, version }) => ({ name: id, version }));
  const active = state.mgrs[0]?.name;
  const mgrs = [...running.filter(({ name }) => name === active), ...running.filter(({ name }) => name !== active)];
  if (JSON.stringify(mgrs) === JSON.stringify(state.mgrs)) return;
  if (mgrs[0]?.name !== active) state.mgrActiveSince = now;
  state.mgrs = mgrs;
  state.mgrEpoch++;
}

function observeOsds(state: SimState, pods: readonly DaemonPod[], now: number): void {
  const running = new Map(pods.filter(({ ready }) => ready).map((pod) => [Number(pod.id), pod]));
  for (const osd of state.osds.values()) {
    const pod = running.get(osd.id);
    const up = pod !== undefined && state.entities.has(`osd.${osd.id}`) && !state.osdFlags.has("noup");
    if (pod !== undefined && up) {
      osd.version = pod.version;
      osd.hostname = pod.nodeName;
    }
    if (up === osd.up) continue;
    osd.up = up;
    changeOsdMap(state, now);
    if (!up) {
      osd.downAt = state.osdEpoch;
      continue;
    }
    const isFirst = osd.upFrom === 0;
    osd.upFrom = state.osdEpoch;
    if (pod !== undefined && globalSetting(state, "osd_crush_update_on_start", ["osd"]) !== "false") osd.location = placeOf(pod);
    if (isFirst && !state.osdFlags.has("noin")) osd.in = true;
  }
}

function placeOf(pod: DaemonPod): [string, string][] {
  return pod.location.length > 0
    ? pod.location
    : [
        ["root", "default"],
        ["host", pod.nodeName],
      ];
}
