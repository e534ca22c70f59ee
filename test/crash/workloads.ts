import { CephCluster, type CephClusterSpec } from "../../src/api/ceph-cluster.ts";
import type { ConditionReason } from "../../src/cluster/reasons.ts";
import { ConfigMap, Deployment, Job, Node, PodDisruptionBudget, Secret, Service } from "../../src/kube/kinds.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import { type CrashWorld, clusterKey, clusterOf } from "./crash-world.ts";

/** Something that happens to an operator's world, and that it has to come to terms with. */
export interface Workload {
  readonly name: string;
  readonly nodes?: number;
  readonly disks?: (node: number) => string;
  /** What there is before: a cluster that is Ready, or nothing. */
  readonly from?: CephCluster;
  /** What a user does; the operator's doings count from here on. */
  act(world: CrashWorld): void;
  /** What the cluster must say in the end: the reason why it is not Ready, or `gone`; Ready where absent. */
  readonly ends?: ConditionReason | "gone";
  /** What must be so in the end beside that; a sentence where it is not. */
  readonly wants?: (world: CrashWorld) => string | undefined;
}

const create = (name: string, spec: CephClusterSpec, more: Partial<Workload> = {}): Workload => ({
  name,
  act: (world) => void world.user.create(CephCluster, clusterOf(spec)),
  ...more,
});

/** A derived object is deleted. */
const drift = <T extends KubeObject>(kind: Kind<T>, name: string, more: Partial<Workload> = {}): Workload => ({
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

/** A field of the spec is changed. */
const change = (name: string, spec: CephClusterSpec, more: Partial<Workload> = {}): Workload => ({
  name: `change-${name}`,
  from: clusterOf(),
  act: (world) => {
    const cluster = world.user.get(CephCluster, clusterKey);
    if (cluster !== undefined) world.user.change(CephCluster, cluster, (c) => ({ ...c, spec: { ...c.spec, ...spec } }));
  },
  ...more,
});

const memory = (amount: string) => ({ requests: { memory: amount } });

/** One disk of each node, by its name. */
const namedDevices = { nodes: [1, 2, 3].map((n) => ({ name: `node${n}`, devices: [{ name: "sdb" }] })) };

/** All of them. Later kinds add theirs. */
export const workloads: readonly Workload[] = [
  create("create-1-mon", { mon: { count: 1 }, mgr: { count: 1 } }, { nodes: 1 }),
  create("create-3-mons", {}),
  create("create-5-mons", { mon: { count: 5 } }, { nodes: 5 }),
  create(
    "create-with-a-disk-that-is-not-empty",
    { storage: { nodes: [{ name: "node1", devices: [{ name: "sdb" }, { name: "sdc" }] }] } },
    { disks: () => "sdb sdc=ext4", ends: "DevicesRefused" },
  ),
  create("create-on-too-few-nodes", {}, { nodes: 2, ends: "NotEnoughNodes" }),
  { name: "restart", from: clusterOf(), act: (world) => (world.stopOperators(), world.startOperator()) },

  drift(Deployment, "rook-ceph-mon-b"),
  drift(Deployment, "rook-ceph-mgr-a"),
  drift(Deployment, "rook-ceph-osd-1"),
  drift(Deployment, "rook-ceph-crashcollector-node1"),
  drift(Service, "rook-ceph-mon-a"),
  drift(Service, "rook-ceph-mgr"),
  drift(Service, "rook-ceph-mgr-dashboard"),
  drift(Secret, "rook-ceph-config"),
  drift(Secret, "rook-ceph-mgr-b-keyring"),
  drift(Secret, "rook-ceph-mons-keyring"),
  drift(Secret, "rook-ceph-admin-keyring"),
  drift(Secret, "rook-ceph-crash-collector-keyring"),
  drift(Secret, "rook-ceph-dashboard-password"),
  drift(ConfigMap, "rook-ceph-mon-endpoints"),
  drift(ConfigMap, "rook-config-override"),
  drift(PodDisruptionBudget, "rook-ceph-mon-pdb"),
  drift(PodDisruptionBudget, "rook-ceph-osd"),
  drift(Job, "rook-ceph-osd-prepare-node2"),
  // the daemons say which version they are
  drift(Job, "rook-ceph-detect-version", { wants: () => undefined }),
  // only its owner has it, in a backup
  drift(Secret, "rook-ceph-mon", { ends: "IdentityMissing", wants: () => undefined }),
  {
    name: "delete-every-deployment",
    from: clusterOf(),
    act: (world) => {
      for (const deployment of world.user.list(Deployment, clusterKey.namespace)) world.user.remove(Deployment, deployment);
    },
  },

  change(
    "mon-resources",
    { resources: { mon: memory("2Gi") } },
    {
      wants: (world) =>
        world.user
          .list(Deployment, clusterKey.namespace)
          .filter((d) => d.metadata.labels?.["app"] === "rook-ceph-mon")
          .every((d) => d.spec?.template.spec?.containers[0]?.resources?.requests?.["memory"] === "2Gi")
          ? undefined
          : "a mon is as it was",
    },
  ),
  change(
    "one-mgr-less",
    { mgr: { count: 1 } },
    {
      wants: (world) =>
        world.user.get(Deployment, { namespace: clusterKey.namespace, name: "rook-ceph-mgr-b" }) === undefined &&
        world.user.get(Secret, { namespace: clusterKey.namespace, name: "rook-ceph-mgr-b-keyring" }) === undefined &&
        world.sim.ceph.state()?.entities.has("mgr.b") === false
          ? undefined
          : "mgr.b or its key is still there",
    },
  ),
  change("one-mgr-more", { mgr: { count: 2 } }, { from: clusterOf({ mgr: { count: 1 } }) }),
  // everything of a Pod's template in one edit: it is one and the same roll-out
  change("mgr-template", {
    resources: { mgr: memory("2Gi") },
    annotations: { mgr: { team: "storage" } },
    priorityClassNames: { mgr: "system-cluster-critical" },
  }),
  change("osd-template", {
    resources: { osd: memory("4Gi") },
    labels: { osd: { team: "storage" } },
    placement: { osd: { tolerations: [{ key: "storage", operator: "Exists" }] } },
  }),
  change("ceph-config", { cephConfig: { global: { osd_pool_default_size: "2" }, "osd.*": { osd_max_backfills: "2" } } }),
  change(
    "image",
    { cephVersion: { image: "quay.io/ceph/ceph:v20.2.5" } },
    { from: clusterOf({ crashCollector: { disable: true }, dashboard: { enabled: false } }) },
  ),
  change("dashboard-off", { dashboard: { enabled: false } }),
  change("dashboard-port", { dashboard: { enabled: true, ssl: true, port: 9443 } }),
  change("monitoring-off", { monitoring: { metricsDisabled: true } }),
  change("crash-collectors-off", { crashCollector: { disable: true } }),
  change("budgets-off", { disruptionManagement: { managePodBudgets: false } }),
  change("mgr-modules", { mgr: { count: 2, modules: [{ name: "rook", enabled: true }] } }),
  change("mute-a-warning", { healthCheck: { muteHealthWarning: { TOO_FEW_OSDS: { policy: "mute" } } } }),
  change(
    "more-devices",
    { storage: { nodes: [1, 2, 3].map((n) => ({ name: `node${n}`, devices: [{ name: "sdb" }, { name: "sdc" }] })) } },
    {
      disks: () => "sdb sdc",
      from: clusterOf({ storage: namedDevices }),
    },
  ),
  {
    name: "purged-osd-with-its-deployment-gone",
    from: clusterOf({ storage: namedDevices }),
    act: (world) => {
      const deployment = world.user.get(Deployment, { namespace: clusterKey.namespace, name: "rook-ceph-osd-1" });
      if (deployment !== undefined) world.user.remove(Deployment, deployment);
      const state = world.sim.ceph.state();
      const uuid = state?.osds.get(1)?.uuid;
      const node = world.user
        .list(Node)
        .find((each) => world.sim.disks.on(each).some(({ content }) => content.type === "osd" && content.uuid === uuid));
      const job = world.user.get(Job, { namespace: clusterKey.namespace, name: `rook-ceph-osd-prepare-${node?.metadata.name ?? ""}` });
      if (job !== undefined) world.user.remove(Job, job);
      state?.osds.delete(1);
      state?.entities.delete("osd.1");
    },
    ends: "DevicesRefused",
  },
  change("to-what-cannot-be", { dataDirHostPath: "/etc/ceph" }, { ends: "InvalidSpec" }),

  {
    name: "delete-the-cluster",
    from: clusterOf(),
    act: (world) => removeCluster(world),
    ends: "gone",
  },
  {
    name: "delete-and-create-again-on-used-disks",
    from: clusterOf(),
    act: (world) => {
      removeCluster(world);
      world.clock.after(20_000, () => void world.user.create(CephCluster, clusterOf()));
    },
    ends: "NoUsableDevices",
  },
];

function removeCluster(world: CrashWorld): void {
  const cluster = world.user.get(CephCluster, clusterKey);
  if (cluster !== undefined) world.user.remove(CephCluster, cluster);
}
