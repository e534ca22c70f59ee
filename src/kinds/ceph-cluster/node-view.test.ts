import { describe, expect, test } from "@jest/globals";
import type { Node } from "../../kube/kinds.ts";
import { nodeView } from "./node-view.ts";

const node: Node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "node1", uid: "1", resourceVersion: "5", labels: { "kubernetes.io/hostname": "node1" }, annotations: { a: "1" } },
  spec: {},
  status: {
    conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "2026-01-01T00:00:00Z", lastTransitionTime: "2026-01-01T00:00:00Z" }],
    images: [],
    nodeInfo: { bootID: "first" } as NonNullable<NonNullable<Node["status"]>["nodeInfo"]>,
  },
};
const status = node.status ?? {};

describe("what of a Node wakes clusters", () => {
  test.each<[string, Node]>([
    [
      "a heartbeat",
      { ...node, status: { ...status, conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "2026-01-01T00:01:00Z" }] } },
    ],
    ["an image that was pulled", { ...node, status: { ...status, images: [{ names: ["busybox"] }] } }],
    ["a new version of the object", { ...node, metadata: { ...node.metadata, resourceVersion: "6" } }],
    ["an annotation of somebody's", { ...node, metadata: { ...node.metadata, annotations: { a: "2" } } }],
  ])("not %s", (_what, after) => {
    expect(nodeView(after)).toEqual(nodeView(node));
  });

  test.each<[string, Node]>([
    ["a cordon", { ...node, spec: { unschedulable: true } }],
    ["a taint", { ...node, spec: { taints: [{ key: "a", effect: "NoSchedule" }] } }],
    ["a label", { ...node, metadata: { ...node.metadata, labels: { zone: "a" } } }],
    ["its loss", { ...node, status: { ...status, conditions: [{ type: "Ready", status: "Unknown" }] } }],
    ["a reboot", { ...node, status: { ...status, nodeInfo: { bootID: "second" } as never } }],
    ["another machine of its name", { ...node, metadata: { ...node.metadata, uid: "2" } }],
  ])("%s", (_what, after) => {
    expect(nodeView(after)).not.toEqual(nodeView(node));
  });
});
