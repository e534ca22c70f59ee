import type { Affinity, Probe, ResourceRequirements, Toleration, TopologySpreadConstraint } from "../kube/kinds.ts";
import type { CephClusterSpec } from "./ceph-cluster.ts";

export interface Placement {
  nodeAffinity?: Affinity["nodeAffinity"];
  podAffinity?: Affinity["podAffinity"];
  podAntiAffinity?: Affinity["podAntiAffinity"];
  tolerations?: Toleration[];
  topologySpreadConstraints?: TopologySpreadConstraint[];
}
export interface Device { name?: string; fullpath?: string; deviceClass?: string }
export interface NormalizedClusterSpec {
  image: string;
  imagePullPolicy: string;
  allowUnsupported: boolean;
  dataDirHostPath: string;
  mon: { count: number; allowMultiplePerNode: boolean };
  mgr: { count: number; allowMultiplePerNode: boolean; modules: { name: string; enabled: boolean }[] };
  dashboard: { enabled: boolean; ssl: boolean; port: number; urlPrefix: string };
  monitoring: { metricsDisabled: boolean; port: number; interval?: string | undefined };
  crashCollector: { disable: boolean };
  storage: {
    useAllNodes: boolean; useAllDevices: boolean; deviceFilter: string; devicePathFilter: string; devices: Device[]; config: Record<string, string>;
    onlyApplyOSDPlacement: boolean; scheduleAlways: boolean;
    nodes: { name: string; devices: Device[]; deviceFilter: string; devicePathFilter: string; useAllDevices: boolean | undefined; config: Record<string, string>; resources?: ResourceRequirements | undefined }[];
  };
  cephConfig: Record<string, Record<string, string>>;
  placement: Record<string, Placement | undefined>;
  resources: Record<string, ResourceRequirements | undefined>;
  annotations: Record<string, Record<string, string> | undefined>;
  labels: Record<string, Record<string, string> | undefined>;
  priorityClassNames: Record<string, string | undefined>;
  healthCheck: { livenessProbe: Record<string, { disabled?: boolean; probe?: Probe } | undefined>; startupProbe: Record<string, { disabled?: boolean; probe?: Probe } | undefined>; muteHealthWarning: Record<string, { policy: string }> };
  disruptionManagement: { managePodBudgets: boolean };
  network: { hostNetwork: boolean; ipFamily: string; dualStack: boolean };
  security: { cephx: { daemonKeyType?: "aes" | "aes256k" | undefined } };
}
export function withDefaults(spec: CephClusterSpec): NormalizedClusterSpec {
  const s = spec as any;
  const dev = (d: any) => ({ ...(d.name ? { name: d.name } : {}), ...(d.fullpath ? { fullpath: d.fullpath } : {}), ...(d.config?.deviceClass ? { deviceClass: d.config.deviceClass } : {}) });
  return {
    image: s.cephVersion?.image ?? "", imagePullPolicy: s.cephVersion?.imagePullPolicy || "IfNotPresent", allowUnsupported: s.cephVersion?.allowUnsupported ?? false,
    dataDirHostPath: s.dataDirHostPath ?? "", mon: { count: s.mon?.count || 3, allowMultiplePerNode: s.mon?.allowMultiplePerNode ?? false },
    mgr: { count: s.mgr?.count || 1, allowMultiplePerNode: s.mgr?.allowMultiplePerNode ?? false, modules: s.mgr?.modules ?? [] },
    dashboard: { enabled: s.dashboard?.enabled ?? false, ssl: s.dashboard?.ssl ?? false, port: s.dashboard?.port || (s.dashboard?.ssl ? 8443 : 7000), urlPrefix: s.dashboard?.urlPrefix ?? "" },
    monitoring: { metricsDisabled: s.monitoring?.metricsDisabled ?? false, port: s.monitoring?.port || 9283, interval: s.monitoring?.interval },
    crashCollector: { disable: s.crashCollector?.disable ?? false },
    storage: { useAllNodes: s.storage?.useAllNodes ?? false, useAllDevices: s.storage?.useAllDevices ?? false, deviceFilter: s.storage?.deviceFilter ?? "", devicePathFilter: s.storage?.devicePathFilter ?? "", devices: (s.storage?.devices ?? []).map(dev), config: s.storage?.config ?? {}, onlyApplyOSDPlacement: false, scheduleAlways: false,
      nodes: (s.storage?.nodes ?? []).map((n: any) => ({ name: n.name, devices: (n.devices ?? []).map(dev), deviceFilter: n.deviceFilter ?? "", devicePathFilter: n.devicePathFilter ?? "", useAllDevices: n.useAllDevices, config: n.config ?? {}, resources: n.resources })) },
    cephConfig: s.cephConfig ?? {}, placement: s.placement ?? {}, resources: s.resources ?? {}, annotations: s.annotations ?? {}, labels: s.labels ?? {}, priorityClassNames: s.priorityClassNames ?? {},
    healthCheck: { livenessProbe: s.healthCheck?.livenessProbe ?? {}, startupProbe: s.healthCheck?.startupProbe ?? {}, muteHealthWarning: s.healthCheck?.muteHealthWarning ?? {} },
    disruptionManagement: { managePodBudgets: s.disruptionManagement?.managePodBudgets ?? false }, network: { hostNetwork: s.network?.hostNetwork ?? false, ipFamily: s.network?.ipFamily ?? "IPv4", dualStack: false },
    security: { cephx: { daemonKeyType: s.security?.cephx?.daemon?.keyType } },
  };
}
