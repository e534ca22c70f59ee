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
      "must not be less than the request, 2Gi",
    ],
  ])("%s is named with its field and what would be right", (_name, wrong, field, message) => {
    expect(validateCluster({ ...good, ...wrong })).toEqual([expect.objectContaining({ field, message: expect.stringContaining(message) })]);
  });
});
