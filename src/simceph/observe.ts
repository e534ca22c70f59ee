import { type DaemonPod, daemonPods, type SimDaemonType } from "./daemon-pods.ts";
import type { DaemonView } from "./daemon-view.ts";
import { assignRanks, observeMdss } from "./mds.ts";
import { mgrPool } from "./mgr-pool.ts";
import { finishPools } from "./placement-groups.ts";
import { globalSetting, majority, releaseMajor, type SimMgr, type SimOsd, type SimState } from "./sim-state.ts";

export interface Observation {
  readonly view: DaemonView;
  readonly namespace: string;
  readonly version: string;
  readonly now: number;
}

/** Brings a cluster to where its Pods have brought it: who is in quorum, which mgr is active, which OSDs are up. */
export function observe(state: SimState, from: Observation): void {
  const { view, namespace, version, now } = from;
  finishPools(state, now);
  markOut(state, now);
  // what else decides who is up: keys, flags and the map of OSDs
  const seen = `${view.version?.() ?? Number.NaN} ${state.entities.size} ${state.osds.size} ${state.monEpoch} ${state.osdFlags.has("noup")}`;
  if (state.seen === seen) {
    if (hasQuorum(state)) assignRanks(state, now);
    return;
  }
  state.seen = view.version === undefined ? "" : seen;
  const pods = (type: SimDaemonType) =>
    daemonPods(view, namespace, type, version).filter(({ fsid }) => fsid === undefined || fsid === state.fsid);
  observeMons(
    state,
    pods("mon").filter(({ version: its }) => major(its) >= state.minMonRelease),
    now,
  );
  if (!hasQuorum(state)) return;
  observeMgrs(state, pods("mgr"), now);
  observeOsds(state, pods("osd"), now);
  observeMdss(state, pods("mds"), now);
  const pool = mgrPool(state, now);
  if (pool !== undefined) {
    state.poolMax = pool.pool;
    state.pools.push(pool);
    changeOsdMap(state, now);
  }
}

const major = (version: string) => Number.parseInt(version, 10);

/** Whether a majority of the monmap is in quorum. */
export function hasQuorum(state: SimState): boolean {
  return state.quorum.length >= majority(state.mons.length);
}

/** The OSD map has a new epoch. */
export function changeOsdMap(state: SimState, now: number): void {
  state.osdEpoch++;
  state.osdsChangedAt = now;
  state.osdEpochs.set(state.osdEpoch, now);
}

/** The monmap has a new epoch, and its mons elect again. */
export function changeMonMap(state: SimState, now: number): void {
  state.monEpoch++;
  state.monsChangedAt = now;
  state.quorumSince = now;
  state.electionEpoch += 2;
}

/** Whether a mon whose store is on this node was taken out of the monmap: it knows, and ends whenever it is started. */
export function wasRemoved(state: SimState, mon: { readonly id: string; readonly nodeName: string }): boolean {
  return state.monStores.has(storeOf(mon)) && !state.mons.some(({ name }) => name === mon.id);
}

const storeOf = ({ id, nodeName }: { readonly id: string; readonly nodeName: string }) => `${nodeName} ${id}`;

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
    for (const pod of ready.filter((each) => !state.mons.some((mon) => mon.host === each.host) && !wasRemoved(state, each))) {
      // a mon comes back under another address: the one in the map goes
      state.mons = [...state.mons.filter(({ name }) => name !== pod.id), { name: pod.id, host: pod.host, version: pod.version }];
      changeMonMap(state, now);
    }
  }
  const quorum = inQuorum().map(({ name }) => name);
  if (quorum.length === state.mons.length)
    state.minMonRelease = Math.max(state.minMonRelease, Math.min(...state.mons.map((mon) => major(mon.version))));
  if (quorum.length >= majority(state.mons.length)) for (const pod of ready) if (quorum.includes(pod.id)) state.monStores.add(storeOf(pod));
  if (quorum.join() === state.quorum.join()) return;
  state.quorum = quorum;
  state.quorumSince = now;
  state.electionEpoch += 2;
}

function observeMgrs(state: SimState, pods: readonly DaemonPod[], now: number): void {
  const running = pods
    .filter((pod) => pod.ready && state.entities.has(`mgr.${pod.id}`))
    .map(({ id, uid, version }): SimMgr => ({ name: id, pod: uid, version }));
  // one in another Pod was away in between, seen or not, and comes back behind those that stood by
  const stayed = state.mgrs.flatMap((mgr) => running.find(({ name, pod }) => name === mgr.name && pod === mgr.pod) ?? []);
  const mgrs = [...stayed, ...running.filter((mgr) => !stayed.includes(mgr))];
  if (JSON.stringify(mgrs) === JSON.stringify(state.mgrs)) return;
  if (mgrs[0]?.pod !== state.mgrs[0]?.pod) state.mgrActiveSince = now;
  state.mgrs = mgrs;
  state.mgrEpoch++;
}

/** Whether Ceph, which counts on this release, lets an OSD of this version start: an older one never, a newer one within two releases. */
function suitsRelease(version: string, required: string): boolean {
  const ahead = major(version) - (releaseMajor(required) ?? major(version));
  return ahead >= 0 && ahead <= 2;
}

function observeOsds(state: SimState, pods: readonly DaemonPod[], now: number): void {
  const running = new Map(pods.filter(({ ready }) => ready).map((pod) => [Number(pod.id), pod]));
  for (const osd of state.osds.values()) {
    const pod = running.get(osd.id);
    const mayJoin = pod !== undefined && suitsRelease(pod.version, state.requireOsdRelease) && !state.osdFlags.has("noup");
    const up = mayJoin && state.entities.has(`osd.${osd.id}`);
    // another Pod: it was down in between, seen or not
    if (osd.up && (!up || pod?.uid !== osd.pod)) goDown(state, osd, now);
    if (pod !== undefined && up) {
      osd.version = pod.version;
      osd.hostname = pod.nodeName;
      osd.pod = pod.uid;
    }
    if (up === osd.up) continue;
    osd.up = true;
    changeOsdMap(state, now);
    if (osd.autoOut) osd.in = true;
    osd.autoOut = false;
    const isFirst = osd.upFrom === 0;
    osd.upFrom = state.osdEpoch;
    if (pod !== undefined && globalSetting(state, "osd_crush_update_on_start", ["osd"]) !== "false") osd.location = placeOf(pod);
    if (isFirst && !state.osdFlags.has("noin")) osd.in = true;
  }
}

function goDown(state: SimState, osd: SimOsd, now: number): void {
  osd.up = false;
  changeOsdMap(state, now);
  osd.downAt = state.osdEpoch;
  osd.downStamp = now;
}

/** Ceph's defaults for `mon_osd_down_out_interval`, in milliseconds, and `mon_osd_min_in_ratio`. */
const downOutMs = 600_000;
const minInRatio = 0.75;

/** OSDs that have been down for long go out, so that their data is copied to others; unless `noout` is set, or many are out. */
function markOut(state: SimState, now: number): void {
  const osds = [...state.osds.values()];
  for (const osd of osds) {
    const names = [`osd.${osd.id}`, ...osd.location.map(([, name]) => name)];
    const stays = state.osdFlags.has("noout") || names.some((name) => state.crushNodeFlags.get(name)?.has("noout") === true);
    if (!osd.in || osd.up || osd.upFrom === 0 || now - osd.downStamp < downOutMs || stays) continue;
    if (osds.filter((each) => each.in).length / osds.length < minInRatio) return;
    osd.in = false;
    osd.autoOut = true;
    changeOsdMap(state, now);
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
