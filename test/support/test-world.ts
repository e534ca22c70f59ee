import { clusterKind } from "../../src/kinds/ceph-cluster/kind.ts";
import { daemonTypes, dependentKinds, loadCrds, operatorKinds } from "../../src/kinds/index.ts";
import { CustomResourceDefinition } from "../../src/kube/kinds.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import type { OperatorDependencies } from "../../src/resource/dependencies.ts";
import type { Condition } from "../../src/runtime/conditions.ts";
import type { EventNote } from "../../src/runtime/event-recorder.ts";
import type { Request, Result } from "../../src/runtime/reconciler.ts";
import { CephCluster, type CephClusterSpec } from "../../src/schema/ceph-cluster.ts";
import { crdOf } from "../../src/schema/crd.ts";
import type { FakeCeph } from "../../src/simceph/fake-ceph.ts";
import { createSimCluster, type SimCluster, type SimClusterState } from "../../src/simceph/sim-cluster.ts";
import type { SimDisks } from "../../src/simceph/sim-disks.ts";
import type { SimFolders } from "../../src/simceph/sim-folders.ts";
import { createFakeKube, type FakeKube } from "../../src/simkube/api/fake-kube.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simkube/virtual-clock.ts";

export interface TestWorldOptions {
  /** Device names by node, as the spec asks for them. */
  readonly devices: Readonly<Record<string, readonly string[]>>;
  /** The disks of a node where they are not just these, empty: `sdb sdc=ext4`. */
  readonly disks?: Readonly<Record<string, string>>;
  /** 3 unless set. */
  readonly nodes?: number;
  /** Added to the spec, field by field. */
  readonly spec?: CephClusterSpec;
  /** What an earlier world had come to: it has a CephCluster already, and its nodes and disks. */
  readonly from?: TestWorldState;
}

/** What a world has come to, at rest. */
export interface TestWorldState {
  readonly now: number;
  /** How many things by chance there have been. */
  readonly serial: number;
  readonly sim: SimClusterState;
}

/** A Kubernetes and a Ceph in memory with one CephCluster, for tests of its reconciler. */
export interface TestWorld {
  readonly sim: SimCluster;
  readonly kube: FakeKube;
  readonly ceph: FakeCeph;
  readonly disks: SimDisks;
  readonly folders: SimFolders;
  readonly clock: VirtualClock;
  /** What its reconcilers get, for a test that makes one of its own. */
  readonly dependencies: OperatorDependencies;
  /** A pass over the CephCluster. */
  reconcile(request: Request): Promise<Result>;
  /** A pass over every object of every other kind. */
  reconcileOthers(): Promise<void>;
  /** Lets operator and world work until neither has anything to do; a pass that fails is tried again by a new operator. */
  settle(): Promise<void>;
  cluster(): Promise<CephCluster>;
  condition(type: "Ready" | "Progressing" | "Deleting" | "DeletionIsBlocked"): Promise<unknown>;
  /** Of an object of any kind in the cluster's namespace. */
  conditionOf(kind: Kind, name: string, type: string): Promise<Condition | undefined>;
  /** Names of all objects of a kind, sorted. */
  names(kind: Kind): Promise<string[]>;
  events(): readonly EventNote[];
  /** The nth write of the operator happens, but its answer is lost. */
  loseReplyOf(n: number): void;
  /** What it has come to, to begin others with. */
  save(): TestWorldState;
}

const key = { namespace: "rook-ceph", name: "rook-ceph" };

export async function createTestWorld({ devices, disks = {}, nodes = 3, spec = {}, from }: TestWorldOptions): Promise<TestWorld> {
  const clock = createVirtualClock(from?.now);
  let serial = from?.serial ?? 6;
  // the same in each run, and never the same twice
  const random = (n: number): Uint8Array => {
    serial += 1;
    return new Uint8Array(n).fill(serial % 256);
  };
  const sim = createSimCluster({
    clock,
    nodes,
    disks: (n) => disks[`node${n}`] ?? (devices[`node${n}`] ?? []).join(" "),
    random,
    ...(from ? { from: from.sim } : {}),
  });
  const { ceph, store, disks: simDisks, folders } = sim;
  const kube = createFakeKube({ store, share: true });
  const notes: EventNote[] = [];
  const dependencies: OperatorDependencies = {
    kube,
    live: kube,
    connector: ceph,
    events: { record: (_about, note) => void notes.push(note) },
    clock,
    log: silentLogger,
    random,
    daemonTypes,
    dependentKinds,
    operatorNamespace: "rook-ceph",
    cephPatienceMs: 300,
    deviceIntervalMs: 3_600_000,
  };
  for (const definition of from ? [] : await loadCrds()) await kube.create(CustomResourceDefinition, crdOf(definition));
  const cluster: CephCluster = {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephCluster",
    metadata: key,
    spec: {
      cephVersion: { image: "quay.io/ceph/ceph:v20.2.4" },
      dataDirHostPath: "/var/lib/rook",
      mon: { count: 3 },
      mgr: { count: 2 },
      disruptionManagement: { managePodBudgets: true },
      storage: { nodes: Object.entries(devices).map(([name, list]) => ({ name, devices: list.map((device) => ({ name: device })) })) },
      ...spec,
    },
  };
  if (!from) await kube.create(CephCluster, cluster);
  kube.clearWrites();
  const signal = new AbortController().signal;
  const world: TestWorld = {
    sim,
    kube,
    ceph,
    disks: simDisks,
    folders,
    clock,
    dependencies,
    reconcile: (request) => clusterKind.createReconciler(dependencies).reconcile(request, signal),
    reconcileOthers: async () => {
      for (const operatorKind of operatorKinds.filter(({ kind }) => kind.kind !== CephCluster.kind))
        for (const { metadata } of await kube.list(operatorKind.kind))
          await operatorKind
            .createReconciler(dependencies)
            .reconcile({ namespace: metadata.namespace ?? "", name: metadata.name ?? "" }, signal);
    },
    async settle() {
      for (let round = 0; round < 60; round += 1) {
        const before = store.version();
        for (const pass of [() => world.reconcile(key), () => world.reconcileOthers()])
          await pass().catch((error: unknown) => {
            if (!(error instanceof KubeError)) throw error;
          });
        // long enough for everything that is tried again after a while, and for Ceph to notice
        await clock.advance(15_000);
        if (store.version() === before) return;
      }
      throw new Error("the world does not come to rest");
    },
    async cluster() {
      const found = await kube.get(CephCluster, key);
      if (found === undefined) throw new Error("the CephCluster is gone");
      return found;
    },
    condition: async (type) => (await world.cluster()).status?.conditions?.find((c) => c.type === type),
    conditionOf: async (kind, name, type) => {
      const object: (KubeObject & { status?: { conditions?: Condition[] | undefined } }) | undefined = await kube.get(kind, {
        namespace: key.namespace,
        name,
      });
      return object?.status?.conditions?.find((c) => c.type === type);
    },
    names: async (kind: Kind) => (await kube.list(kind)).map((object: KubeObject) => object.metadata.name ?? "").sort(),
    events: () => notes,
    loseReplyOf(n) {
      let seen = 0;
      kube.intercept(() => {
        seen += 1;
        return seen === n ? "loseReply" : undefined;
      });
    },
    save: () => ({ now: clock.now(), serial, sim: sim.save() }),
  };
  return world;
}
