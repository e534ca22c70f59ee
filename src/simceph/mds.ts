import type { DaemonPod } from "./daemon-pods.ts";
import type { SimFilesystem, SimMds } from "./sim-filesystem.ts";
import type { SimState } from "./sim-state.ts";

/** Milliseconds from taking a rank to serving it. */
const takeOverMs = 1000;
/** Milliseconds that a rank takes to hand over all it has, which is seconds in a real cluster, too. */
const stoppingMs = 3000;

/** Brings the MDSs to what their Pods show, and gives ranks to them. */
export function observeMdss(state: SimState, pods: readonly DaemonPod[], now: number): void {
  const { fsMap } = state;
  const isKnown = ({ uid }: DaemonPod) => fsMap.mdss.some((mds) => mds.uid === uid);
  // one that is logged in stays so without its key
  const running = pods.filter((pod) => pod.ready && (isKnown(pod) || hasKey(state, pod.id)));
  const gone = fsMap.mdss.filter((mds) => !running.some(({ uid }) => uid === mds.uid));
  for (const mds of gone) leaveRank(state, mds);
  fsMap.mdss = fsMap.mdss.filter((mds) => !gone.includes(mds));
  for (const pod of running) {
    if (isKnown(pod)) continue;
    fsMap.lastGid += 1;
    fsMap.mdss.push({
      gid: fsMap.lastGid,
      name: pod.id,
      uid: pod.uid,
      podIp: pod.podIp,
      version: pod.version,
      state: "standby",
      filesystem: undefined,
      rank: -1,
      until: undefined,
    });
    fsMap.epoch += 1;
  }
  if (gone.length > 0) fsMap.epoch += 1;
  assignRanks(state, now);
}

/** Ends what is over, and gives every rank that has no MDS to one that stands by. */
export function assignRanks(state: SimState, now: number): void {
  const { fsMap } = state;
  for (const mds of fsMap.mdss) {
    if (mds.until === undefined || mds.until > now) continue;
    mds.until = undefined;
    fsMap.epoch += 1;
    const filesystem = fsMap.filesystems.get(mds.filesystem ?? "");
    if (filesystem !== undefined) filesystem.changedAt = now;
    if (mds.state !== "stopping") {
      mds.state = "active";
      continue;
    }
    filesystem?.ranks.delete(mds.rank);
    filesystem?.stopped.add(mds.rank);
    standBy(state, mds);
  }
  for (const filesystem of fsMap.filesystems.values()) {
    if (!filesystem.joinable) continue;
    fillRanks(state, filesystem, now);
    resize(state, filesystem, now);
    follow(state, filesystem);
  }
}

/** All ranks of a file system lose their MDSs, which start again, as far as they can log in. */
export function failRanks(state: SimState, filesystem: SimFilesystem): void {
  for (const mds of state.fsMap.mdss) if (mds.filesystem === filesystem.name) leaveRank(state, mds, true);
  state.fsMap.mdss = state.fsMap.mdss.filter((mds) => hasKey(state, mds.name));
}

const hasKey = (state: SimState, mds: string): boolean => state.entities.has(`mds.${mds}`);

/** Whether some rank is without an MDS, or its MDS does not serve yet. */
export function isDegraded(state: SimState, filesystem: SimFilesystem): boolean {
  return [...filesystem.ranks.values()].some((gid) => {
    const mds = state.fsMap.mdss.find((each) => each.gid === gid);
    return mds === undefined || (mds.state !== "active" && mds.state !== "stopping");
  });
}

/** Those that could take a rank of this file system: its own followers, and who stands by for it or for any. */
export function standbysFor(state: SimState, filesystem: SimFilesystem): SimMds[] {
  return state.fsMap.mdss.filter((mds) =>
    mds.state === "standby" ? true : mds.state === "standby-replay" && mds.filesystem === filesystem.name,
  );
}

/** The file system that an MDS prefers; undefined: any. */
export function preferenceOf(state: SimState, mds: SimMds): SimFilesystem | undefined {
  return state.fsMap.filesystems.get(state.config.get(`mds.${mds.name}//mds_join_fs`)?.value ?? "");
}

function fillRanks(state: SimState, filesystem: SimFilesystem, now: number): void {
  for (const [rank, gid] of filesystem.ranks) {
    if (gid !== undefined) continue;
    const follower = state.fsMap.mdss.find(
      (mds) => mds.state === "standby-replay" && mds.filesystem === filesystem.name && mds.rank === rank,
    );
    const next = follower ?? bestStandby(state, filesystem);
    if (next !== undefined) take(state, filesystem, next, rank, "replay", now);
  }
}

function resize(state: SimState, filesystem: SimFilesystem, now: number): void {
  const { ranks } = filesystem;
  const isWhole = !isDegraded(state, filesystem);
  if (ranks.size < filesystem.maxMds && isWhole) {
    const next = bestStandby(state, filesystem);
    const rank = ranks.size;
    if (next === undefined) return;
    take(state, filesystem, next, rank, "creating", now);
    filesystem.standbyCountWanted ??= 1;
    for (const pool of [filesystem.metadataPool, ...filesystem.dataPools.slice(0, 1)]) state.fsMap.usedPools.add(pool);
  }
  const isStopping = state.fsMap.mdss.some((mds) => mds.filesystem === filesystem.name && mds.state === "stopping");
  if (ranks.size > filesystem.maxMds && isWhole && !isStopping) {
    const last = state.fsMap.mdss.find(({ gid }) => gid === ranks.get(ranks.size - 1));
    if (last === undefined) return;
    last.state = "stopping";
    last.until = now + stoppingMs;
    filesystem.changedAt = now;
    state.fsMap.epoch += 1;
  }
}

function follow(state: SimState, filesystem: SimFilesystem): void {
  const followers = () => state.fsMap.mdss.filter((mds) => mds.state === "standby-replay" && mds.filesystem === filesystem.name);
  if (!filesystem.allowStandbyReplay) {
    for (const mds of followers()) standBy(state, mds);
    return;
  }
  for (const [rank, gid] of filesystem.ranks) {
    const serves = state.fsMap.mdss.some((mds) => mds.gid === gid && mds.state === "active");
    if (!serves || followers().some((mds) => mds.rank === rank)) continue;
    const next = bestStandby(state, filesystem);
    if (next === undefined) return;
    Object.assign(next, { state: "standby-replay", filesystem: filesystem.name, rank });
    state.fsMap.epoch += 1;
  }
}

/** As the mons choose: who prefers this file system, then who prefers none, then any. */
function bestStandby(state: SimState, filesystem: SimFilesystem): SimMds | undefined {
  const standbys = state.fsMap.mdss.filter((mds) => mds.state === "standby");
  return (
    standbys.find((mds) => preferenceOf(state, mds) === filesystem) ??
    standbys.find((mds) => preferenceOf(state, mds) === undefined) ??
    standbys[0]
  );
}

function take(state: SimState, filesystem: SimFilesystem, mds: SimMds, rank: number, how: "replay" | "creating", now: number): void {
  filesystem.ranks.set(rank, mds.gid);
  filesystem.stopped.delete(rank);
  Object.assign(mds, { state: how, filesystem: filesystem.name, rank, until: now + takeOverMs });
  filesystem.changedAt = now;
  state.fsMap.epoch += 1;
}

/** An MDS loses its rank: one that was stopping is done, any other leaves it failed. */
function leaveRank(state: SimState, mds: SimMds, staysBehind = false): void {
  const filesystem = state.fsMap.filesystems.get(mds.filesystem ?? "");
  if (filesystem?.ranks.get(mds.rank) === mds.gid) filesystem.ranks.set(mds.rank, undefined);
  if (staysBehind) standBy(state, mds);
}

/** It starts again, and stands by. */
function standBy(state: SimState, mds: SimMds): void {
  state.fsMap.lastGid += 1;
  state.fsMap.epoch += 1;
  Object.assign(mds, { gid: state.fsMap.lastGid, state: "standby", filesystem: undefined, rank: -1, until: undefined });
}
