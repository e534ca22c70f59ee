import { describe, expect, test } from "@jest/globals";
import type { CephClusterSpec } from "./ceph-cluster.ts";
import { withDefaults } from "./defaults.ts";

describe("a spec with its defaults", () => {
  test("that says nothing asks for three mons and one mgr, and takes no device", () => {
    expect(withDefaults({})).toMatchObject({
      imagePullPolicy: "IfNotPresent",
      mon: { count: 3, allowMultiplePerNode: false },
      mgr: { count: 1, allowMultiplePerNode: false, modules: [] },
      dashboard: { enabled: false, ssl: false, port: 7000 },
      monitoring: { metricsDisabled: false, port: 9283, interval: undefined },
      storage: { useAllNodes: false, useAllDevices: false, deviceFilter: "", devicePathFilter: "", devices: [], nodes: [] },
      network: { hostNetwork: false, ipFamily: "IPv4", dualStack: false },
    });
  });

  test("is the same whether fields are absent, null or nothing", () => {
    const nothing: CephClusterSpec = {
      annotations: null,
      cephConfig: null,
      cephVersion: null,
      crashCollector: null,
      dashboard: { port: 0 },
      disruptionManagement: null,
      healthCheck: { daemonHealth: null },
      labels: null,
      mgr: { count: 0, modules: null },
      mon: { count: 0 },
      monitoring: { port: 0, interval: "" },
      network: { ipFamily: null, provider: null },
      placement: null,
      priorityClassNames: null,
      resources: null,
      security: null,
      storage: { config: null, devices: null, nodes: null },
    };

    expect(withDefaults(nothing)).toEqual(withDefaults({}));
  });

  test.each<[string, CephClusterSpec, object]>([
    ["the dashboard's port follows ssl", { dashboard: { ssl: true } }, { dashboard: { port: 8443 } }],
    ["a given port stays", { dashboard: { ssl: true, port: 9000 } }, { dashboard: { port: 9000 } }],
    ["an interval is in seconds, as Ceph takes it", { monitoring: { interval: "1m30s" } }, { monitoring: { interval: "90" } }],
    ["Ceph is asked once a minute", {}, { healthCheck: { statusIntervalMs: 60_000 } }],
    [
      "unless the spec says how often",
      { healthCheck: { daemonHealth: { status: { interval: "15s" } } } },
      { healthCheck: { statusIntervalMs: 15_000 } },
    ],
    ["both ways to ask for the host network do", { network: { provider: "host" } }, { network: { hostNetwork: true } }],
    ["slashes at the end of a folder go", { dataDirHostPath: "/var/lib/rook/" }, { dataDirHostPath: "/var/lib/rook" }],
    [
      "a device's class comes out of its config",
      { storage: { devices: [{ name: "sdb", config: { deviceClass: "fast" } }] } },
      { storage: { devices: [{ name: "sdb", deviceClass: "fast" }] } },
    ],
    [
      "a node that does not speak of all devices leaves that open",
      { storage: { useAllDevices: true, nodes: [{ name: "a", resources: null }] } },
      { storage: { nodes: [{ name: "a", useAllDevices: undefined, devices: [], config: {}, resources: undefined }] } },
    ],
    [
      "a module without a name is left out",
      { mgr: { modules: [{ enabled: true }, { name: "iostat" }, { name: "rook", enabled: true }] } },
      { mgr: { modules: [{ name: "iostat", enabled: false }] } },
    ],
  ])("%s", (_name, spec, expected) => {
    expect(withDefaults(spec)).toMatchObject(expected);
  });
});
