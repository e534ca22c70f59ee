import type { DaemonContext } from "../../src/daemons/pod/context.ts";
import type { CephClusterSpec } from "../../src/schema/ceph-cluster.ts";
import { withDefaults } from "../../src/schema/defaults.ts";

const fsid = "11111111-2222-3333-4444-555555555555";
const spec: CephClusterSpec = { cephVersion: { image: "quay.io/ceph/ceph:v20.2.4" }, dataDirHostPath: "/var/lib/rook" };
const requests = (memory: string) => ({ requests: { cpu: "100m", memory }, limits: { memory } });
const zone = (operator: "In" | "Exists") => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator, ...(operator === "In" ? { values: ["a", "b"] } : {}) }] }],
    },
  },
});
const tolerating = (key: string) => ({ tolerations: [{ key, operator: "Exists" as const }] });

/** What a user can say about Pods, all of it. */
const rich: CephClusterSpec = {
  cephVersion: { image: "quay.io/ceph/ceph:v20.2.4", imagePullPolicy: "Always" },
  mon: { count: 5, allowMultiplePerNode: true },
  mgr: { count: 2, allowMultiplePerNode: true, modules: [{ name: "balancer", enabled: true }] },
  dashboard: { enabled: true, ssl: true },
  monitoring: { port: 9999 },
  network: { ipFamily: "IPv6" },
  placement: {
    all: { ...zone("Exists"), ...tolerating("ceph") },
    mon: { ...zone("In"), ...tolerating("mon") },
    mgr: {
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { app: "rook-ceph-mgr" } } },
      ],
    },
    osd: tolerating("osd"),
    prepareosd: tolerating("prepareosd"),
  },
  labels: { all: { team: "storage" }, mon: { tier: "mon", app: "not-this" }, osd: { tier: "osd" } },
  annotations: { all: { contact: "storage" }, mgr: { scraped: "by-others" }, prepareosd: { looks: "often" } },
  priorityClassNames: { all: "ceph", osd: "ceph-osd" },
  resources: {
    mon: requests("2Gi"),
    mgr: requests("1Gi"),
    osd: requests("4Gi"),
    prepareosd: requests("400Mi"),
    crashcollector: requests("60Mi"),
    "cmd-reporter": requests("100Mi"),
    cleanup: requests("200Mi"),
  },
  healthCheck: {
    livenessProbe: { mon: { disabled: true }, mgr: { probe: { periodSeconds: 30 } } },
    startupProbe: { osd: { probe: { failureThreshold: 99 } } },
  },
  cleanupPolicy: { sanitizeDisks: { method: "complete", dataSource: "random", iteration: 3 } },
};

function contextOf(more: CephClusterSpec): DaemonContext {
  return {
    namespace: "rook-ceph",
    clusterName: "my-cluster",
    operatorNamespace: "rook-operator",
    owner: { apiVersion: "ceph.rook.io/v1", kind: "CephCluster", name: "my-cluster", uid: "cluster-uid" },
    spec: withDefaults({ ...spec, ...more }),
    fsid,
  };
}

/** What the golden objects are built for: a CephCluster of each sort that makes another Pod. */
export const buildContexts = {
  /** Nothing but what a CephCluster needs. */
  plain: contextOf({}),
  twoMgrs: contextOf({ mgr: { count: 2 } }),
  hostNetwork: contextOf({ network: { provider: "host" } }),
  rich: contextOf(rich),
} as const;
