import { expect, test } from "@jest/globals";
import { createTestWorld } from "../../../../test/support/test-world.ts";

test("modules are enabled by their whole names, but for one that cannot work here", async () => {
  const modules = [
    { name: "pg_autoscaler", enabled: true },
    { name: "telegraf", enabled: true },
    { name: "test_orchestrator", enabled: true },
    { name: "rook", enabled: true },
  ];
  const world = await createTestWorld({ devices: { node1: ["sdb"] }, nodes: 1, spec: { mon: { count: 1 }, mgr: { count: 1, modules } } });

  await world.settle();

  const enabled = [...(world.ceph.state()?.mgrModules ?? [])];
  expect(enabled).toEqual(expect.arrayContaining(["telegraf", "test_orchestrator"]));
  expect(enabled.filter((name) => ["pg", "autoscaler", "test", "orchestrator"].includes(name))).toEqual([]);
  // it cannot work in these Pods
  expect(enabled).not.toContain("rook");
  expect(await world.condition("Ready")).toMatchObject({ status: "True", message: expect.stringContaining("mgr.modules[rook]") });
});
