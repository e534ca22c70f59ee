import { Node, Pod } from "../../src/kube/kinds.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import { faultOfWrite } from "./destruction.ts";
import { isReady } from "./live-daemons.ts";

/** OSDs that serve though their node has no disk with their data. */
export function osdsWithoutDisk(sim: SimCluster, namespace: string): string[] {
  const store = typedStore(sim.store);
  return store.list(Pod, namespace).flatMap((pod) => {
    if (pod.metadata.labels?.["app"] !== "rook-ceph-osd" || !isReady(pod)) return [];
    const uuid = pod.spec?.containers[0]?.env?.find(({ name }) => name === "ROOK_OSD_UUID")?.value;
    const node = store.get(Node, { name: pod.spec?.nodeName ?? "" });
    const has = node !== undefined && sim.disks.on(node).some(({ content }) => content.type === "osd" && content.uuid === uuid);
    return has || node === undefined
      ? []
      : [`osd.${pod.metadata.labels["ceph-osd-id"] ?? ""} runs on ${node.metadata.name ?? ""} without its disk`];
  });
}

/** Watches what is written to disks; the answer judges what was written since. */
export function watchDisks(sim: SimCluster, say: (violation: string) => void): () => void {
  let judged = 0;
  const judge = (): void => {
    const writes = sim.disks.writes();
    for (const write of writes.slice(judged)) {
      const fault = faultOfWrite(sim, write);
      if (fault !== undefined) say(fault);
    }
    judged = writes.length;
  };
  sim.store.subscribe(judge);
  return judge;
}
