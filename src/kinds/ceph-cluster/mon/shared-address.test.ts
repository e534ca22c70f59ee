import { expect, test } from "@jest/globals";
import { createTestWorld } from "../../../../test/support/test-world.ts";
import { Deployment, Node } from "../../../kube/kinds.ts";

test("mons that would have one address are not made, and the nodes are named", async () => {
  const world = await createTestWorld({ devices: { node1: ["sdb"] }, spec: { network: { provider: "host" } } });
  for (const name of ["node1", "node3"])
    await world.kube.mergePatch(Node, { name }, { metadata: { annotations: { "network.rook.io/mon-ip": "192.0.2.9" } } });

  await world.settle();

  expect(await world.condition("Ready")).toMatchObject({
    status: "False",
    reason: "StepFailed",
    message: expect.stringContaining(
      "mon a on node1 and mon c on node3 would have the same address 192.0.2.9; give each node an address of its own",
    ),
  });
  expect((await world.names(Deployment)).filter((name) => name.startsWith("rook-ceph-mon"))).toEqual([]);

  await world.kube.mergePatch(Node, { name: "node3" }, { metadata: { annotations: { "network.rook.io/mon-ip": null } } });
  await world.settle();
  expect(await world.condition("Ready")).toMatchObject({ status: "True" });
});
