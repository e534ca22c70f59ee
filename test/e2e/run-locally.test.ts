import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createCephCluster, deployToolbox, readCephCluster, waitForReady } from "./support/ceph-cluster.ts";
import { expectHealthyCeph } from "./support/expectations.ts";
import { listObjects } from "./support/kubectl.ts";
import { LocalOperator } from "./support/local-operator.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";

describe("the operator outside the cluster, by make run", () => {
  let local: LocalOperator;

  beforeAll(async () => {
    await testCluster.up(1);
    await operator.prepare();
    local = LocalOperator.start();
  });

  afterAll(async () => {
    await local.stop();
    await testCluster.down();
  });

  test("makes a CephCluster Ready", async () => {
    const disk = await testCluster.addDisk(1);
    await createCephCluster({
      mons: 1,
      mgrs: 1,
      devices: { node1: [disk.replace("/dev/", "")] },
      config: { osd_pool_default_size: "1", mon_warn_on_pool_no_redundancy: "false" },
    });
    await waitForReady().catch((error: unknown) => {
      throw new Error(`${String(error)}\nThe operator said:\n${local.log.split("\n").slice(-40).join("\n")}`, { cause: error });
    });

    expect((await readCephCluster()).status?.phase).toBe("Ready");
    expect(await listObjects(namespace, "pods", "app=rook-ceph-operator")).toEqual([]);
    await deployToolbox();
    await expectHealthyCeph({ mons: 1, mgrs: 1, osds: 1 });
  });
});
