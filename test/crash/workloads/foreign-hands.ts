import { CephClient } from "../../../src/kinds/ceph-client/ceph-client.ts";
import { ConfigMap, type Container, Deployment, Job, Node, Pod, type PodSpec, Secret, Service } from "../../../src/kube/kinds.ts";
import type { Kind, KubeObject } from "../../../src/kube/object.ts";
import { CephCluster, type CephClusterSpec } from "../../../src/schema/ceph-cluster.ts";
import { clientOf, filesystemChild, groupChild } from "../children.ts";
import { type CrashWorld, clusterKey } from "../crash-world.ts";
import { breakMon } from "../silent-mons.ts";
import { smallCluster } from "../small-cluster.ts";
import { editObject, mustGet, setClusterSpec, withMetadata } from "../user-acts.ts";
import { notReady, type Workload } from "../workload.ts";

const { namespace } = clusterKey;

const withPod = (deployment: Deployment, how: (pod: PodSpec) => PodSpec): Deployment => {
  const { spec } = deployment;
  const pod = spec?.template.spec;
  if (spec === undefined || pod === undefined) return deployment;
  return { ...deployment, spec: { ...spec, template: { ...spec.template, spec: how(pod) } } };
};
const withContainer = (deployment: Deployment, how: (container: Container) => Container): Deployment =>
  withPod(deployment, (pod) => ({ ...pod, containers: pod.containers.map((each, index) => (index === 0 ? how(each) : each)) }));

/** A sentence where a Deployment differs from what the spec makes of it by this word. */
const lacks = (name: string, word: string) => (world: CrashWorld) =>
  JSON.stringify(mustGet(world, Deployment, name).spec).includes(word) ? `${name} still has ${word}` : undefined;

const edited = (what: string, name: string, how: (deployment: Deployment) => Deployment, more: Partial<Workload> = {}): Workload => ({
  name: `edit-${what}-by-hand-of-${name}`,
  nodes: 1,
  from: smallCluster(),
  act: (world) => editObject(world, Deployment, name, how),
  ...more,
});

/** Each edit of a Deployment that people make beyond its scale and image. */
const deployments: readonly Workload[] = ["rook-ceph-mon-a", "rook-ceph-mgr-a", "rook-ceph-osd-0"].flatMap((name): Workload[] => [
  edited("env", name, (d) => withContainer(d, (c) => ({ ...c, env: [...(c.env ?? []), { name: "HAND_MADE", value: "1" }] })), {
    wants: lacks(name, "HAND_MADE"),
  }),
  edited("args", name, (d) => withContainer(d, (c) => ({ ...c, args: [...(c.args ?? []), "--hand-made"] })), {
    wants: lacks(name, "--hand-made"),
  }),
  edited(
    "volume",
    name,
    (d) =>
      withContainer(
        withPod(d, (pod) => ({ ...pod, volumes: [...(pod.volumes ?? []), { name: "hand-made", emptyDir: {} }] })),
        (c) => ({ ...c, volumeMounts: [...(c.volumeMounts ?? []), { name: "hand-made", mountPath: "/hand-made" }] }),
      ),
    { wants: lacks(name, "hand-made") },
  ),
]);

/** Somebody takes an object's labels away, by which it is found. */
const unlabelled = <T extends KubeObject>(kind: Kind<T>, name: string): Workload => ({
  name: `edit-labels-by-hand-of-${kind.kind.toLowerCase()}-${name}`,
  nodes: 1,
  from: smallCluster(),
  act: (world) => editObject(world, kind, name, (object) => withMetadata(object, { labels: {} })),
  wants: (world) =>
    mustGet(world, kind, name).metadata.labels?.["rook_cluster"] === undefined ? `${kind.kind} ${name} has not its labels` : undefined,
});

const otherEdits: readonly Workload[] = [
  edited("labels", "rook-ceph-mgr-a", (d) => withMetadata(d, { labels: {} }), {
    wants: (world) =>
      mustGet(world, Deployment, "rook-ceph-mgr-a").metadata.labels?.["app"] === "rook-ceph-mgr" ? undefined : "the mgr has not its labels",
  }),
  edited("labels", "rook-ceph-mon-a", (d) => withMetadata(d, { labels: {} }), {
    wants: (world) =>
      mustGet(world, Deployment, "rook-ceph-mon-a").metadata.labels?.["app"] === "rook-ceph-mon" ? undefined : "the mon has not its labels",
  }),
  edited("labels", "rook-ceph-osd-0", (d) => withMetadata(d, { labels: {} }), {
    wants: (world) =>
      mustGet(world, Deployment, "rook-ceph-osd-0").metadata.labels?.["app"] === "rook-ceph-osd" ? undefined : "the OSD has not its labels",
  }),
  edited("labels", "rook-ceph-mds-myfs-a", (d) => withMetadata(d, { labels: {} }), {
    before: filesystemChild.create,
    wants: (world) =>
      mustGet(world, Deployment, "rook-ceph-mds-myfs-a").metadata.labels?.["app"] === "rook-ceph-mds"
        ? filesystemChild.isServed(world)
        : "the MDS has not its labels",
  }),
  edited("labels", "rook-ceph-crashcollector-node1", (d) => withMetadata(d, { labels: {} }), {
    from: smallCluster({ crashCollector: { disable: false } }),
    wants: (world) =>
      mustGet(world, Deployment, "rook-ceph-crashcollector-node1").metadata.labels?.["app"] === "rook-ceph-crashcollector"
        ? undefined
        : "the crash collector has not its labels",
  }),
  unlabelled(Job, "rook-ceph-osd-prepare-node1"),
  unlabelled(Service, "rook-ceph-mon-a"),
  unlabelled(Service, "rook-ceph-mgr"),
  edited(
    "annotation",
    "rook-ceph-mgr-a",
    (d) => withMetadata(d, { annotations: { ...d.metadata.annotations, "example.com/mark": "theirs" } }),
    {
      wants: (world) =>
        mustGet(world, Deployment, "rook-ceph-mgr-a").metadata.annotations?.["example.com/mark"] === "theirs"
          ? undefined
          : "somebody else's annotation is gone",
    },
  ),
  edited("owner", "rook-ceph-mgr-a", (d) => ({ ...d, metadata: { ...d.metadata, ownerReferences: [] } }), {
    wants: (world) =>
      mustGet(world, Deployment, "rook-ceph-mgr-a").metadata.ownerReferences?.length === 1 ? undefined : "nobody owns the mgr",
  }),
  edited("placement", "rook-ceph-mon-a", (d) => withPod(d, (pod) => ({ ...pod, nodeSelector: {} }))),
  {
    name: "edit-selector-by-hand-of-service-of-mon",
    nodes: 1,
    from: smallCluster(),
    act: (world) => editObject(world, Service, "rook-ceph-mon-a", (s) => ({ ...s, spec: { ...s.spec, selector: { app: "another" } } })),
    wants: (world) =>
      mustGet(world, Service, "rook-ceph-mon-a").spec?.selector?.["app"] === "rook-ceph-mon" ? undefined : "the Service leads elsewhere",
  },
  {
    // it is there for users to write into
    name: "edit-override-by-hand",
    nodes: 1,
    from: smallCluster(),
    act: (world) => editObject(world, ConfigMap, "rook-config-override", (map) => ({ ...map, data: { config: "[global]\nfoo = bar\n" } })),
    wants: (world) =>
      mustGet(world, ConfigMap, "rook-config-override").data?.["config"]?.includes("foo") === true
        ? undefined
        : "what the user wrote is gone",
  },
  {
    // as `kubectl rook-ceph` or an older operator may have left them
    name: "start-with-objects-of-an-older-operator",
    nodes: 1,
    from: smallCluster(),
    before: (world) => {
      world.stopOperators();
      for (const name of ["rook-ceph-mon-a", "rook-ceph-mgr-a", "rook-ceph-osd-0"])
        editObject(world, Deployment, name, (d) =>
          withContainer(withMetadata(d, { annotations: {} }), (c) => ({ ...c, env: [...(c.env ?? []), { name: "OLDER", value: "1" }] })),
        );
      for (const name of ["rook-ceph-config", "rook-ceph-mgr-a-keyring"])
        editObject(world, Secret, name, (s) => ({ ...s, metadata: { ...s.metadata, labels: {}, ownerReferences: [] } }));
    },
    act: (world) => (world.stopOperators(), world.startOperator()),
    wants: (world) =>
      ["rook-ceph-mon-a", "rook-ceph-mgr-a", "rook-ceph-osd-0"]
        .map((name) => lacks(name, "OLDER")(world))
        .find((said) => said !== undefined),
  },
];

const labelNode = (world: CrashWorld, name: string, labels: Readonly<Record<string, string>>): void => {
  const node = world.user.get(Node, { name });
  if (node === undefined) throw new Error(`there is no ${name}`);
  world.user.change(Node, node, (it) => withMetadata(it, { labels: { ...it.metadata.labels, ...labels } }));
};
const hostNetwork: CephClusterSpec = { network: { provider: "host" } };
const quickly: CephClusterSpec = { healthCheck: { daemonHealth: { mon: { timeout: "60s" } } } };
const hostname = (n: number) => `host-${n}.example.com`;
const withHostnames = { hostnames: hostname, nodes: 1 };

const surroundings: readonly Workload[] = [
  { name: "create-on-the-host-network", nodes: 1, act: (world) => void world.user.create(CephCluster, smallCluster(hostNetwork)) },
  {
    name: "more-mons-on-the-host-network",
    nodes: 3,
    from: smallCluster(hostNetwork),
    act: (world) => setClusterSpec(world, { mon: { count: 3 } }),
    wants: (world) => (world.sim.ceph.state()?.quorum.length === 3 ? undefined : "there are not three mons"),
  },
  {
    name: "replace-a-mon-on-the-host-network",
    nodes: 4,
    from: smallCluster({ ...hostNetwork, mon: { count: 3 }, storage: { nodes: [{ name: "node1", devices: [{ name: "sdb" }] }] } }),
    act: (world) => {
      const node = world.user.get(Node, { name: "node2" });
      if (node !== undefined) world.user.remove(Node, node);
    },
    wants: (world) => (world.sim.ceph.state()?.quorum.toSorted().join() === "a,c,d" ? undefined : "mon b has not been replaced"),
  },
  {
    // its node is the only one that could take another mon, which has its address there
    name: "mon-makes-room-on-the-host-network",
    nodes: 3,
    from: smallCluster({
      ...hostNetwork,
      mon: { count: 3 },
      ...quickly,
      storage: { nodes: [{ name: "node1", devices: [{ name: "sdb" }] }] },
    }),
    act: (world) => {
      breakMon(world, "node2", "b");
      for (const pod of world.user.list(Pod, namespace)) if (pod.metadata.labels?.["mon"] === "b") world.user.remove(Pod, pod);
    },
    wants: (world) => (world.sim.ceph.state()?.quorum.toSorted().join() === "a,c,d" ? undefined : "mon b has not been replaced"),
  },
  {
    name: "label-node-with-a-zone",
    nodes: 1,
    from: smallCluster(),
    act: (world) => labelNode(world, "node1", { "topology.kubernetes.io/zone": "a" }),
  },
  {
    name: "change-zone-of-node",
    nodes: 1,
    from: smallCluster(),
    before: (world) => labelNode(world, "node1", { "topology.kubernetes.io/zone": "a" }),
    act: (world) => labelNode(world, "node1", { "topology.kubernetes.io/zone": "b" }),
  },
  {
    // what runs there goes on, as it does in Kubernetes
    name: "label-of-node-that-placement-asks-for-goes",
    nodes: 1,
    act: (world) => {
      labelNode(world, "node1", { role: "storage" });
      const expression = { key: "role", operator: "In", values: ["storage"] };
      const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } };
      world.user.create(CephCluster, smallCluster({ placement: { all: { nodeAffinity } } }));
      world.clock.after(60_000, () => labelNode(world, "node1", { role: "none" }));
    },
  },
  { ...withHostnames, name: "create-where-hostnames-differ", act: (world) => void world.user.create(CephCluster, smallCluster()) },
  {
    ...withHostnames,
    name: "destroy-where-hostnames-differ",
    from: smallCluster({ cleanupPolicy: { confirmation: "yes-really-destroy-data" } }),
    act: (world) => {
      const cluster = world.user.get(CephCluster, clusterKey);
      if (cluster !== undefined) world.user.remove(CephCluster, cluster);
    },
    ends: "gone",
    wants: (world) => (world.sim.folders.on("node1").size === 0 ? undefined : "folders are left on node1"),
  },
  {
    name: "replace-a-mon-where-hostnames-differ",
    hostnames: hostname,
    nodes: 4,
    from: smallCluster({ mon: { count: 3 }, storage: { nodes: [{ name: hostname(1), devices: [{ name: "sdb" }] }] } }),
    act: (world) => {
      const node = world.user.get(Node, { name: "node2" });
      if (node !== undefined) world.user.remove(Node, node);
    },
    wants: (world) => (world.sim.ceph.state()?.quorum.toSorted().join() === "a,c,d" ? undefined : "mon b has not been replaced"),
  },
  {
    ...withHostnames,
    name: "create-filesystem-where-hostnames-differ",
    from: smallCluster(),
    act: (world) => {
      groupChild.before(world);
      groupChild.create(world);
      world.user.create(CephClient, clientOf("images", { caps: { mon: "allow r" } }));
    },
    wants: (world) => filesystemChild.isServed(world) ?? groupChild.isServed(world) ?? notReady(world, CephClient, "images"),
  },
  {
    name: "lose-a-disk-where-hostnames-differ",
    hostnames: hostname,
    nodes: 2,
    from: smallCluster(),
    act: (world) => {
      for (const deployment of world.user.list(Deployment, namespace))
        if (deployment.metadata.labels?.["app"] === "rook-ceph-osd") world.user.remove(Deployment, deployment);
    },
    wants: (world) => ([...(world.sim.ceph.state()?.osds.values() ?? [])].every(({ up }) => up) ? undefined : "an OSD is down"),
  },
];

/** What others make of the operator's objects, and networks, labels and hostnames as clusters have them that were not made for a test. */
export const foreignHandsWorkloads: readonly Workload[] = [...deployments, ...otherEdits, ...surroundings];
