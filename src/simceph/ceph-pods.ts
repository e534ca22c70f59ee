import { parseKeyring } from "../ceph/keyring.ts";
import type { Node, Pod } from "../kube/kinds.ts";
import type { PodBehaviour, PodPlan } from "../simkube/controllers/pod-behaviour.ts";
import { cleanNode } from "./clean-node.ts";
import { startFailure } from "./daemon-start.ts";
import type { DaemonView } from "./daemon-view.ts";
import type { FakeCeph } from "./fake-ceph.ts";
import { prepareDisks } from "./prepare-disks.ts";
import type { SimDisks } from "./sim-disks.ts";
import { nameOfKey, type SimFolders } from "./sim-folders.ts";
import { releaseName } from "./sim-state.ts";

/** Mons whose store on this node is broken, by their letters: `b d`. */
export const brokenMonsAnnotation = "sim.jackdaw.dev/broken-mons";

/** The last words of a mon that has been taken out of the monmap. */
export const removedMon = "not in monmap and have been in a quorum before; must have been removed";

export interface CephPodsOptions {
  readonly disks: SimDisks;
  readonly folders: SimFolders;
  /** Secrets that Pods have mounted. */
  readonly view: Pick<DaemonView, "secret">;
  readonly ceph: Pick<FakeCeph, "osdNew" | "monWasRemoved" | "haveQuorumWithout">;
  /** How long a daemon takes from running to serving; 500 unless set. */
  readonly readyMs?: number;
  /** How long a Job takes; 300 unless set. */
  readonly jobMs?: number;
}

/** What Pods of Ceph's images do in the simulated cluster; every other Pod simply runs. */
export function cephPods({ disks, folders, view, ceph, readyMs = 500, jobMs = 300 }: CephPodsOptions): PodBehaviour {
  return (pod, node) => {
    const app = pod.metadata.labels?.["app"] ?? "";
    const image = pod.spec?.containers[0]?.image ?? "";
    const version = /:v?(\d+\.\d+\.\d+)/.exec(image)?.[1];
    // an image of something else is there, and has no Ceph in it
    if (app === "rook-ceph-detect-version" && !/ceph/.test(image))
      return { type: "end", afterMs: jobMs, exitCode: 127, message: "ceph-mon: command not found" };
    if (app.startsWith("rook-ceph-") && app !== "rook-ceph-operator" && (version === undefined || releaseName(version) === "unknown"))
      return {
        type: "noImage",
        message: `Back-off pulling image "${image}": the simulated registry has only Ceph images with a version for a tag`,
      };
    const daemon = /^rook-ceph-(mon|mgr|osd|mds)$/.exec(app)?.[1];
    if (daemon !== undefined) {
      const monHost = valueIn(view, pod, "rook-ceph-config", "mon_host") ?? "";
      const failure = startFailure(pod, daemon, { monHost, version: version ?? "" });
      if (failure !== undefined) return { type: "crash", ...failure };
    }
    switch (app) {
      case "rook-ceph-detect-version":
        return ended(jobMs, `ceph version ${version ?? ""} (simulated) ${releaseName(version ?? "")} (stable)\ntools: ceph-crash\n`);
      case "rook-ceph-osd-prepare": {
        const { exitCode, message } = prepareDisks(envOf(pod, "WANTED") ?? "{}", node, disks, ceph.osdNew);
        return { type: "end", afterMs: jobMs, exitCode, message };
      }
      case "rook-ceph-cleanup": {
        const monKey = valueIn(view, pod, "rook-ceph-mon", "mon-secret");
        const { exitCode, message } = cleanNode(envOf(pod, "WANTED") ?? "{}", node, { disks, folders, monKey });
        return { type: "end", afterMs: jobMs, exitCode, message };
      }
      case "rook-ceph-mon":
        return brokenMon(pod, node, ceph) ?? monPlan(pod, node, { folders, view, ceph, readyMs });
      case "rook-ceph-osd":
        return osdPlan(pod, node, disks, readyMs);
      default:
        return { type: "serve", readyAfterMs: readyMs };
    }
  };
}

/** A mon ends whose store is broken, or which knows that it was taken out of the monmap. */
function brokenMon({ metadata }: Pod, node: Node, ceph: Pick<FakeCeph, "monWasRemoved">): PodPlan | undefined {
  const id = metadata.labels?.["mon"] ?? "";
  const crash = (message: string): PodPlan => ({ type: "crash", exitCode: 1, message });
  if (node.metadata.annotations?.[brokenMonsAnnotation]?.split(" ").includes(id) === true)
    return crash("error opening mon data directory: (22) Invalid argument");
  return ceph.monWasRemoved(metadata.namespace ?? "", id, node.metadata.name ?? "") ? crash(removedMon) : undefined;
}

/**
 * A mon makes its store where there is none, and never takes another cluster's for its own. Where its cluster exists, it makes one only beside a
 * quorum of others.
 */
function monPlan(
  pod: Pod,
  node: Node,
  { folders, view, ceph, readyMs }: Required<Pick<CephPodsOptions, "folders" | "view" | "ceph" | "readyMs">>,
): PodPlan {
  const keyring = valueIn(view, pod, "rook-ceph-mons-keyring", "keyring");
  const exists = (valueIn(view, pod, "rook-ceph-config", "mon_cluster_exists") ?? "") !== "";
  const id = pod.metadata.labels?.["mon"] ?? "";
  const data = pod.spec?.volumes?.find(({ name }) => name === "ceph-daemon-data")?.hostPath?.path;
  const key = parseKeyring(keyring ?? "").find(({ entity }) => entity === "mon.")?.key;
  const nodeName = node.metadata.name ?? "";
  if (data !== undefined && key !== undefined) {
    const path = data.replace(/\/data$/, "");
    const known = folders.on(nodeName).get(path);
    if (known !== undefined && known !== nameOfKey(key))
      return {
        type: "crash",
        exitCode: 1,
        message: `the mon store in dataDirHostPath on node ${nodeName} belongs to another cluster; remove its folder ${path.slice(path.lastIndexOf("/") + 1)} if that cluster is gone for good`,
      };
    if (known === undefined && exists && !ceph.haveQuorumWithout(pod.metadata.namespace ?? "", id))
      return {
        type: "crash",
        exitCode: 1,
        message: `mon ${id} has no store in dataDirHostPath on node ${nodeName}, though its cluster exists, and no quorum of other mons answers: bring its folder mon-${id} back, or restore the quorum from a mon that has its own (kubectl rook-ceph mons restore-quorum)`,
      };
    folders.write(nodeName, path, nameOfKey(key));
    folders.write(nodeName, `${path.slice(0, path.lastIndexOf("/"))}/${pod.metadata.namespace ?? ""}`, "");
  }
  return { type: "serve", readyAfterMs: readyMs };
}

/** An OSD runs where its own data is. */
function osdPlan(pod: Pod, node: Node, disks: SimDisks, readyMs: number): PodPlan {
  const uuid = envOf(pod, "ROOK_OSD_UUID");
  const hasData = disks.on(node).some(({ content }) => content.type === "osd" && content.uuid === uuid);
  if (hasData) return { type: "serve", readyAfterMs: readyMs };
  return { type: "crash", exitCode: 1, message: `no device of this node has the OSD ${uuid ?? ""}` };
}

function ended(afterMs: number, message: string): PodPlan {
  return { type: "end", afterMs, exitCode: 0, message };
}

function valueIn(view: Pick<DaemonView, "secret">, pod: Pod, name: string, key: string): string | undefined {
  const value = view.secret(pod.metadata.namespace ?? "", name)?.data?.[key];
  return value === undefined ? undefined : Buffer.from(value, "base64").toString();
}

function envOf(pod: Pod, name: string): string | undefined {
  return pod.spec?.containers[0]?.env?.find((variable) => variable.name === name)?.value;
}
