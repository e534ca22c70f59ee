import type { WhyNotCase } from "../why-not-case.ts";
import { changeSpec, taint } from "./plant.ts";

const mayGoAnywhere = [{ operator: "Exists" as const }];
const usual = { storage: { useAllNodes: true, useAllDevices: true } };

/** Causes that lie in what the spec selects. */
export const selectionCases: readonly WhyNotCase[] = [
  {
    cause: "a filter that no device matches",
    isThereBefore: true,
    spec: { storage: { useAllNodes: true, deviceFilter: "^nvme" } },
    plant: () => {},
    cure: (world) => changeSpec(world, usual),
    values: { node: "node1", field: "deviceFilter", value: "^nvme" },
  },
  {
    cause: "a loop device that is not named",
    isThereBefore: true,
    disks: () => "loop0",
    spec: { storage: { useAllNodes: true, deviceFilter: "^loop" } },
    plant: () => {},
    cure: (world) =>
      changeSpec(world, {
        storage: { useAllNodes: false, nodes: [1, 2, 3].map((n) => ({ name: `node${n}`, devices: [{ name: "loop0" }] })) },
      }),
    values: { node: "node1", device: "/dev/loop0" },
  },
  {
    cause: "all nodes are to be used, and none can be",
    isThereBefore: true,
    spec: { ...usual, placement: { mon: { tolerations: mayGoAnywhere }, mgr: { tolerations: mayGoAnywhere } } },
    plant: (world) => {
      const ends = ["node1", "node2", "node3"].map((node) => taint(world, node, "dedicated"));
      return () => ends.forEach((end) => end());
    },
    values: { count: "3", node: "node1" },
  },
  {
    cause: "a node's name that no node has",
    isThereBefore: true,
    spec: { storage: { nodes: ["node1", "node2", "nodeX"].map((name) => ({ name, devices: [{ name: "sdb" }] })) } },
    plant: () => {},
    cure: (world) =>
      changeSpec(world, { storage: { nodes: ["node1", "node2", "node3"].map((name) => ({ name, devices: [{ name: "sdb" }] })) } }),
    values: { name: "nodeX" },
  },
];
