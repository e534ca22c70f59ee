import { Job, Node, Pod } from "../../../src/kube/kinds.ts";
import type { Kind, KubeObject } from "../../../src/kube/object.ts";
import { CephCluster, type CephClusterSpec } from "../../../src/schema/ceph-cluster.ts";
import { disksAnnotation, powerAnnotation } from "../../../src/simkube/controllers/nodes.ts";
import type { PodPlan } from "../../../src/simkube/controllers/pod-behaviour.ts";
import { type CrashWorld, clusterKey } from "../../crash/crash-world.ts";

export const { namespace } = clusterKey;

/** Which Pods: those of an app, of one daemon or on one node where that is named. */
export interface Which {
  readonly app: string;
  readonly id?: string;
  readonly node?: string;
}

function isOf({ metadata }: Pod, { app, id }: Which): boolean {
  return metadata.labels?.["app"] === `rook-ceph-${app}` && (id === undefined || metadata.labels["ceph_daemon_id"] === id);
}

/** Pods that are there. */
export function podsOf(world: CrashWorld, which: Which): Pod[] {
  return world.user
    .list(Pod, namespace)
    .filter((pod) => isOf(pod, which) && (which.node === undefined || pod.spec?.nodeName === which.node));
}

/** From now on the containers of these Pods start as `plan` says. */
export function startAs(world: CrashWorld, which: Which, plan: PodPlan): () => void {
  return world.sim.faults.onStart((pod, node) =>
    isOf(pod, which) && (which.node === undefined || node.metadata.name === which.node) ? plan : undefined,
  );
}

/** The containers of these Pods end, and start as `plan` says from now on. */
export function failAs(world: CrashWorld, which: Which, plan: PodPlan): () => void {
  const end = startAs(world, which, plan);
  for (const pod of podsOf(world, which)) world.user.remove(Pod, pod);
  return end;
}

/** From now on the API server refuses to make Pods, in these words. */
export function refusePods(world: CrashWorld, why: string): () => void {
  return world.sim.faults.refusePods(() => why);
}

/** Changes an object of the namespace. */
export function changeObject<T extends KubeObject>(world: CrashWorld, kind: Kind<T>, name: string, change: (object: T) => T): void {
  const found = world.user.get(kind, kind.namespaced ? { namespace, name } : { name });
  if (found === undefined) throw new Error(`there is no ${kind.kind} ${name}`);
  world.user.change(kind, found, change);
}

/** Removes an object of the namespace, if it is there. */
export function removeObject<T extends KubeObject>(world: CrashWorld, kind: Kind<T>, name: string): void {
  const found = world.user.get(kind, { namespace, name });
  if (found !== undefined) world.user.remove(kind, found);
}

export function changeSpec(world: CrashWorld, spec: CephClusterSpec): void {
  changeObject(world, CephCluster, clusterKey.name, (c) => ({ ...c, spec: { ...c.spec, ...spec } }));
}

/** Changes a node; the answer puts its spec and annotations back. */
export function changeNode(world: CrashWorld, name: string, change: (node: Node) => Node): () => void {
  const before = world.user.get(Node, { name });
  changeObject(world, Node, name, change);
  return () =>
    changeObject(world, Node, name, (n) => ({
      ...n,
      spec: before?.spec ?? {},
      metadata: { ...n.metadata, annotations: before?.metadata.annotations ?? {} },
    }));
}

const annotate = (world: CrashWorld, node: string, name: string, value: string) =>
  changeNode(world, node, (n) => ({ ...n, metadata: { ...n.metadata, annotations: { ...n.metadata.annotations, [name]: value } } }));

export const powerOff = (world: CrashWorld, node: string) => annotate(world, node, powerAnnotation, "off");
export const setDisks = (world: CrashWorld, node: string, disks: string) => annotate(world, node, disksAnnotation, disks);
export const cordon = (world: CrashWorld, node: string) =>
  changeNode(world, node, (n) => ({ ...n, spec: { ...n.spec, unschedulable: true } }));
export const taint = (world: CrashWorld, node: string, key: string) =>
  changeNode(world, node, (n) => ({ ...n, spec: { ...n.spec, taints: [...(n.spec?.taints ?? []), { key, effect: "NoSchedule" }] } }));

/** What the message asks for: a device is looked at again at once. */
export function lookAgain(world: CrashWorld, node: string): void {
  removeObject(world, Job, `rook-ceph-osd-prepare-${node}`);
}

export { Pod };
