import type { Affinity, Probe, ResourceRequirements, Toleration, TopologySpreadConstraint } from "../kube/kinds.ts";
import type { CephClusterSpec } from "./ceph-cluster.ts";
import { parseDuration } from "./duration.ts";
import { isUnusableModule } from "./is-unusable-module.ts";

/** Where a component's Pods may run. */
export interface Placement {
  nodeAffinity?: Affinity["nodeAffinity"] | undefined;
  podAffinity?: Affinity["podAffinity"] | undefined;
  podAntiAffinity?: Affinity["podAntiAffinity"] | undefined;
  tolerations?: Toleration[] | undefined;
  topologySpreadConstraints?: TopologySpreadConstraint[] | undefined;
}

export interface Device {
  name?: string;
  fullpath?: string;
  deviceClass?: string;
}

interface ProbeSettings {
  disabled?: boolean | undefined;
  probe?: Probe | undefined;
}

type ByComponent<T> = Record<string, T | undefined>;

/** What the operator acts on, with every default filled in and no nulls. */
export interface NormalizedClusterSpec {
  image: string;
  imagePullPolicy: string;
  allowUnsupported: boolean;
  upgrade: {
    /** Daemons are changed one by one without asking Ceph. */
    skipChecks: boolean;
    /** What Ceph refuses for longer than `waitForOsdMs` is done all the same. */
    continueUnhealthy: boolean;
    /** An OSD is stopped only while every PG is clean. */
    needsCleanPgs: boolean;
    waitForOsdMs: number;
    /** At most so many OSDs are changed together. */
    osdsAtOnce: number;
  };
  dataDirHostPath: string;
  mon: { count: number; allowMultiplePerNode: boolean };
  mgr: { count: number; allowMultiplePerNode: boolean; modules: { name: string; enabled: boolean }[] };
  dashboard: { enabled: boolean; ssl: boolean; port: number; urlPrefix: string };
  /** `interval` in seconds, as Ceph takes it; undefined for its own. */
  monitoring: { metricsDisabled: boolean; port: number; interval: string | undefined };
  crashCollector: { disable: boolean };
  storage: NormalizedStorage;
  cephConfig: Record<string, Record<string, string>>;
  placement: ByComponent<Placement>;
  resources: ByComponent<ResourceRequirements>;
  annotations: ByComponent<Record<string, string>>;
  labels: ByComponent<Record<string, string>>;
  priorityClassNames: ByComponent<string>;
  healthCheck: {
    livenessProbe: ByComponent<ProbeSettings>;
    startupProbe: ByComponent<ProbeSettings>;
    muteHealthWarning: Record<string, { policy: "mute" | "unmute" }>;
    /** Milliseconds between two looks at a cluster that is as it should be. */
    statusIntervalMs: number;
    /** How long a mon may be out of quorum before another takes its place, and how often that is looked at; undefined: for ever. */
    monFailover: { timeoutMs: number; intervalMs: number } | undefined;
  };
  cleanupPolicy: NormalizedCleanupPolicy;
  /** `pgHealthyRegex` is empty where the operator's own holds. */
  disruptionManagement: { managePodBudgets: boolean; osdMaintenanceTimeoutMs: number; pgHealthyRegex: string };
  network: { hostNetwork: boolean; ipFamily: "IPv4" | "IPv6"; dualStack: boolean };
  security: { cephx: { daemonKeyType: "aes" | "aes256k" | undefined } };
}

/** What happens to data when the CephCluster is deleted. */
export interface NormalizedCleanupPolicy {
  /** Whether its owner has said that all data is to be destroyed. */
  confirmed: boolean;
  allowUninstallWithVolumes: boolean;
  sanitizeDisks: { method: "quick" | "complete"; dataSource: "zero" | "random"; iteration: number };
  wipeDevicesFromOtherClusters: boolean;
}

export interface NormalizedStorage {
  useAllNodes: boolean;
  useAllDevices: boolean;
  deviceFilter: string;
  devicePathFilter: string;
  devices: Device[];
  config: Record<string, string>;
  onlyApplyOSDPlacement: boolean;
  scheduleAlways: boolean;
  nodes: NormalizedNode[];
}

export interface NormalizedNode {
  name: string;
  devices: Device[];
  deviceFilter: string;
  devicePathFilter: string;
  /** Undefined: as said for all nodes. */
  useAllDevices: boolean | undefined;
  config: Record<string, string>;
  resources: ResourceRequirements | undefined;
}

/** The spec with Rook's run-time defaults: three mons, one mgr, the usual ports. Counts of 0 mean the default too. */
export function withDefaults(spec: CephClusterSpec): NormalizedClusterSpec {
  const { cephVersion, mon, mgr, dashboard, monitoring, network, healthCheck } = spec;
  const ssl = dashboard?.ssl ?? false;
  return {
    image: cephVersion?.image ?? "",
    imagePullPolicy: cephVersion?.imagePullPolicy || "IfNotPresent",
    allowUnsupported: cephVersion?.allowUnsupported ?? false,
    upgrade: {
      skipChecks: spec.skipUpgradeChecks ?? false,
      continueUnhealthy: spec.continueUpgradeAfterChecksEvenIfNotHealthy ?? false,
      needsCleanPgs: spec.upgradeOSDRequiresHealthyPGs ?? false,
      waitForOsdMs: (spec.waitTimeoutForHealthyOSDInMinutes || 10) * 60_000,
      osdsAtOnce: spec.storage?.osdMaxUpdatesInParallel || 20,
    },
    dataDirHostPath: (spec.dataDirHostPath ?? "").replace(/\/+$/, ""),
    mon: { count: mon?.count || 3, allowMultiplePerNode: mon?.allowMultiplePerNode ?? false },
    mgr: {
      count: mgr?.count || 1,
      allowMultiplePerNode: mgr?.allowMultiplePerNode ?? false,
      modules: (mgr?.modules ?? []).flatMap(({ name, enabled }) =>
        name === undefined || (isUnusableModule(name) && enabled === true) ? [] : [{ name, enabled: enabled ?? false }],
      ),
    },
    dashboard: {
      enabled: dashboard?.enabled ?? false,
      ssl,
      port: dashboard?.port || (ssl ? 8443 : 7000),
      urlPrefix: dashboard?.urlPrefix ?? "",
    },
    monitoring: {
      metricsDisabled: monitoring?.metricsDisabled ?? false,
      port: monitoring?.port || 9283,
      interval: secondsOf(monitoring?.interval),
    },
    crashCollector: { disable: spec.crashCollector?.disable ?? false },
    storage: storageOf(spec.storage ?? {}),
    cephConfig: spec.cephConfig ?? {},
    placement: spec.placement ?? {},
    resources: spec.resources ?? {},
    annotations: spec.annotations ?? {},
    labels: spec.labels ?? {},
    priorityClassNames: spec.priorityClassNames ?? {},
    healthCheck: healthCheckOf(healthCheck ?? {}),
    disruptionManagement: {
      managePodBudgets: spec.disruptionManagement?.managePodBudgets ?? false,
      osdMaintenanceTimeoutMs: (spec.disruptionManagement?.osdMaintenanceTimeout || 30) * 60_000,
      pgHealthyRegex: spec.disruptionManagement?.pgHealthyRegex ?? "",
    },
    cleanupPolicy: cleanupPolicyOf(spec.cleanupPolicy ?? {}),
    network: {
      hostNetwork: network?.hostNetwork === true || network?.provider === "host",
      ipFamily: network?.ipFamily ?? "IPv4",
      dualStack: network?.dualStack ?? false,
    },
    security: { cephx: { daemonKeyType: spec.security?.cephx?.daemon?.keyType } },
  };
}

function healthCheckOf(healthCheck: NonNullable<CephClusterSpec["healthCheck"]>): NormalizedClusterSpec["healthCheck"] {
  return {
    livenessProbe: healthCheck.livenessProbe ?? {},
    startupProbe: healthCheck.startupProbe ?? {},
    muteHealthWarning: healthCheck.muteHealthWarning ?? {},
    // no more often than every second, whatever is asked for: each look is a pass over the whole cluster
    statusIntervalMs: Math.max(1000, parseDuration(healthCheck.daemonHealth?.status?.interval ?? "") || 60_000),
    monFailover: monFailoverOf(healthCheck.daemonHealth?.mon ?? {}),
  };
}

function cleanupPolicyOf(policy: NonNullable<CephClusterSpec["cleanupPolicy"]>): NormalizedClusterSpec["cleanupPolicy"] {
  return {
    confirmed: policy.confirmation === "yes-really-destroy-data",
    allowUninstallWithVolumes: policy.allowUninstallWithVolumes ?? false,
    sanitizeDisks: {
      method: policy.sanitizeDisks?.method ?? "quick",
      dataSource: policy.sanitizeDisks?.dataSource ?? "zero",
      iteration: Math.max(1, policy.sanitizeDisks?.iteration ?? 1),
    },
    wipeDevicesFromOtherClusters: policy.wipeDevicesFromOtherClusters ?? false,
  };
}

function monFailoverOf(check: { disabled?: boolean | undefined; interval?: string | undefined; timeout?: string | undefined }) {
  const timeoutMs = parseDuration(check.timeout || "10m") ?? 600_000;
  if (check.disabled === true || timeoutMs === 0) return undefined;
  return { timeoutMs, intervalMs: parseDuration(check.interval || "45s") ?? 45_000 };
}

function secondsOf(duration: string | undefined): string | undefined {
  const milliseconds = duration ? parseDuration(duration) : undefined;
  return milliseconds === undefined || milliseconds === 0 ? undefined : String(milliseconds / 1000);
}

type Storage = NonNullable<CephClusterSpec["storage"]>;

function storageOf(storage: Storage): NormalizedStorage {
  return {
    useAllNodes: storage.useAllNodes ?? false,
    useAllDevices: storage.useAllDevices ?? false,
    deviceFilter: storage.deviceFilter ?? "",
    devicePathFilter: storage.devicePathFilter ?? "",
    devices: devicesOf(storage.devices),
    config: storage.config ?? {},
    onlyApplyOSDPlacement: storage.onlyApplyOSDPlacement ?? false,
    scheduleAlways: storage.scheduleAlways ?? false,
    nodes: (storage.nodes ?? []).map((node) => ({
      name: node.name ?? "",
      devices: devicesOf(node.devices),
      deviceFilter: node.deviceFilter ?? "",
      devicePathFilter: node.devicePathFilter ?? "",
      useAllDevices: node.useAllDevices,
      config: node.config ?? {},
      resources: node.resources ?? undefined,
    })),
  };
}

function devicesOf(devices: Storage["devices"]): Device[] {
  return (devices ?? []).map(({ name, fullpath, config }) => ({
    ...(name ? { name } : {}),
    ...(fullpath ? { fullpath } : {}),
    ...(config?.["deviceClass"] ? { deviceClass: config["deviceClass"] } : {}),
  }));
}
