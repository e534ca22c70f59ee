import { CephCluster, type CephClusterSpec } from "../../src/api/ceph-cluster.ts";
import { createClusterReconciler } from "../../src/cluster/reconcile.ts";
import type { Clock } from "../../src/kube/clock.ts";
import type { Job } from "../../src/kube/kinds.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import type { EventNote } from "../../src/runtime/event-recorder.ts";
import type { Reconciler, Request, Result } from "../../src/runtime/reconciler.ts";
import { createFakeCeph, type FakeCeph } from "../../src/sim/ceph/fake-ceph.ts";
import { addNodes, createSimControllers } from "../../src/sim/kube/controllers.ts";
import { createFakeKube, type FakeKube } from "../../src/sim/kube/fake-kube.ts";

export interface TestWorldOptions {
  /** Device names by node, as the spec asks for them. */
  readonly devices: Readonly<Record<string, readonly string[]>>;
  /** Why a device cannot be used, by `node device`. */
  readonly refused?: Readonly<Record<string, string>>;
  /** 3 unless set. */
  readonly nodes?: number;
  /** Added to the spec, field by field. */
  readonly spec?: CephClusterSpec;
}

/** A Kubernetes and a Ceph in memory with one CephCluster, for tests of its reconciler. */
export interface TestWorld {
  readonly kube: FakeKube;
  readonly ceph: FakeCeph;
  reconcile(request: Request): Promise<Result>;
  /** Lets operator and world work until neither has anything to do; a pass that fails is tried again by a new operator. */
  settle(): Promise<void>;
  cluster(): Promise<CephCluster>;
  condition(type: "Ready" | "Progressing"): Promise<unknown>;
  /** Names of all objects of a kind, sorted. */
  names(kind: Kind): Promise<string[]>;
  events(): readonly EventNote[];
  /** The nth write of the operator happens, but its answer is lost. */
  loseReplyOf(n: number): void;
}

const key = { namespace: "rook-ceph", name: "rook-ceph" };

export async function createTestWorld({ devices, refused = {}, nodes = 3, spec = {} }: TestWorldOptions): Promise<TestWorld> {
  let time = Date.parse("2026-01-01T00:00:00Z");
  const now = () => time;
  const clock: Clock = { now, sleep: () => Promise.resolve(), after: () => () => {} };
  const kube = createFakeKube({ now });
  const ceph = createFakeCeph({ kube, clock });
  const notes: EventNote[] = [];
  const controllers = createSimControllers(kube, { now, runJob: (job) => runJob(job, ceph, refused) });
  const newOperator = (): Reconciler =>
    createClusterReconciler({
      kube,
      connector: ceph,
      events: { record: (_about, note) => void notes.push(note) },
      clock,
      log: silentLogger,
      random: (n) => new Uint8Array(n).fill(7),
      operatorNamespace: "rook-ceph",
      cephPatienceMs: 300,
    });
  await addNodes(kube, nodes);
  await kube.create(CephCluster, {
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
  });
  kube.clearWrites();
  const signal = new AbortController().signal;
  const world: TestWorld = {
    kube,
    ceph,
    reconcile: (request) => newOperator().reconcile(request, signal),
    async settle() {
      for (let round = 0; round < 60; round += 1) {
        const before = kube.writes().length;
        await world.reconcile(key).catch((error: unknown) => {
          if (!(error instanceof KubeError)) throw error;
        });
        const moved = await controllers.step();
        // long enough for everything that is tried again after a while, and for Ceph to notice
        time += 15_000;
        if (!moved && kube.writes().length === before) return;
      }
      throw new Error("the world does not come to rest");
    },
    async cluster() {
      const found = await kube.get(CephCluster, key);
      if (found === undefined) throw new Error("the CephCluster is gone");
      return found;
    },
    condition: async (type) => (await world.cluster()).status?.conditions?.find((c) => c.type === type),
    names: async (kind: Kind) => (await kube.list(kind)).map((object: KubeObject) => object.metadata.name ?? "").sort(),
    events: () => notes,
    loseReplyOf(n) {
      let seen = 0;
      kube.intercept(({ kind, verb }) => {
        // patches of anything else, and Pods, are the doing of Kubernetes' own controllers
        if (kind === "Pod" || (verb === "patch" && kind !== "CephCluster")) return undefined;
        seen += 1;
        return seen === n ? "loseReply" : undefined;
      });
    },
  };
  return world;
}

/** What the containers of our Jobs would say. */
function runJob(job: Job, ceph: FakeCeph, refused: Readonly<Record<string, string>>): { exitCode: number; message: string } {
  if (job.metadata.name === "rook-ceph-detect-version")
    return { exitCode: 0, message: "ceph version 20.2.4 (abc) tentacle (stable)\ntools: ceph-crash\n" };
  const asked = job.spec?.template.spec?.containers[0]?.env?.find((e) => e.name === "WANTED")?.value ?? "{}";
  const { node, devices } = JSON.parse(asked) as { node: string; devices: { name: string }[] };
  const osds: unknown[] = [];
  const no: unknown[] = [];
  for (const { name } of devices) {
    const why = refused[`${node} ${name}`];
    const uuid = `${node}-${name}`;
    if (why === undefined) osds.push([ceph.osdNew(uuid), uuid, `/dev/${name}`, ""]);
    else no.push([`/dev/${name}`, why]);
  }
  return { exitCode: 0, message: JSON.stringify({ osds, refused: no, more: 0 }) };
}
