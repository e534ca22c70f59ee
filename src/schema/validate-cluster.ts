import { posix } from "node:path";
import { parseQuantity, sameQuantity } from "../kube/quantity.ts";
import type { CephClusterSpec } from "./ceph-cluster.ts";
import { type NormalizedClusterSpec, withDefaults } from "./defaults.ts";
import { parseDuration } from "./duration.ts";
import { goRegex } from "./go-regex.ts";
import { toRegExp } from "./regex.ts";

/** A field that cannot be so. */
export interface Problem {
  /** Its path below `spec`. */
  readonly field: string;
  /** Its value, as text. */
  readonly value: string;
  /** What would be right. */
  readonly message: string;
}

/** Writes a problem down; the value is any JSON. */
type Add = (field: string, value: unknown, message: string) => void;

/** Folders of a container or of Ceph's own that no host folder may cover. */
const takenFolders: readonly string[] = ["/etc/ceph", "/rook", "/var/log/ceph"];

/** Mgr modules with settings of their own, and which. */
const settingOfModule: ReadonlyMap<string, string> = new Map([
  ["dashboard", "dashboard.enabled"],
  ["prometheus", "monitoring.metricsDisabled"],
  ["crash", "crashCollector.disable"],
]);

/**
 * Everything that the schema cannot tell, and what would be right instead; empty for a spec that can be. What the schema does
 * tell is looked at again where a wrong value would do harm: the CRD in the cluster may be an older one, or not ours.
 */
export function validateCluster(spec: CephClusterSpec): Problem[] {
  const normal = withDefaults(spec);
  const problems: Problem[] = [];
  const add: Add = (field, value, message) => problems.push({ field, value: JSON.stringify(value) ?? "not set", message });
  checkCluster(spec, normal, add);
  checkDaemons(spec, normal, add);
  checkStorage(normal.storage, add);
  for (const [component, resources] of Object.entries(normal.resources)) checkResources(`resources.${component}`, resources, add);
  return problems;
}

function checkCluster(spec: CephClusterSpec, normal: NormalizedClusterSpec, add: Add): void {
  if (spec.external?.enable === true) add("external.enable", true, "clusters outside Kubernetes are not yet supported; set it to false");
  if (normal.image === "")
    add("cephVersion.image", spec.cephVersion?.image, "it must name Ceph's image, such as quay.io/ceph/ceph:v20.2.4");
  if (!/^\/\S/.test(normal.dataDirHostPath))
    add("dataDirHostPath", spec.dataDirHostPath, "it must be a folder of the nodes for the mons' data, such as /var/lib/rook");
  else if (takenFolders.includes(posix.normalize(normal.dataDirHostPath)))
    add(
      "dataDirHostPath",
      spec.dataDirHostPath,
      `it must not be one of ${takenFolders.join(", ")}; choose another folder, such as /var/lib/rook`,
    );
  if (spec.network?.provider === "multus")
    add(
      "network.provider",
      "multus",
      "multus is not yet supported, and a cluster's network is hard to change later; use host, or the Pods' network",
    );
  checkRange("disruptionManagement.osdMaintenanceTimeout", spec.disruptionManagement?.osdMaintenanceTimeout, 0, 1_000_000, add);
  checkRegex("disruptionManagement.pgHealthyRegex", normal.disruptionManagement.pgHealthyRegex, goRegex, add);
  checkDuration("monitoring.interval", spec.monitoring?.interval, add);
  for (const daemon of ["mon", "osd", "status"] as const) {
    const { interval, timeout } = spec.healthCheck?.daemonHealth?.[daemon] ?? {};
    checkDuration(`healthCheck.daemonHealth.${daemon}.interval`, interval, add);
    checkDuration(`healthCheck.daemonHealth.${daemon}.timeout`, timeout, add);
  }
}

function checkDaemons(spec: CephClusterSpec, normal: NormalizedClusterSpec, add: Add): void {
  checkRange("mon.count", spec.mon?.count, 0, 9, add);
  checkRange("mgr.count", spec.mgr?.count, 0, 5, add);
  checkRange("dashboard.port", spec.dashboard?.port, 0, 65_535, add);
  checkRange("monitoring.port", spec.monitoring?.port, 0, 65_535, add);
  if (normal.network.hostNetwork && normal.mon.allowMultiplePerNode && normal.mon.count > 1)
    add("mon.allowMultiplePerNode", true, "mons on the host network share the node's ports; set it to false, or mon.count to 1");
  if (normal.dashboard.enabled && !normal.monitoring.metricsDisabled && normal.dashboard.port === normal.monitoring.port)
    add("dashboard.port", normal.dashboard.port, "the mgrs' metrics have this port (monitoring.port); choose another");
  spec.mgr?.modules?.forEach(({ name }, index) => {
    const setting = settingOfModule.get(name ?? "");
    if (setting !== undefined) add(`mgr.modules[${index}].name`, name, `this module has a setting of its own (${setting}); use that`);
    else if (!name) add(`mgr.modules[${index}].name`, name, "it must be the name of a mgr module, such as balancer");
  });
}

function checkStorage(storage: NormalizedClusterSpec["storage"], add: Add): void {
  checkSelection("storage", storage, add);
  const seen = new Set<string>();
  storage.nodes.forEach((node, index) => {
    const path = `storage.nodes[${index}]`;
    if (node.name === "") add(`${path}.name`, node.name, "it must be a node's value of the label kubernetes.io/hostname");
    else if (seen.has(node.name)) add(`${path}.name`, node.name, "a node may be listed once; put all its devices there");
    seen.add(node.name);
    checkSelection(path, node, add);
    checkResources(`${path}.resources`, node.resources, add);
  });
}

interface Selection {
  readonly deviceFilter: string;
  readonly devicePathFilter: string;
  readonly devices: readonly { readonly name?: string; readonly fullpath?: string }[];
}

function checkSelection(path: string, selection: Selection, add: Add): void {
  checkRegex(`${path}.deviceFilter`, selection.deviceFilter, toRegExp, add);
  checkRegex(`${path}.devicePathFilter`, selection.devicePathFilter, toRegExp, add);
  selection.devices.forEach((device, index) => {
    if (!device.name && !device.fullpath)
      add(`${path}.devices[${index}]`, device, "it must have a name (sdb, /dev/sdb) or a fullpath (/dev/disk/by-id/…)");
    else if (device.fullpath && !device.fullpath.startsWith("/"))
      add(`${path}.devices[${index}].fullpath`, device.fullpath, "it must be a path, such as /dev/disk/by-id/…; a name goes into name");
  });
}

function checkRange(field: string, value: number | null | undefined, least: number, most: number, add: Add): void {
  if (value === undefined || value === null) return;
  if (!Number.isInteger(value) || value < least || value > most) add(field, value, `it must be a whole number from ${least} to ${most}`);
}

function checkDuration(field: string, value: string | null | undefined, add: Add): void {
  if (value && parseDuration(value) === undefined) add(field, value, "it must be a duration, such as 45s, 10m or 1h30m");
}

function checkRegex(field: string, pattern: string, compile: (pattern: string) => unknown, add: Add): void {
  try {
    compile(pattern);
  } catch (error) {
    add(field, pattern, `it must be a regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Amounts = Readonly<Record<string, unknown>>;

function checkResources(path: string, resources: { limits?: unknown; requests?: unknown } | undefined, add: Add): void {
  const limits = (resources?.limits ?? {}) as Amounts;
  for (const [name, wanted] of Object.entries((resources?.requests ?? {}) as Amounts)) {
    const [limit, request] = [amountOf(limits[name]), amountOf(wanted)];
    if (limit === undefined || request === undefined || sameQuantity(limit, request) || limit >= request) continue;
    add(`${path}.limits.${name}`, limits[name], `it must not be less than the request, ${JSON.stringify(wanted)}`);
  }
}

function amountOf(value: unknown): number | undefined {
  return typeof value === "string" || typeof value === "number" ? parseQuantity(String(value)) : undefined;
}
