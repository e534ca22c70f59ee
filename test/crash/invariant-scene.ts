import type { CephCommand } from "../../src/ceph/ceph.ts";
import { CephBlockPool } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { CephClient } from "../../src/kinds/ceph-client/ceph-client.ts";
import { CephFilesystem } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { CephFilesystemSubVolumeGroup } from "../../src/kinds/ceph-filesystem-subvolume-group/subvolume-group.ts";
import { Pod } from "../../src/kube/kinds.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { createSimCluster, type SimCluster } from "../../src/simceph/sim-cluster.ts";
import { createFakeKube, type FakeKube } from "../../src/simkube/api/fake-kube.ts";
import { type TypedStore, typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simkube/virtual-clock.ts";
import { type CrashWorldState, clusterOf, createCrashWorld } from "./crash-world.ts";
import type { Fault } from "./fault.ts";
import { type Invariants, watchInvariants } from "./invariants.ts";

export const namespace = "rook-ceph";

/** A cluster with one object of each kind, all Ready, and what the invariants said while it was made. */
export interface SceneBeginning {
  readonly state: CrashWorldState;
  readonly said: readonly string[];
}

/** Makes it; the operator has gone when it is there. Throws where it does not become Ready. */
export async function makeSceneBeginning(): Promise<SceneBeginning> {
  const world = createCrashWorld({ fault: { type: "none" } });
  world.startOperator();
  world.user.create(CephCluster, clusterOf());
  await world.settle(20_000);
  const add = <T extends KubeObject>(kind: Kind<T>, name: string, spec: object): void =>
    void world.user.create(kind, { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { namespace, name }, spec } as unknown as T);
  add(CephBlockPool, "images", { replicated: { size: 3 } });
  add(CephClient, "reader", { caps: { mon: "allow r" } });
  add(CephFilesystem, "files", {
    metadataPool: { replicated: { size: 3 } },
    dataPools: [{ replicated: { size: 3 } }],
    metadataServer: { activeCount: 1, activeStandby: true },
  });
  await world.settle(20_000);
  add(CephFilesystemSubVolumeGroup, "group", { filesystemName: "files" });
  await world.settle(20_000);
  for (const kind of [CephCluster, CephBlockPool, CephClient, CephFilesystem, CephFilesystemSubVolumeGroup] as Kind[])
    for (const object of world.user.list(kind, namespace))
      if (readyOf(object) !== "True") throw new Error(`${kind.kind} ${object.metadata.name ?? ""} is not Ready`);
  world.stopOperators();
  return { state: world.save(), said: world.violations() };
}

function readyOf(
  object: KubeObject & { readonly status?: { readonly conditions?: readonly { type: string; status: string }[] } },
): unknown {
  return object.status?.conditions?.find(({ type }) => type === "Ready")?.status;
}

/** The same cluster, with nobody but the test to act in it. */
export interface Scene {
  readonly sim: SimCluster;
  readonly clock: VirtualClock;
  readonly world: TypedStore;
  /** Kubernetes as an operator has it. */
  readonly kube: FakeKube;
  readonly invariants: Invariants;
  readonly said: string[];
  /** A command, as the operator gives it. */
  readonly command: (command: CephCommand) => Promise<unknown>;
  /** Lets time go on, and judges. */
  pass(ms: number): Promise<void>;
}

/** `isNobodyThere` is as in `InvariantOptions`: an operator is there, unless said otherwise. */
export function createScene({ state: begun }: SceneBeginning, fault: Fault = { type: "none" }, isNobodyThere = () => false): Scene {
  const clock = createVirtualClock(begun.now);
  let serial = begun.serial;
  const sim = createSimCluster({ clock, nodes: 3, disks: () => "sdb", uid: () => `00000000-0000-4000-8000-${++serial}`, from: begun.sim });
  const said: string[] = [];
  const options = { fault, operatorNamespace: namespace, isUsersDoing: () => false, isNobodyThere };
  const invariants = watchInvariants(sim, clock, options, (violation) => void said.push(violation));
  const state = sim.ceph.state();
  const ceph = sim.ceph.connect({
    namespace,
    fsid: state?.fsid ?? "",
    monHost: (state?.mons ?? []).map(({ host }) => `[v2:${host}:3300]`).join(","),
    user: "client.admin",
    key: state?.entities.get("client.admin")?.key ?? "",
  });
  return {
    sim,
    clock,
    world: typedStore(sim.store),
    kube: invariants.kube(createFakeKube({ store: sim.store, share: true })),
    invariants,
    said,
    command: (command) => ceph.command(command),
    pass: async (ms) => {
      await clock.advance(ms);
      // Ceph looks at its Pods when it is asked
      await sim.ceph
        .admin()
        .command({ prefix: "fsid" })
        .catch(() => {});
      invariants.check();
    },
  };
}

/** Every Pod of an app ends, and none that comes after it is ever ready. */
export function keepDown({ sim, world }: Scene, app: string): void {
  sim.faults.onStart((pod) => (pod.metadata.labels?.["app"] === app ? { type: "serve", readyAfterMs: Infinity } : undefined));
  for (const pod of world.list(Pod, namespace)) if (pod.metadata.labels?.["app"] === app) world.remove(Pod, pod);
}
