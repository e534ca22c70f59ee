import { isDeepStrictEqual } from "node:util";
import type { ConditionReason } from "../../src/kinds/ceph-cluster/common/reasons.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import type { Condition } from "../../src/runtime/conditions.ts";
import { CephCluster, type CephClusterSpec } from "../../src/schema/ceph-cluster.ts";
import { type CrashWorld, clusterKey, clusterOf } from "./crash-world.ts";

/** Something that happens to an operator's world, and that it has to come to terms with. */
export interface Workload {
  readonly name: string;
  readonly nodes?: number;
  readonly disks?: (node: number) => string;
  /** Milliseconds after which nodes' devices are looked at again; never, unless set. */
  readonly deviceIntervalMs?: number;
  /** The operator's own namespace; the cluster's unless set. */
  readonly operatorNamespace?: string;
  /** The hostname of a node, by its number from 1; its name unless set. */
  readonly hostnames?: (node: number) => string;
  /** What there is before: a cluster that is Ready, or nothing. */
  readonly from?: CephCluster;
  /** What a user does before, and what has come to rest when the workload begins. */
  readonly before?: (world: CrashWorld) => void;
  /** What a user does; the operator's doings count from here on. */
  act(world: CrashWorld): void;
  /** How long nothing may change before it counts as over, in milliseconds; for what the operator decides by the time that has passed. */
  readonly restForMs?: number;
  /** What only Ceph can tell, so that the operator has to look again by itself: its intervals are on in these workloads alone. */
  readonly onlyCephTells?: string;
  /** What the cluster must say in the end: the reason why it is not Ready, or `gone`; Ready where absent. */
  readonly ends?: ConditionReason | "gone" | readonly ConditionReason[];
  /** What may be missing or told otherwise in an end that is not good, as it depends on how far the operator came before. */
  readonly mayDiffer?: RegExp;
  /** Under faults of these names only; under each where absent. */
  readonly mayDifferUnder?: RegExp;
  /** What must be so in the end beside that; a sentence where it is not. */
  readonly wants?: (world: CrashWorld) => string | undefined;
}

/** A CephCluster is created where there is none. */
export const create = (name: string, spec: CephClusterSpec, more: Partial<Workload> = {}): Workload => ({
  name,
  act: (world) => void world.user.create(CephCluster, clusterOf(spec)),
  ...more,
});

/** A derived object is deleted. */
export const drift = <T extends KubeObject>(kind: Kind<T>, name: string, more: Partial<Workload> = {}): Workload => ({
  name: `delete-${kind.kind.toLowerCase()}-${name}`,
  from: clusterOf(),
  act: (world) => {
    const object = world.user.get(kind, { namespace: clusterKey.namespace, name });
    if (object === undefined) throw new Error(`there is no ${kind.kind} ${name} to delete`);
    world.user.remove(kind, object);
  },
  wants: (world) =>
    world.user.get(kind, { namespace: clusterKey.namespace, name }) === undefined ? `${kind.kind} ${name} has not come back` : undefined,
  ...more,
});

/** Somebody edits a derived object by hand: it is as before in the end. */
export const edit = <T extends KubeObject>(kind: Kind<T>, name: string, what: string, how: (object: T) => T): Workload => ({
  name: `edit-${what}-of-${kind.kind.toLowerCase()}-${name}`,
  from: clusterOf(),
  act: (world) => {
    const object = world.user.get(kind, { namespace: clusterKey.namespace, name });
    if (object === undefined) throw new Error(`there is no ${kind.kind} ${name} to edit`);
    world.user.change(kind, object, how);
  },
  wants: (world) => {
    const object = world.user.get(kind, { namespace: clusterKey.namespace, name });
    // what the edit would still change was undone
    return object !== undefined && isDeepStrictEqual(object, how(object)) ? `${kind.kind} ${name} is as it was edited` : undefined;
  },
});

/** A field of the spec is changed. */
export const change = (name: string, spec: CephClusterSpec, more: Partial<Workload> = {}): Workload => ({
  name: `change-${name}`,
  from: clusterOf(),
  act: (world) => {
    const cluster = world.user.get(CephCluster, clusterKey);
    if (cluster !== undefined) world.user.change(CephCluster, cluster, (c) => ({ ...c, spec: { ...c.spec, ...spec } }));
  },
  ...more,
});

/** Resources that ask for so much memory. */
export const memory = (amount: string) => ({ requests: { memory: amount } });

/** One disk of each node, by its name. */
export const namedDevices = { nodes: [1, 2, 3].map((n) => ({ name: `node${n}`, devices: [{ name: "sdb" }] })) };

/** A sentence where an object does not say that it is Ready. */
export function notReady<T extends KubeObject>(world: CrashWorld, kind: Kind<T>, name: string): string | undefined {
  const object: (KubeObject & { status?: { conditions?: Condition[] | undefined } }) | undefined = world.user.get(kind, {
    namespace: clusterKey.namespace,
    name,
  });
  const ready = object?.status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" ? undefined : `${kind.kind} ${name} is not Ready: ${ready?.message ?? "nothing said"}`;
}

/** The object without any finalizer, as those make it who do not want to wait. */
export function unheld<T extends KubeObject>(object: T): T {
  const { finalizers: _finalizers, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** A user deletes the CephCluster. */
export function removeCluster(world: CrashWorld): void {
  const cluster = world.user.get(CephCluster, clusterKey);
  if (cluster !== undefined) world.user.remove(CephCluster, cluster);
}
