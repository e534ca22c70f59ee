import type { Clock } from "../kube/clock.ts";
import { Namespace, Node, Pod } from "../kube/kinds.ts";
import { cephPods } from "./ceph/ceph-pods.ts";
import { daemonsIn } from "./ceph/daemon-view.ts";
import { createFakeCeph, type FakeCeph } from "./ceph/fake-ceph.ts";
import { createSimDisks, type SimDisks } from "./ceph/sim-disks.ts";
import { disksAnnotation, newNode, runningNodeStatus } from "./controllers/nodes.ts";
import type { PodTiming } from "./controllers/pod-behaviour.ts";
import { createSimControllers, type SimControllers } from "./controllers/sim-controllers.ts";
import { typedStore } from "./controllers/sim-kinds.ts";
import type { SimObject } from "./kube/sim-object.ts";
import { createKubeStore, type KubeStore } from "./kube/store.ts";

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
}

/** A Kubernetes in memory whose nodes run Pods, and the Ceph cluster that these Pods are. */
export interface SimCluster {
  readonly store: KubeStore;
  readonly ceph: FakeCeph;
  readonly disks: SimDisks;
  readonly controllers: SimControllers;
  stop(): void;
}

/** A cluster with its nodes, named node1, node2…, and the namespaces `default` and Ceph's. */
export function createSimCluster(options: SimClusterOptions): SimCluster {
  const { clock, nodes, disks: disksOf, timing = {}, random, namespace = "rook-ceph", strict = true } = options;
  const store = createKubeStore({ now: () => clock.now(), strict, ...(options.uid ? { uid: options.uid } : {}) });
  const ceph = createFakeCeph({ view: daemonsIn(store), clock, namespace, ...(random ? { random } : {}) });
  const disks = createSimDisks();
  const { jobMs, readyMs } = timing;
  const behaviour = cephPods({ disks, ceph, ...(jobMs === undefined ? {} : { jobMs }), ...(readyMs === undefined ? {} : { readyMs }) });
  const controllers = createSimControllers({ store, clock, behaviour, timing });
  const typed = typedStore(store);
  for (const name of new Set(["default", "kube-system", namespace]))
    typed.create(Namespace, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      status: { phase: "Active" },
    });
  for (let n = 1; n <= nodes; n += 1) {
    const address = `192.0.2.${n % 250}`;
    const node = typed.create(Node, newNode(`node${n}`, { address, disks: disksOf(n) }));
    typed.setStatus(Node, node, runningNodeStatus(address, clock.now()));
  }
  const unsubscribe = store.subscribe((resource, { object, before, type }) => {
    if (resource.kind !== "Node" || type !== "modified") return;
    const named = (node: SimObject | undefined) => node?.metadata.annotations?.[disksAnnotation];
    if (named(object) !== named(before)) stopOsdsWithoutDisk(object);
  });
  /** An OSD whose disk is pulled ends with an error. */
  const stopOsdsWithoutDisk = (node: SimObject): void => {
    const left = new Set(disks.on(node).flatMap(({ content }) => (content.type === "osd" ? [content.uuid] : [])));
    for (const pod of typed.list(Pod, namespace)) {
      const uuid = pod.spec?.containers[0]?.env?.find(({ name }) => name === "ROOK_OSD_UUID")?.value;
      if (
        pod.metadata.labels?.["app"] !== "rook-ceph-osd" ||
        pod.spec?.nodeName !== node.metadata.name ||
        uuid === undefined ||
        left.has(uuid)
      )
        continue;
      const key = { namespace, name: pod.metadata.name ?? "" };
      clock.after(0, () => controllers.crash(key, "bdev: read error: the device is gone"));
    }
  };
  return {
    store,
    ceph,
    disks,
    controllers,
    stop: () => {
      unsubscribe();
      controllers.stop();
    },
  };
}
