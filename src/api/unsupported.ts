import type { CephClusterSpec } from "./ceph-cluster.ts";

const components = ["all", "mon", "mgr", "osd", "prepareosd", "crashcollector", "cmdreporter"];
const under = (parent: string, names: readonly string[]) => names.map((name) => `${parent}.${name}`);

/**
 * Fields that act, by path. `[]` stands for every element, and a path covers all that is below it. The last ones act in no operator:
 * Rook gave them up.
 */
const acting: readonly string[] = [
  ...under("cephVersion", ["image", "imagePullPolicy", "allowUnsupported"]),
  "dataDirHostPath",
  ...under("mon", ["count", "allowMultiplePerNode"]),
  ...under("mgr", ["count", "allowMultiplePerNode", "modules[].name", "modules[].enabled"]),
  ...under("dashboard", ["enabled", "ssl", "port", "urlPrefix"]),
  ...under("monitoring", ["metricsDisabled", "port", "interval"]),
  "crashCollector.disable",
  "cephConfig",
  ...under("placement", ["all", "mon", "mgr", "osd", "prepareosd"]),
  ...under("resources", ["mon", "mgr", "osd", "prepareosd", "crashcollector", "cmd-reporter"]),
  ...["annotations", "labels", "priorityClassNames"].flatMap((field) => under(field, components)),
  ...["livenessProbe", "startupProbe"].flatMap((field) => under(`healthCheck.${field}`, ["mon", "mgr", "osd"])),
  "healthCheck.muteHealthWarning",
  "disruptionManagement.managePodBudgets",
  ...under("storage", ["useAllNodes", "useAllDevices", "deviceFilter", "devicePathFilter", "onlyApplyOSDPlacement", "scheduleAlways"]),
  ...under("storage", ["config.deviceClass", "config.crushRoot"]),
  ...["storage.devices[]", "storage.nodes[].devices[]"].flatMap((device) => under(device, ["name", "fullpath", "config.deviceClass"])),
  ...under("storage.nodes[]", ["name", "deviceFilter", "devicePathFilter", "useAllDevices", "resources", "config.deviceClass"]),
  ...under("network", ["hostNetwork", "ipFamily", "dualStack", "provider"]),
  "security.cephx.daemon.keyType",
  ...under("disruptionManagement", ["machineDisruptionBudgetNamespace", "manageMachineDisruptionBudgets", "pgHealthCheckTimeout"]),
];

/** Schema defaults that the API server fills in by itself: nobody asked for them. */
const filledIn: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["monitoring.exporter.perfCountersPrioLimit", 5],
  ["monitoring.exporter.statsPeriodSeconds", 5],
]);

/** Paths of the fields that this spec sets and that have no effect yet, so that none is ignored in silence. */
export function unsupportedFields(spec: CephClusterSpec): string[] {
  const found = new Set<string>();
  walk("", spec);
  return [...found].sort();

  function walk(path: string, value: unknown): void {
    if (isUnset(value) || acting.includes(path) || filledIn.get(path) === value) return;
    if (Array.isArray(value)) value.forEach((item) => walk(`${path}[]`, item));
    else if (typeof value === "object" && value !== null)
      for (const [name, item] of Object.entries(value)) walk(path === "" ? name : `${path}.${name}`, item);
    else found.add(path);
  }
}

/** What means as much as leaving the field out. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === "" || value === 0;
}

/** For tests: whether a path acts. */
export function isActing(path: string): boolean {
  return acting.some(
    (known) => path === known || path.startsWith(`${known}.`) || path.startsWith(`${known}[]`) || path.startsWith(`${known}{}`),
  );
}
