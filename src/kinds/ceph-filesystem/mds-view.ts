import type { FsMap, MdsInfo } from "../../ceph/commands/fs.ts";
import { podTroubleOf } from "../../daemons/diagnosis/pod-trouble.ts";
import { sayTrouble } from "../../daemons/diagnosis/trouble.ts";
import { hasEnded, isReady, isSettled, readySince, timeOfDay } from "../../daemons/pod/pods.ts";
import type { Deployment, Pod } from "../../kube/kinds.ts";
import { mdsType } from "./daemon-type.ts";

/** What an MDS does for Ceph: serves a rank, stands by or follows one, is between the two, or nothing. */
export type MdsRole = "active" | "standby" | "moving" | "none";

/** One MDS as the world shows it. */
export interface MdsView {
  /** `myfs-a` */
  readonly name: string;
  readonly role: MdsRole;
  /** In Ceph's words, with the rank: `up:replay of rank 0`; empty where it does nothing. */
  readonly state: string;
  readonly found: Deployment | undefined;
  /** The Pod that stays; one that has ended, such as an evicted one, only while there is no other. */
  readonly pod: Pod | undefined;
  /** Its newest template runs, its Pod is ready, and Ceph has it. */
  readonly isBack: boolean;
}

/** Sees an MDS: its Deployment, its Pod, and what Ceph says of just that Pod. */
export function viewMds(name: string, deployments: readonly Deployment[], pods: readonly Pod[], map: FsMap): MdsView {
  const found = deployments.find(({ metadata }) => metadata.labels?.["mds"] === name);
  const staying = pods.filter(({ metadata }) => metadata.labels?.["mds"] === name && metadata.deletionTimestamp === undefined);
  const running = staying.filter((each) => !hasEnded(each));
  const current = running.find(isReady) ?? running[0];
  const pod = current ?? staying[0];
  const info = mdssOf(map).find((each) => each.name === name && each.laggy_since === undefined && isOfPod(each, current));
  const role = info === undefined ? "none" : roleOf(info);
  return {
    name,
    role,
    state: info === undefined ? "" : `${info.state}${info.rank < 0 ? "" : ` of rank ${info.rank}`}`,
    found,
    pod,
    isBack: found !== undefined && isSettled(found, false) && (role === "active" || role === "standby"),
  };
}

/** Every MDS that Ceph knows. */
export function mdssOf({ standbys, filesystems }: FsMap): MdsInfo[] {
  return [...standbys, ...filesystems.flatMap(({ mdsmap }) => Object.values(mdsmap.info))];
}

/**
 * Ceph goes on naming an MDS that was killed until it has sent no sign of life for long; by its address it is told from the next one. In the
 * node's network an MDS chooses its address itself, so that the Pod's says nothing.
 */
function isOfPod({ addr }: MdsInfo, pod: Pod | undefined): boolean {
  const ip = pod?.spec?.hostNetwork === true ? undefined : pod?.status?.podIP;
  return ip === undefined || ip === "" || addr.replace(/:\d+(\/\d+)?$/, "").replaceAll(/[[\]]/g, "") === ip;
}

function roleOf({ state }: MdsInfo): MdsRole {
  switch (state) {
    case "up:active":
      return "active";
    case "up:standby":
    case "up:standby-replay":
      return "standby";
    default:
      return "moving";
  }
}

/** What keeps it from being back, in words; undefined where it is. */
export function troubleOf({ name, isBack, found, pod, role, state }: MdsView, now: number): string | undefined {
  if (isBack) return undefined;
  if (found === undefined) return `mds ${name} is being made`;
  if (pod === undefined) return `mds ${name} has no Pod`;
  const where = pod.spec?.nodeName === undefined ? "" : ` on ${pod.spec.nodeName}`;
  const since = `since ${timeOfDay(readySince(pod))}`;
  const trouble = podTroubleOf(pod, { now, fields: mdsType.fields });
  if (trouble !== undefined) return `mds ${name}${where} ${sayTrouble(trouble, now)}`;
  if (role === "none") return `mds ${name}${where} is not known to Ceph yet (${since})`;
  return `mds ${name}${where} is ${role === "moving" ? state : "not ready"} (${since})`;
}
