import { createHash } from "node:crypto";
import { Registry } from "prom-client";
import type { CephCluster, CephClusterSpec } from "../../src/schema/ceph-cluster.ts";
import { crdOf } from "../../src/schema/crd.ts";
import { assembleOperator } from "../../src/assemble-operator.ts";
import type { CephCommand } from "../../src/ceph/ceph.ts";
import { loadCrds, operatorKinds } from "../../src/kinds/index.ts";
import { CustomResourceDefinition } from "../../src/kube/kinds.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import { createRuntimeMetrics } from "../../src/runtime/metrics.ts";
import { type TypedStore, typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import { createFakeKube, type FakeKube } from "../../src/simkube/api/fake-kube.ts";
import { createSimCluster, type SimCluster, type SimClusterState } from "../../src/simceph/sim-cluster.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simkube/virtual-clock.ts";
import { watchEvictions } from "./eviction-invariants.ts";
import type { Fault } from "./fault.ts";
import { watchInvariants } from "./invariants.ts";
import { createSimProcess, type SimProcess } from "./sim-process.ts";
import { type Interference, type TappedWrite, tapCeph, tapKube } from "./tap.ts";

export interface CrashWorldOptions {
  readonly fault: Fault;
  readonly nodes?: number;
  readonly disks?: (node: number) => string;
  /** Milliseconds after which nodes' devices are looked at again; never, unless set. */
  readonly deviceIntervalMs?: number;
  /** What an earlier world had come to; it has nodes and disks already. */
  readonly from?: CrashWorldState;
}

/** What a world has come to, at rest. */
export interface CrashWorldState {
  readonly now: number;
  /** How many things by chance there have been. */
  readonly serial: number;
  readonly sim: SimClusterState;
}

/** A simulated cluster with an operator that is started again whenever it is stopped, and with one fault to come. */
export interface CrashWorld {
  readonly clock: VirtualClock;
  readonly sim: SimCluster;
  readonly kube: FakeKube;
  /** The store as a user writes it. */
  readonly user: TypedStore;
  /** From here on the operator's doings count, and the fault comes. */
  begin(): void;
  /** What the operator wrote since `begin`, in order. */
  writes(): readonly TappedWrite[];
  /** Commands that changed Ceph since `begin`, in order. */
  commands(): readonly CephCommand[];
  /** How many kinds of questions Ceph was asked since `begin`. */
  reads(): number;
  /** Changes by others that were told to operators since `begin`. */
  watchEvents(): number;
  /** Whether the fault has come. */
  faultHasCome(): boolean;
  violations(): readonly string[];
  startOperator(identity?: string): void;
  stopOperators(): void;
  /** What it has come to, to begin others with. */
  save(): CrashWorldState;
  /** Lets time go on until nothing changes any more; false where that does not come. */
  settle(restForMs?: number): Promise<boolean>;
}

export const clusterKey = { namespace: "rook-ceph", name: "rook-ceph" };

/** The CephCluster of most workloads. */
export function clusterOf(spec: CephClusterSpec = {}): CephCluster {
  return {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephCluster",
    metadata: clusterKey,
    spec: {
      cephVersion: { image: "quay.io/ceph/ceph:v20.2.4" },
      dataDirHostPath: "/var/lib/rook",
      mon: { count: 3 },
      mgr: { count: 2 },
      dashboard: { enabled: true, ssl: true },
      disruptionManagement: { managePodBudgets: true },
      storage: { useAllNodes: true, useAllDevices: true },
      ...spec,
    },
  };
}

const crds = (await loadCrds()).map(crdOf);

/** How long nothing may change for the world to be at rest: longer than every interval of the operator. */
const restMs = 75_000;
const stepMs = 5_000;
const longestMs = 3_600_000;
/** More changes than any workload has by far: an operator that writes on and on is ended, since time may not even pass meanwhile. */
const mostChanges = 2_000;

/** A world without a CephCluster and without an operator. */
export function createCrashWorld({ fault, nodes = 3, disks = () => "sdb", deviceIntervalMs = 0, from }: CrashWorldOptions): CrashWorld {
  const clock = createVirtualClock(from?.now);
  let serial = from?.serial ?? 0;
  const uid = (): string => {
    const hex = createHash("sha1").update(String(++serial)).digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  const randomBytes = (count: number): Uint8Array => {
    serial += 1;
    const out = new Uint8Array(count);
    for (let offset = 0; offset < count; offset += 20)
      out.set(
        createHash("sha1")
          .update(`${serial}/${offset}`)
          .digest()
          .subarray(0, Math.min(20, count - offset)),
        offset,
      );
    return out;
  };
  const sim = createSimCluster({ clock, nodes, disks, uid, random: randomBytes, ...(from ? { from: from.sim } : {}) });
  const kube = createFakeKube({ store: sim.store, share: true });
  let usersDoing = false;
  const user = asUser(typedStore(sim.store), (isSo) => {
    usersDoing = isSo;
  });
  for (const crd of from ? [] : crds) user.create(CustomResourceDefinition, crd);

  const alive = new Set<SimProcess>();
  let counting = false;
  let hasCome = fault.type === "none" || fault.type === "twoOperators";
  let frozenUntil = 0;
  let apiGoneUntil = 0;
  let statusWrites = 0;
  let watchEvents = 0;
  let operators = 0;
  const writes: TappedWrite[] = [];
  const commands: CephCommand[] = [];
  /** The kinds of questions to Ceph since `begin`. */
  const reads = new Set<string>();
  const violations: string[] = [];
  /** What every kind was like at the write that a stale view is as old as. */
  let snapshot: { readonly version: string; readonly byKind: ReadonlyMap<string, readonly KubeObject[]> } | undefined;
  let showsSnapshot = false;

  const restartWhenDead = (process: SimProcess): void => {
    process.kill();
    alive.delete(process);
    clock.after(1000, () => startOperator());
  };
  const come = <T>(how: T): T => {
    hasCome = true;
    // what was refused is tried again, and the world is not at rest before
    lastChange = clock.now();
    return how;
  };
  const interference: Interference = {
    onWrite(write) {
      if (!counting) return undefined;
      writes.push(write);
      if (write.kind === "CephCluster" && write.verb === "patch status of") {
        statusWrites += 1;
        if (fault.type === "wipeStatus" && fault.at === statusWrites) {
          hasCome = true;
          clock.after(50, wipeStatus);
        }
      }
      if (snapshot !== undefined && !showsSnapshot && fault.type === "write" && writes.length === fault.at + 3) {
        showsSnapshot = true;
        return "kill";
      }
      if (fault.type !== "write" || hasCome || fault.at !== writes.length) return undefined;
      if (fault.how === "stale") {
        snapshot = takeSnapshot();
        // where there are no three writes more, it is stopped all the same
        clock.after(3000, () => {
          if (showsSnapshot) return;
          showsSnapshot = true;
          for (const process of [...alive]) restartWhenDead(process);
        });
      }
      return come(fault.how);
    },
    onCommand(command) {
      if (!counting) return undefined;
      commands.push(command);
      return fault.type === "command" && !hasCome && fault.at === commands.length ? come(fault.how) : undefined;
    },
    onRead({ prefix }) {
      if (!counting || reads.has(prefix)) return undefined;
      reads.add(prefix);
      return fault.type === "read" && !hasCome && fault.at === reads.size ? come(fault.how) : undefined;
    },
    onWatchEvent() {
      if (!counting) return undefined;
      watchEvents += 1;
      return fault.type === "watch" && !hasCome && fault.at === watchEvents ? come(fault.how) : undefined;
    },
    kill: restartWhenDead,
    killLater: (process, ms) => void clock.after(ms, () => restartWhenDead(process)),
    pause: (process) => {
      process.pause();
      clock.after(30_000, () => process.resume());
    },
    restartApi: () => {
      apiGoneUntil = clock.now() + 3000;
      kube.compact();
      kube.disconnectWatches();
    },
    isApiGone: () => clock.now() < apiGoneUntil,
    frozenUntil: () => frozenUntil,
    freeze: (ms) => {
      frozenUntil = clock.now() + ms;
    },
    staleList: <T extends KubeObject>(kind: Kind<T>) => {
      if (!showsSnapshot || snapshot === undefined) return undefined;
      // the operator that comes back sees the old world for 10 s, then what has happened since
      if (frozenUntil === 0) frozenUntil = clock.now() + 10_000;
      if (clock.now() >= frozenUntil) return undefined;
      const items = snapshot.byKind.get(`${kind.apiVersion}/${kind.plural}`);
      return items === undefined ? undefined : { items: [...items] as unknown as T[], resourceVersion: snapshot.version };
    },
  };
  const takeSnapshot = (): typeof snapshot => ({
    version: String(sim.store.version()),
    byKind: new Map(sim.store.resources().map((resource) => [`${resource.apiVersion}/${resource.plural}`, sim.store.list(resource)])),
  });
  const wipeStatus = (): void => {
    for (const { kind } of operatorKinds)
      for (const object of user.list(kind, clusterKey.namespace)) user.setStatus(kind, object, undefined);
  };

  const usesElection = fault.type === "write" && fault.how === "pause";
  const startOperator = (): void => {
    operators += 1;
    const process = createSimProcess(clock);
    alive.add(process);
    const operator = assembleOperator({
      kube: tapKube(kube, process, interference),
      connect: () => tapCeph(sim.ceph, process, interference),
      clock: process.clock,
      random: () => 0.5,
      randomBytes,
      log: silentLogger,
      metrics: createRuntimeMetrics(new Registry()),
      namespace: clusterKey.namespace,
      cephPatienceMs: 300,
      deviceIntervalMs,
      ...(usesElection ? { identity: `operator-${operators}` } : {}),
    });
    const stop = new AbortController();
    void operator.manager.run(stop.signal).then(
      ({ exitCode }) => {
        // Kubernetes starts a process again that ends by itself
        if (exitCode !== 0 && process.isAlive()) restartWhenDead(process);
      },
      (error: unknown) => void violations.push(`the operator ended: ${String(error)}`),
    );
  };
  const stopOperators = (): void => {
    for (const process of alive) process.kill();
    alive.clear();
  };

  const violated = (violation: string): void => {
    if (!violations.includes(violation)) violations.push(violation);
  };
  let lastChange = 0;
  let changes = 0;
  sim.store.subscribe((resource) => {
    if (resource.kind === "Lease" || resource.kind === "Event") return;
    lastChange = clock.now();
    changes += 1;
    if (changes < mostChanges) return;
    violated(`there is no end to what is written, the last of it a ${resource.kind}`);
    stopOperators();
  });
  watchInvariants(sim, clock, () => usersDoing, violated);
  watchEvictions(
    sim,
    () => clock.now(),
    () => usersDoing,
    violated,
  );

  return {
    clock,
    sim,
    kube,
    user,
    begin: () => {
      counting = true;
    },
    writes: () => writes,
    commands: () => commands,
    reads: () => reads.size,
    watchEvents: () => watchEvents,
    faultHasCome: () => hasCome,
    violations: () => violations,
    startOperator: () => {
      startOperator();
      if (fault.type === "twoOperators" || usesElection) startOperator();
    },
    stopOperators,
    save: () => ({ now: clock.now(), serial, sim: sim.save() }),
    settle: async (restForMs = restMs) => {
      const began = clock.now();
      lastChange = began;
      changes = 0;
      const commandsBefore = () => sim.ceph.mutations().length;
      let known = commandsBefore();
      while (clock.now() - began < longestMs) {
        await clock.advance(stepMs);
        if (commandsBefore() !== known) {
          known = commandsBefore();
          lastChange = clock.now();
        }
        if (clock.now() - lastChange >= restForMs) return true;
      }
      return false;
    },
  };
}

/** The store as a user writes it: `tell` hears when the user does something, and when it is done. */
function asUser(store: TypedStore, tell: (isSo: boolean) => void): TypedStore {
  const doing = <R>(act: () => R): R => {
    tell(true);
    try {
      return act();
    } finally {
      tell(false);
    }
  };
  return {
    ...store,
    create: (kind, object) => doing(() => store.create(kind, object)),
    change: (kind, object, change) => doing(() => store.change(kind, object, change)),
    setStatus: (kind, object, status) => doing(() => store.setStatus(kind, object, status)),
    remove: (kind, object, now) => doing(() => store.remove(kind, object, now)),
  };
}
