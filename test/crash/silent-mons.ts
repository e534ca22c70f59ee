import { Node, Pod } from "../../src/kube/kinds.ts";
import { brokenMonsAnnotation } from "../../src/simceph/ceph-pods.ts";
import { type CrashWorld, clusterKey } from "./crash-world.ts";
import { withMetadata } from "./user-acts.ts";

/** Mon a, the only one of a small cluster, cannot be started any more, and ends: Ceph is silent until `hearMons`. */
export function silenceMons(world: CrashWorld): void {
  breakMon(world, "node1", "a");
  for (const pod of world.user.list(Pod, clusterKey.namespace))
    if (pod.metadata.labels?.["app"] === "rook-ceph-mon") world.user.remove(Pod, pod, true);
}

/** Mon a starts again: its data was never lost. */
export function hearMons(world: CrashWorld): void {
  breakMon(world, "node1", "");
}

/** Mons with these letters cannot start on a node. */
export function breakMon(world: CrashWorld, node: string, letters: string): void {
  const found = world.user.get(Node, { name: node });
  if (found === undefined) throw new Error(`there is no ${node}`);
  world.user.change(Node, found, (it) =>
    withMetadata(it, { annotations: { ...it.metadata.annotations, [brokenMonsAnnotation]: letters } }),
  );
}
