import { describe, expect, test } from "@jest/globals";
import type { CephClusterSpec } from "./ceph-cluster.ts";
import { validateCluster } from "./validate-cluster.ts";

const good: CephClusterSpec = { cephVersion: { image: "quay.io/ceph/ceph:v20.2.4" }, dataDirHostPath: "/var/lib/rook" };

describe("what the schema cannot tell", () => {
  test("a sound spec has no problems", () => {
    expect(validateCluster(good)).toEqual([]);
  });

  test.each<[string, CephClusterSpec, string, string]>([
    ["no image", { cephVersion: {} }, "cephVersion.image", "it must name Ceph's image"],
    ["no host folder", { dataDirHostPath: "" }, "dataDirHostPath", "it must be a folder of the nodes"],
    ["a host folder that containers need", { dataDirHostPath: "/etc/ceph" }, "dataDirHostPath", "it must not be one of"],
    ["an external cluster", { external: { enable: true } }, "external.enable", "not yet supported"],
    [
      "mons that share a host's ports",
      { network: { hostNetwork: true }, mon: { count: 3, allowMultiplePerNode: true } },
      "mon.allowMultiplePerNode",
      "share the node's ports",
    ],
    [
      "a module with a setting of its own",
      { mgr: { modules: [{ name: "dashboard", enabled: true }] } },
      "mgr.modules[0].name",
      "dashboard.enabled",
    ],
    ["a host folder that is all of the host", { dataDirHostPath: "/" }, "dataDirHostPath", "it must be a folder of the nodes"],
    ["a host folder by a detour", { dataDirHostPath: "/var/../etc//ceph/" }, "dataDirHostPath", "it must not be one of"],
    ["a relative host folder", { dataDirHostPath: "var/lib" }, "dataDirHostPath", "it must be a folder of the nodes"],
    ["other networks", { network: { provider: "multus", selectors: { public: "a" } } }, "network.provider", "not yet supported"],
    ["too many mons", { mon: { count: 11 } }, "mon.count", "from 0 to 9"],
    ["half a mgr", { mgr: { count: 1.5 } }, "mgr.count", "from 0 to 5"],
    ["no port", { monitoring: { port: 70_000 } }, "monitoring.port", "from 0 to 65535"],
    ["one port for two", { dashboard: { enabled: true, port: 9283 } }, "dashboard.port", "choose another"],
    ["a module without a name", { mgr: { modules: [{ enabled: true }] } }, "mgr.modules[0].name", "the name of a mgr module"],
    [
      "PG states that are no pattern",
      { disruptionManagement: { pgHealthyRegex: "^(active" } },
      "disruptionManagement.pgHealthyRegex",
      "it must be a regular expression",
    ],
    [
      "a maintenance that ends before it begins",
      { disruptionManagement: { osdMaintenanceTimeout: -1 } },
      "disruptionManagement.osdMaintenanceTimeout",
      "from 0 to",
    ],
    ["an interval without a unit", { monitoring: { interval: "10" } }, "monitoring.interval", "it must be a duration"],
    [
      "a bad time of a check",
      { healthCheck: { daemonHealth: { mon: { timeout: "soon" } } } },
      "healthCheck.daemonHealth.mon.timeout",
      "it must be a duration",
    ],
    [
      "a name in the place of a path",
      { storage: { devices: [{ fullpath: "sdb" }] } },
      "storage.devices[0].fullpath",
      "a name goes into name",
    ],
    [
      "a limit of a node below the request",
      { storage: { nodes: [{ name: "a", resources: { limits: { cpu: "500m" }, requests: { cpu: "1" } } }] } },
      "storage.nodes[0].resources.limits.cpu",
      "must not be less than the request",
    ],
    ["a bad pattern", { storage: { deviceFilter: "sd[" } }, "storage.deviceFilter", "it must be a regular expression"],
    [
      "a bad pattern of a node",
      { storage: { nodes: [{ name: "a", devicePathFilter: "(" }] } },
      "storage.nodes[0].devicePathFilter",
      "it must be a regular expression",
    ],
    ["a device without a name", { storage: { devices: [{}] } }, "storage.devices[0]", "it must have a name"],
    ["a node twice", { storage: { nodes: [{ name: "a" }, { name: "a" }] } }, "storage.nodes[1].name", "listed once"],
    ["a node without a name", { storage: { nodes: [{}] } }, "storage.nodes[0].name", "kubernetes.io/hostname"],
    [
      "a limit below the request",
      { resources: { osd: { limits: { memory: "1Gi" }, requests: { memory: "2Gi" } } } },
      "resources.osd.limits.memory",
      'must not be less than the request, "2Gi"',
    ],
  ])("%s is named with its field and what would be right", (_name, wrong, field, message) => {
    expect(validateCluster({ ...good, ...wrong })).toEqual([expect.objectContaining({ field, message: expect.stringContaining(message) })]);
  });

  test.each<[string, CephClusterSpec]>([
    ["an even number of mons", { mon: { count: 4 } }],
    ["seven mons", { mon: { count: 7 } }],
    ["counts of 0, which mean the default", { mon: { count: 0 }, mgr: { count: 0 } }],
    ["several mons a node on the Pods' network", { mon: { count: 3, allowMultiplePerNode: true } }],
    ["patterns as Go and Python write them", { storage: { deviceFilter: "(?i)^SD[b-d]$", devicePathFilter: "(?P<bus>pci|usb)" } }],
    [
      "a request without a limit, and equal amounts",
      { resources: { osd: { requests: { memory: "1Gi", cpu: "2" }, limits: { cpu: "2000m" } } } },
    ],
    ["a folder below one that is taken", { dataDirHostPath: "/rook/data" }],
    ["durations in several units", { healthCheck: { daemonHealth: { mon: { interval: "1m30s", timeout: "0" } } } }],
  ])("%s can be", (_name, spec) => {
    expect(validateCluster({ ...good, ...spec })).toEqual([]);
  });

  test("every problem is named, not just the first", () => {
    expect(validateCluster({ storage: { deviceFilter: "[", devices: [{}] } }).map((problem) => problem.field)).toEqual([
      "cephVersion.image",
      "dataDirHostPath",
      "storage.deviceFilter",
      "storage.devices[0]",
    ]);
  });

  test("a field that is absent is told as not set", () => {
    expect(validateCluster({ dataDirHostPath: "/var/lib/rook" })).toEqual([
      expect.objectContaining({ field: "cephVersion.image", value: "not set" }),
    ]);
  });
});
