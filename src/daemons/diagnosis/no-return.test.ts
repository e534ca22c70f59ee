import { describe, expect, test } from "@jest/globals";
import type { Node } from "../../kube/kinds.ts";
import { withDefaults } from "../../schema/defaults.ts";
import { noReturn, sayNoReturn } from "./no-return.ts";

const node = (more: Node["spec"] = {}): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "node1", labels: { "kubernetes.io/hostname": "node1", role: "web" } },
  spec: more,
  status: { conditions: [{ type: "Ready", status: "True" }] },
});
const elsewhere = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: "role", operator: "In", values: ["storage"] }] }],
    },
  },
};

describe("why a daemon could not start again on its node", () => {
  const ask = (nodes: readonly Node[], type: "mon" | "osd", placement: object = {}) => {
    const found = noReturn(
      {
        nodes,
        context: {
          namespace: "rook-ceph",
          clusterName: "rook-ceph",
          operatorNamespace: "rook-ceph",
          owner: { apiVersion: "ceph.rook.io/v1", kind: "CephCluster", name: "rook-ceph", uid: "1" },
          spec: withDefaults({ placement: { all: placement } }),
        },
      },
      type,
      "node1",
    );
    return found && sayNoReturn(found);
  };

  test("it could", () => expect(ask([node()], "mon")).toBeUndefined());

  test("the node is gone, cordoned or tainted", () => {
    expect(ask([], "osd")).toBe("its node node1 is gone, and it could not start there again");
    expect(ask([node({ unschedulable: true })], "mon")).toBe("its node node1 is cordoned, and it could not start there again");
    const tainted = [node({ taints: [{ key: "disk-pressure", effect: "NoSchedule" }] })];
    expect(ask(tainted, "mon")).toMatch(/^its node node1 has a taint that is not tolerated \(disk-pressure:NoSchedule\)/);
    expect(ask(tainted, "mon", { tolerations: [{ operator: "Exists" }] })).toBeUndefined();
  });

  test("the spec sends it elsewhere: an OSD has its disk here, a mon is replaced there", () => {
    expect(ask([node()], "osd", elsewhere)).toMatch(/^its node node1 does not match placement.osd.nodeAffinity/);
    expect(ask([node()], "mon", elsewhere)).toBeUndefined();
  });
});
