import { ConfigMap, Deployment, Job, Node, PodDisruptionBudget, Secret, Service } from "../../../src/kube/kinds.ts";
import { clusterKey, clusterOf } from "../crash-world.ts";
import { change, create, drift, edit, memory, namedDevices, unheld, type Workload } from "../workload.ts";

const scaleToZero = (deployment: Deployment): Deployment => ({
  ...deployment,
  ...(deployment.spec === undefined ? {} : { spec: { ...deployment.spec, replicas: 0 } }),
});

/** The same Ceph by another name. */
function setImage(deployment: Deployment): Deployment {
  const { spec } = deployment;
  const pod = spec?.template.spec;
  if (spec === undefined || pod === undefined) return deployment;
  const containers = pod.containers.map((container) => ({ ...container, image: "quay.io/ceph/ceph:v20.2.1" }));
  return { ...deployment, spec: { ...spec, template: { ...spec.template, spec: { ...pod, containers } } } };
}

/** A cluster's making, its drift, edits of its spec, and its end. */
export const clusterWorkloads: readonly Workload[] = [
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
  // held by its finalizer
  drift(Secret, "rook-ceph-mon"),
  ...["rook-ceph-mon-b", "rook-ceph-mgr-a", "rook-ceph-osd-1", "rook-ceph-crashcollector-node1"].map((name) =>
    // whether its Pod ends before it is scaled up again depends on who is faster
    ({
      ...edit(Deployment, name, "scale", scaleToZero),
      mayDiffer: new RegExp(`^(added|deleted) Pod rook-ceph/${name.replace("osd-1", "osd-<.*>")}$`),
    }),
  ),
  edit(Deployment, "rook-ceph-osd-1", "image", setImage),
  edit(Service, "rook-ceph-mgr", "ports", (service) => ({ ...service, spec: { ...service.spec, ports: [{ name: "other", port: 1 }] } })),
  edit(Secret, "rook-ceph-config", "data", (secret) => ({ ...secret, data: { ...secret.data, mon_host: btoa("[v2:10.0.0.1:3300]") } })),
  edit(PodDisruptionBudget, "rook-ceph-mon-pdb", "size", (budget) => ({ ...budget, spec: { ...budget.spec, maxUnavailable: 3 } })),
  {
    // only its owner has it, in a backup
    name: "lose-secret-rook-ceph-mon",
    from: clusterOf(),
    act: (world) => {
      const secret = world.user.get(Secret, { namespace: clusterKey.namespace, name: "rook-ceph-mon" });
      if (secret === undefined) throw new Error("there is no identity to lose");
      world.user.remove(Secret, world.user.change(Secret, secret, unheld));
    },
    ends: "IdentityMissing",
  },
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
  change("mgr-modules", { mgr: { count: 2, modules: [{ name: "telegraf", enabled: true }] } }),
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
];
