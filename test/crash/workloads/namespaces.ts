import { Deployment, Node } from "../../../src/kube/kinds.ts";
import type { Condition } from "../../../src/runtime/conditions.ts";
import { CephCluster, type CephClusterSpec } from "../../../src/schema/ceph-cluster.ts";
import { makeCephNamespace } from "../../../src/simceph/ceph-namespace.ts";
import { clientChild } from "../children.ts";
import { type CrashWorld, clusterKey } from "../crash-world.ts";
import { smallCluster } from "../small-cluster.ts";
import { setClusterSpec } from "../user-acts.ts";
import { removeCluster, type Workload } from "../workload.ts";

const operators = "operators";
const other = { namespace: "storage", name: "other" };

/** A sentence where a namespace has objects that are none of its own. */
const onlyHas =
  (namespace: string, kinds: readonly string[]) =>
  (world: CrashWorld): string | undefined => {
    const found = world.sim.store
      .resources()
      .filter(({ namespaced, kind }) => namespaced && !kinds.includes(kind))
      .flatMap((resource) => world.sim.store.list(resource, namespace).map(({ metadata }) => `${resource.kind} ${metadata.name ?? ""}`));
    return found.length === 0 ? undefined : `namespace ${namespace} has ${found.slice(0, 5).join(", ")}`;
  };
const operatorsHasNothing = onlyHas(operators, ["Lease", "Event", "ServiceAccount"]);
const clustersHasNoLease = (world: CrashWorld) =>
  world.sim.store.list(
    world.sim.store.resource({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", plural: "leases", namespaced: true }),
    clusterKey.namespace,
  ).length === 0
    ? undefined
    : "the operator's Lease is in the cluster's namespace";
const isApart = (world: CrashWorld) => operatorsHasNothing(world) ?? clustersHasNoLease(world);

const operatorElsewhere: readonly Workload[] = [
  {
    name: "create-cluster-with-the-operator-elsewhere",
    nodes: 1,
    operatorNamespace: operators,
    act: (world) => void world.user.create(CephCluster, smallCluster()),
    wants: isApart,
  },
  {
    name: "create-client-with-the-operator-elsewhere",
    nodes: 1,
    operatorNamespace: operators,
    from: smallCluster(),
    act: clientChild.create,
    wants: (world) => isApart(world) ?? clientChild.isServed(world),
  },
  {
    name: "destroy-cluster-with-the-operator-elsewhere",
    nodes: 1,
    operatorNamespace: operators,
    from: smallCluster({ cleanupPolicy: { confirmation: "yes-really-destroy-data" } }),
    act: removeCluster,
    ends: "gone",
    wants: operatorsHasNothing,
  },
];

const onNode = (name: string): CephClusterSpec => ({
  storage: { nodes: [{ name, devices: [{ name: "sdb" }] }] },
  placement: {
    all: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [name] }] }],
        },
      },
    },
  },
});
const firstCluster = (spec: CephClusterSpec = {}) => smallCluster({ ...onNode("node1"), ...spec });
const createOther = (world: CrashWorld, spec: CephClusterSpec = {}): void => {
  makeCephNamespace(world.user, other.namespace);
  world.user.create(CephCluster, {
    ...smallCluster({ ...onNode("node2"), dataDirHostPath: "/var/lib/other", ...spec }),
    metadata: { ...other },
  });
};
const isOtherReady = (world: CrashWorld): string | undefined => {
  const conditions: readonly Condition[] | undefined = world.user.get(CephCluster, other)?.status?.conditions;
  const ready = conditions?.find(({ type }) => type === "Ready");
  const state = world.sim.ceph.state(other.namespace);
  if (ready?.status !== "True") return `the other CephCluster is not Ready: ${ready?.message ?? "nothing said"}`;
  return state?.osds.size === 1 && state.quorum.length === 1 ? undefined : "the other cluster has not one mon and one OSD";
};
const removeOther = (world: CrashWorld): void => {
  const cluster = world.user.get(CephCluster, other);
  if (cluster === undefined) throw new Error("there is no other CephCluster");
  world.user.remove(CephCluster, cluster);
};
/** Whether a node still holds its cluster's OSD and mon. */
const holdsData = (world: CrashWorld, name: string): boolean => {
  const node = world.user.get(Node, { name });
  return (
    node !== undefined && world.sim.disks.on(node).some(({ content }) => content.type === "osd") && world.sim.folders.on(name).size > 0
  );
};
const isOtherGone = (world: CrashWorld): string | undefined =>
  world.user.get(CephCluster, other) !== undefined || world.user.list(Deployment, other.namespace).length > 0
    ? "the other cluster is still there"
    : undefined;

const twoClusters: readonly Workload[] = [
  {
    name: "create-two-clusters",
    nodes: 2,
    act: (world) => {
      world.user.create(CephCluster, firstCluster());
      createOther(world);
    },
    wants: isOtherReady,
  },
  {
    name: "update-one-of-two-clusters",
    nodes: 2,
    from: firstCluster(),
    before: createOther,
    act: (world) => setClusterSpec(world, { labels: { mgr: { team: "storage" } } }),
    wants: (world) => {
      const generations = world.user.list(Deployment, other.namespace).map(({ metadata }) => metadata.generation);
      return generations.every((each) => each === 1) ? isOtherReady(world) : "the other cluster's daemons were changed";
    },
  },
  {
    name: "delete-one-of-two-clusters",
    nodes: 2,
    from: firstCluster(),
    before: createOther,
    act: removeOther,
    wants: (world) => isOtherGone(world) ?? (holdsData(world, "node1") && holdsData(world, "node2") ? undefined : "data is gone"),
  },
  {
    name: "destroy-one-of-two-clusters",
    nodes: 2,
    from: firstCluster(),
    before: (world) => createOther(world, { cleanupPolicy: { confirmation: "yes-really-destroy-data" } }),
    act: removeOther,
    wants: (world) => {
      if (!holdsData(world, "node1")) return "the first cluster's data is gone";
      return isOtherGone(world) ?? (holdsData(world, "node2") ? "the other cluster's data is still there" : undefined);
    },
  },
  {
    name: "destroy-the-first-of-two-clusters",
    nodes: 2,
    from: firstCluster({ cleanupPolicy: { confirmation: "yes-really-destroy-data" } }),
    before: createOther,
    act: removeCluster,
    ends: "gone",
    wants: (world) => (holdsData(world, "node2") ? isOtherReady(world) : "the other cluster's data is gone"),
  },
];

/** The operator in a namespace of its own, and two clusters with one operator. */
export const namespaceWorkloads: readonly Workload[] = [...operatorElsewhere, ...twoClusters];
