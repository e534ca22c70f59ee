import type { Node, Pod } from "../../kube/kinds.ts";
import type { PodBehaviour, PodPlan } from "../controllers/pod-behaviour.ts";
import type { FakeCeph } from "./fake-ceph.ts";
import { prepareDisks } from "./prepare-disks.ts";
import type { SimDisks } from "./sim-disks.ts";
import { releaseName } from "./sim-state.ts";

export interface CephPodsOptions {
  readonly disks: SimDisks;
  readonly ceph: Pick<FakeCeph, "osdNew">;
  /** How long a daemon takes from running to serving; 500 unless set. */
  readonly readyMs?: number;
  /** How long a Job takes; 300 unless set. */
  readonly jobMs?: number;
}

/** What Pods of Ceph's images do in the simulated cluster; every other Pod simply runs. */
export function cephPods({ disks, ceph, readyMs = 500, jobMs = 300 }: CephPodsOptions): PodBehaviour {
  return (pod, node) => {
    const app = pod.metadata.labels?.["app"] ?? "";
    const image = pod.spec?.containers[0]?.image ?? "";
    const version = /:v?(\d+\.\d+\.\d+)/.exec(image)?.[1];
    if (app.startsWith("rook-ceph-") && app !== "rook-ceph-operator" && (version === undefined || releaseName(version) === "unknown"))
      return {
        type: "noImage",
        message: `Back-off pulling image "${image}": the simulated registry has only Ceph images with a version for a tag`,
      };
    switch (app) {
      case "rook-ceph-detect-version":
        return ended(jobMs, `ceph version ${version ?? ""} (simulated) ${releaseName(version ?? "")} (stable)\ntools: ceph-crash\n`);
      case "rook-ceph-osd-prepare": {
        const { exitCode, message } = prepareDisks(envOf(pod, "WANTED") ?? "{}", node, disks, ceph.osdNew);
        return { type: "end", afterMs: jobMs, exitCode, message };
      }
      case "rook-ceph-osd":
        return osdPlan(pod, node, disks, readyMs);
      default:
        return { type: "serve", readyAfterMs: readyMs };
    }
  };
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

function envOf(pod: Pod, name: string): string | undefined {
  return pod.spec?.containers[0]?.env?.find((variable) => variable.name === name)?.value;
}
