import { parseQuantity, sameQuantity } from "../kube/quantity.ts";
import type { CephClusterSpec } from "./ceph-cluster.ts";
import { withDefaults } from "./defaults.ts";

/** A field that cannot be so. */
export interface Problem {
  /** Its path below `spec`. */
  readonly field: string;
  /** Its value, as text. */
  readonly value: string;
  /** What would be right. */
  readonly message: string;
}

/** Folders of a container or of Ceph's own that no host folder may cover. */
const takenFolders: readonly string[] = ["/etc/ceph", "/rook", "/var/log/ceph"];

/** Everything that the schema cannot tell, and what would be right instead; empty for a spec that can be. */
export function validateCluster(spec: CephClusterSpec): Problem[] {
  const normal = withDefaults(spec);
  const problems: Problem[] = [];
  const add = (field: string, value: unknown, message: string) =>
    problems.push({ field, value: JSON.stringify(value) ?? "not set", message });

  if (spec.external?.enable === true) add("external.enable", true, "clusters outside Kubernetes are not yet supported; set it to false");
  if (normal.image === "")
    add("cephVersion.image", spec.cephVersion?.image, "it must name Ceph's image, such as quay.io/ceph/ceph:v20.2.4");
  if (normal.dataDirHostPath === "")
    add("dataDirHostPath", spec.dataDirHostPath, "it must be a folder of the nodes for the mons' data, such as /var/lib/rook");
  else if (takenFolders.includes(normal.dataDirHostPath))
    add(
      "dataDirHostPath",
      normal.dataDirHostPath,
      `it must not be one of ${takenFolders.join(", ")}; choose another folder, such as /var/lib/rook`,
    );
  if (normal.network.hostNetwork && normal.mon.allowMultiplePerNode && normal.mon.count > 1)
    add("mon.allowMultiplePerNode", true, "mons on the host network share the node's ports; set it to false, or mon.count to 1");
  spec.mgr?.modules?.forEach(({ name }, index) => {
    if (name === "dashboard" || name === "prometheus" || name === "crash")
      add(
        `mgr.modules[${index}].name`,
        name,
        `this module has a setting of its own (${name === "dashboard" ? "dashboard.enabled" : name === "prometheus" ? "monitoring.metricsDisabled" : "crashCollector.disable"}); use that`,
      );
  });

  const { storage } = normal;
  checkRegex("storage.deviceFilter", storage.deviceFilter);
  checkRegex("storage.devicePathFilter", storage.devicePathFilter);
  checkDevices("storage", storage.devices);
  const seen = new Set<string>();
  storage.nodes.forEach((node, index) => {
    const path = `storage.nodes[${index}]`;
    if (node.name === "") add(`${path}.name`, node.name, "it must be a node's value of the label kubernetes.io/hostname");
    else if (seen.has(node.name)) add(`${path}.name`, node.name, "a node may be listed once; put all its devices there");
    seen.add(node.name);
    checkRegex(`${path}.deviceFilter`, node.deviceFilter);
    checkRegex(`${path}.devicePathFilter`, node.devicePathFilter);
    checkDevices(path, node.devices);
    checkResources(`${path}.resources`, node.resources);
  });
  for (const [component, resources] of Object.entries(normal.resources)) checkResources(`resources.${component}`, resources);
  return problems;

  function checkRegex(field: string, pattern: string): void {
    try {
      new RegExp(pattern).test("");
    } catch (error) {
      add(field, pattern, `it must be a regular expression: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  function checkDevices(path: string, devices: readonly { name?: string; fullpath?: string }[]): void {
    devices.forEach((device, index) => {
      if (!device.name && !device.fullpath)
        add(`${path}.devices[${index}]`, device, "it must have a name (sdb, /dev/sdb) or a fullpath (/dev/disk/by-id/…)");
    });
  }

  function checkResources(path: string, resources: { limits?: unknown; requests?: unknown } | undefined): void {
    const limits = quantities(resources?.limits);
    for (const [name, request] of Object.entries(quantities(resources?.requests))) {
      const limit = limits[name];
      if (limit === undefined || sameQuantity(limit, request)) continue;
      if ((parseQuantity(limit) ?? 0) < (parseQuantity(request) ?? 0))
        add(`${path}.limits.${name}`, limit, `it must not be less than the request, ${request}`);
    }
  }
}

/** Quantities by name, as text; what is none is left out. */
function quantities(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, amount]) =>
      typeof amount === "string" || typeof amount === "number" ? [[name, String(amount)] as const] : [],
    ),
  );
}
