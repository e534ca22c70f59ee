import { expect, test } from "@jest/globals";
import { createTestWorld } from "../../../test/support/test-world.ts";
import { Deployment } from "../../kube/kinds.ts";

test("brings mons, mgrs and OSDs up, says Ready, and then has nothing to do", async () => {
  const world = await createTestWorld({ devices: { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] } });

  await world.settle();

  expect(await world.reconcile({ namespace: "rook-ceph", name: "rook-ceph" })).toEqual({});
  expect(await world.names(Deployment)).toEqual(expect.arrayContaining(["rook-ceph-mon-a", "rook-ceph-osd-0"]));
  expect(await world.condition("Ready")).toMatchObject({ status: "True", reason: "ClusterCreated" });
});
