import type { Clock } from "../kube/clock.ts";
import { Node, Pod } from "../kube/kinds.ts";
import type { ObjectKey } from "../kube/object.ts";
import type { SimObject } from "../simkube/api/sim-object.ts";
import { createKubeStore, type KubeStore, type KubeStoreState } from "../simkube/api/store.ts";
import { disksAnnotation, newNode, runningNodeStatus } from "../simkube/controllers/nodes.ts";
import type { PodTiming } from "../simkube/controllers/pod-behaviour.ts";
import { createSimControllers, type SimControllers } from "../simkube/controllers/sim-controllers.ts";
import { createSimFaults, type SimFaults } from "../simkube/controllers/sim-faults.ts";
import { type TypedStore, typedStore } from "../simkube/controllers/sim-kinds.ts";
import { makeCephNamespace, makeNamespace } from "./ceph-namespace.ts";
import { cephPods, removedMon } from "./ceph-pods.ts";
import { daemonsIn } from "./daemon-view.ts";
import { createFakeCeph, type FakeCeph, type FakeCephState } from "./fake-ceph.ts";
import { createSimDisks, type SimDisks, type SimDisksState } from "./sim-disks.ts";
import { createSimFolders, type SimFolders, type SimFoldersState } from "./sim-folders.ts";

export interface SimClusterOptions {
  readonly clock: Clock;
  readonly nodes: number;
  /** Disks of each node, by its number from 1; see `parseDisks`. */
  readonly disks: (node: number) => string;
  readonly timing?: Partial<PodTiming> & { readonly jobMs?: number };
  /** Makes UIDs and the ends of generated names; random where absent. */
  readonly uid?: () => string;
  /** Bytes of keys that Ceph makes. */
  readonly random?: (n: number) => Uint8Array;
  /** Where Ceph runs; rook-ceph unless set. */
  readonly namespace?: string;
  readonly strict?: boolean;
  /** What an earlier one had come to: its nodes and all else are those, and Pods that ran or had ended are as they were. */
  readonly from?: SimClusterState;
}

/** What a simulated cluster has come to, at rest. */
export interface SimClusterState {
  readonly store: KubeStoreState;
  readonly ceph: FakeCephState;
  readonly disks: SimDisksState;
  readonly folders: SimFoldersState;
}

/** A Kubernetes in memory whose nodes run Pods, and the Ceph cluster that these Pods are. */
export interface SimCluster {
  readonly store: KubeStore;
  readonly ceph: FakeCeph;
  readonly disks: SimDisks;
  readonly folders: SimFolders;
  readonly controllers: SimControllers;
  /** What it has come to. What is on its way (a Pod that starts, a node that is lost) begins anew in another. */
  save(): SimClusterState;
  readonly faults: SimFaults;
  stop(): void;
}

/** A cluster with its nodes, named node1, node2…, and the namespaces `default` and Ceph's, the latter with accounts for daemons. */
export function createSimCluster(options: SimClusterOptions): SimCluster {
  const { clock, timing = {}, random, namespace = "rook-ceph", strict = true, from } = options;
  const store = createKubeStore({
    now: () => clock.now(),
    strict,
    ...(options.uid ? { uid: options.uid } : {}),
    ...(from ? { from: from.store } : {}),
  });
  const view = daemonsIn(store);
  const ceph = createFakeCeph({
    view,
    clock,
    namespace,
    ...(random ? { random } : {}),
    ...(from ? { from: from.ceph } : {}),
    onMonRemoved: (where, name) => void clock.after(0, () => stopMon(typed, controllers, where, name)),
  });
  const disks = createSimDisks(from?.disks);
  const folders = createSimFolders(from?.folders);
  const { jobMs, readyMs } = timing;
  const behaviour = cephPods({
    disks,
    folders,
    view,
    ceph,
    ...(jobMs === undefined ? {} : { jobMs }),
    ...(readyMs === undefined ? {} : { readyMs }),
  });
  const faults = createSimFaults();
  const controllers = createSimControllers({ store, clock, behaviour, faults, timing });
  const typed = typedStore(store);
  if (from === undefined) makeNodes(typed, options);
  const unsubscribe = store.subscribe((resource, { object, before, type }) => {
    if (resource.kind !== "Node" || type !== "modified") return;
    const named = (node: SimObject | undefined) => node?.metadata.annotations?.[disksAnnotation];
    if (named(object) === named(before)) return;
    for (const key of osdsWithoutDisk(typed, disks, namespace, object))
      clock.after(0, () => controllers.crash(key, "bdev: read error: the device is gone"));
  });
  return {
    store,
    ceph,
    disks,
    folders,
    controllers,
    save: () => ({ store: store.save(), ceph: ceph.save(), disks: disks.save(), folders: folders.save() }),
    faults,
    stop: () => {
      unsubscribe();
      controllers.stop();
    },
  };
}

/** What a new cluster has: its nodes, and the namespaces `default`, `kube-system` and Ceph's. */
function makeNodes(store: TypedStore, { clock, nodes, disks, namespace = "rook-ceph" }: SimClusterOptions): void {
  for (const name of ["default", "kube-system"]) makeNamespace(store, name);
  makeCephNamespace(store, namespace);
  for (let n = 1; n <= nodes; n += 1) {
    const address = `192.0.2.${n % 250}`;
    const node = store.create(Node, newNode(`node${n}`, { address, disks: disks(n) }));
    store.setStatus(Node, node, runningNodeStatus(address, clock.now()));
  }
}

/** A mon that was taken out of the monmap ends by itself. */
function stopMon(store: TypedStore, controllers: SimControllers, namespace: string, name: string): void {
  for (const { metadata } of store.list(Pod, namespace))
    if (metadata.labels?.["app"] === "rook-ceph-mon" && metadata.labels["mon"] === name)
      controllers.crash({ namespace, name: metadata.name ?? "" }, removedMon);
}

/** The Pods of OSDs on a node whose disks are pulled: each ends with an error. */
function osdsWithoutDisk(store: TypedStore, disks: SimDisks, namespace: string, node: SimObject): ObjectKey[] {
  const left = new Set(disks.on(node).flatMap(({ content }) => (content.type === "osd" ? [content.uuid] : [])));
  return store.list(Pod, namespace).flatMap(({ metadata, spec }) => {
    const uuid = spec?.containers[0]?.env?.find(({ name }) => name === "ROOK_OSD_UUID")?.value;
    const isOsdHere = metadata.labels?.["app"] === "rook-ceph-osd" && spec?.nodeName === node.metadata.name;
    return isOsdHere && uuid !== undefined && !left.has(uuid) ? [{ namespace, name: metadata.name ?? "" }] : [];
  });
}
