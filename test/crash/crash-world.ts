import { assembleOperator, type OperatorParts } from "../../src/assemble-operator.ts";
import type { CephConnector } from "../../src/ceph/ceph.ts";
import { isMutation } from "../../src/ceph/is-mutation.ts";
import { loadCrds, operatorKinds } from "../../src/kinds/index.ts";
import { sleepBy } from "../../src/kube/clock.ts";
import { CustomResourceDefinition, Namespace, Node } from "../../src/kube/kinds.ts";
import type { CephCluster, CephClusterSpec } from "../../src/schema/ceph-cluster.ts";
import { crdOf } from "../../src/schema/crd.ts";
import { makeNamespace } from "../../src/simceph/ceph-namespace.ts";
import { createSimCluster, type SimCluster, type SimClusterState } from "../../src/simceph/sim-cluster.ts";
import { createFakeKube, type FakeKube } from "../../src/simkube/api/fake-kube.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import { type TypedStore, typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simkube/virtual-clock.ts";
import { createDetermined } from "./determined.ts";
import { watchEvictions } from "./eviction-invariants.ts";
import type { Fault } from "./fault.ts";
import { createInterference } from "./interfere.ts";
import { watchInvariants } from "./invariants.ts";
import { createJournal, type Journal } from "./journal.ts";
import { createProcessLoad, type ProcessLoad } from "./process-load.ts";
import { settle } from "./rest.ts";
import { createSimProcess, type SimProcess } from "./sim-process.ts";
import { tapCeph, tapKube } from "./tap.ts";
import { createTrackedClock } from "./tracked-clock.ts";

export interface CrashWorldOptions {
  readonly fault: Fault;
  readonly nodes?: number;
  readonly disks?: (node: number) => string;
  /** Milliseconds after which nodes' devices are looked at again; never, unless set. */
  readonly deviceIntervalMs?: number;
  /** Whether operators look again by themselves; on unless set. */
  readonly intervals?: "on" | "off";
  /** The operator's own namespace; the cluster's unless set. */
  readonly operatorNamespace?: string;
  /** The hostname of a node, by its number from 1; its name unless set. */
  readonly hostnames?: (node: number) => string;
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
  /** The clock of users: the world is not at rest while they have something planned. */
  readonly clock: VirtualClock;
  readonly sim: SimCluster;
  readonly kube: FakeKube;
  /** The store as a user writes it. */
  readonly user: TypedStore;
  /** From here on the operator's doings count, and the fault comes. */
  begin(): void;
  readonly journal: Journal;
  /** When something last changed in Kubernetes or Ceph, in milliseconds since 1970. */
  lastChange(): number;
  /** Whether the fault has come. */
  faultHasCome(): boolean;
  violations(): readonly string[];
  /** Starts one, or two where the fault asks for them; they look again by themselves as the world's options say, unless told here. */
  startOperator(intervals?: "on" | "off"): void;
  /** Calls `act` 10 s after an operator has begun to stand still, with 20 s to go: another has not taken over yet. */
  onPause(act: () => void): void;
  /** What another operator would have in its hands, for a test that does what an operator must not. */
  operatorsWaist(): Waist;
  stopOperators(): void;
  /** What it has come to, to begin others with. */
  save(): CrashWorldState;
  /** Lets time go on until nothing changes any more; false where that does not come. See `settle`. */
  settle(restForMs?: number): Promise<boolean>;
}

/** The way to Kubernetes and to Ceph. */
export type Waist = Pick<OperatorParts, "kube"> & { readonly connect: () => CephConnector };

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

/** More changes than any workload has by far: an operator that writes on and on is ended, since time may not even pass meanwhile. */
const mostChanges = 2_000;

/** A world without a CephCluster and without an operator. */
export function createCrashWorld(options: CrashWorldOptions): CrashWorld {
  const { fault, nodes = 3, disks = () => "sdb", deviceIntervalMs = 0, from } = options;
  const { operatorNamespace = clusterKey.namespace, hostnames } = options;
  const clock = createVirtualClock(from?.now);
  const [simClock, userClock, faultClock] = [createTrackedClock(clock), createTrackedClock(clock), createTrackedClock(clock)];
  const determined = createDetermined(from?.serial);
  const sim = createSimCluster({
    clock: simClock,
    nodes,
    disks,
    uid: determined.uid,
    random: determined.bytes,
    ...(from ? { from: from.sim } : {}),
  });
  const kube = createFakeKube({ store: sim.store, share: true });
  const journal = createJournal();
  let usersDoing = false;
  const user = asUser(typedStore(sim.store), (isSo) => {
    usersDoing = isSo;
  });
  for (const crd of from ? [] : crds) user.create(CustomResourceDefinition, crd);
  if (from === undefined) furnish(user, { operatorNamespace, hostnames });

  const alive = new Map<SimProcess, ProcessLoad>();
  let intervals = options.intervals ?? "on";
  const violations: string[] = [];
  const inPause: (() => void)[] = [];
  const violated = (violation: string): void => {
    if (!violations.includes(violation)) violations.push(violation);
  };
  const restart = (process: SimProcess): void => {
    process.kill();
    alive.delete(process);
    faultClock.after(1000, () => startOperator());
  };
  const interference = createInterference({
    fault,
    clock: faultClock,
    kube,
    journal,
    restart,
    onPause: () => {
      for (const act of inPause) userClock.after(10_000, act);
    },
    restartAll: () => [...alive.keys()].forEach(restart),
    wipeStatus: () => {
      for (const { kind } of operatorKinds)
        for (const object of user.list(kind, clusterKey.namespace)) user.setStatus(kind, object, undefined);
    },
  });

  const usesElection = fault.type === "write" && fault.how === "pause";
  let operators = 0;
  const waistOf = (process: SimProcess) => ({
    kube: tapKube(invariants.kube(kube), process, interference, journal),
    connect: () => tapCeph(sim.ceph, process, interference, journal),
  });
  const startOperator = (): void => {
    operators += 1;
    const process = createSimProcess(clock);
    const load = createProcessLoad(usesElection);
    alive.set(process, load);
    const operator = assembleOperator({
      ...waistOf(process),
      clock: process.clock,
      random: () => 0.5,
      randomBytes: determined.bytes,
      log: invariants.log,
      metrics: load.metrics,
      namespace: operatorNamespace,
      cephPatienceMs: 300,
      deviceIntervalMs,
      intervals,
      freeze: true,
      ...(usesElection ? { identity: `operator-${operators}` } : {}),
    });
    const stop = new AbortController();
    void operator.manager.run(stop.signal).then(
      ({ exitCode }) => {
        // Kubernetes starts a process again that ends by itself
        if (exitCode !== 0 && process.isAlive()) restart(process);
      },
      (error: unknown) => violated(`the operator ended: ${String(error)}`),
    );
  };
  const stopOperators = (): void => {
    for (const process of alive.keys()) process.kill();
    alive.clear();
  };

  let lastChange = clock.now();
  let changes = 0;
  let changesOfThisRest = 0;
  const changed = (isLast = true): void => {
    if (isLast) lastChange = clock.now();
    changes += 1;
    changesOfThisRest += 1;
  };
  sim.store.subscribe((resource, { object }) => {
    if (resource.kind === "Lease" || resource.kind === "Event") return;
    // a daemon that keeps ending does so for ever
    changed(!hasRestarted(object));
    if (changesOfThisRest < mostChanges) return;
    violated(`there is no end to what is written, the last of it a ${resource.kind}`);
    stopOperators();
  });
  sim.ceph.intercept((command, when) => {
    if (when === "after" && isMutation(command)) changed();
  });
  const invariants = watchInvariants(
    sim,
    clock,
    { fault, operatorNamespace, isUsersDoing: () => usersDoing, isNobodyThere: () => alive.size === 0 },
    violated,
  );
  watchEvictions(
    sim,
    () => clock.now(),
    () => usersDoing,
    violated,
  );

  return {
    clock: { ...clock, after: (ms, fn) => userClock.after(ms, fn), sleep: sleepBy((ms, fn) => userClock.after(ms, fn)) },
    sim,
    kube,
    user,
    begin: () => journal.begin(),
    journal,
    lastChange: () => lastChange,
    faultHasCome: () => interference.hasCome(),
    violations: () => {
      invariants.check();
      return violations;
    },
    onPause: (act) => void inPause.push(act),
    startOperator: (how) => {
      intervals = how ?? intervals;
      startOperator();
      if (fault.type === "twoOperators" || usesElection) startOperator();
    },
    operatorsWaist: () => waistOf(createSimProcess(clock)),
    stopOperators,
    save: () => ({ now: clock.now(), serial: determined.serial(), sim: sim.save() }),
    settle: (restForMs) => {
      changesOfThisRest = 0;
      return settle(
        {
          clock,
          planned: [userClock, faultClock],
          sim: simClock,
          operators: () => [...alive].map(([{ timers }, load]) => ({ timers, load })),
          cephDueAt: () => sim.ceph.dueAt(),
          changes: () => changes + interference.stirs(),
        },
        restForMs,
      );
    },
  };
}

/** Whether it is a Pod one of whose containers was started again. */
function hasRestarted(object: SimObject): boolean {
  const { containerStatuses } = fieldsOf(object["status"]);
  return Array.isArray(containerStatuses) && containerStatuses.map(fieldsOf).some(({ restartCount }) => Number(restartCount) > 0);
}

/** What a world is to have beside what every world has. */
function furnish(
  user: TypedStore,
  { operatorNamespace, hostnames }: { readonly operatorNamespace: string; readonly hostnames: CrashWorldOptions["hostnames"] },
): void {
  if (user.get(Namespace, { name: operatorNamespace }) === undefined) makeNamespace(user, operatorNamespace);
  if (hostnames === undefined) return;
  for (const [index, node] of user.list(Node).entries())
    user.change(Node, node, (it) => ({
      ...it,
      metadata: { ...it.metadata, labels: { ...it.metadata.labels, "kubernetes.io/hostname": hostnames(index + 1) } },
    }));
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
