import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createCephCluster, deployToolbox, readCephCluster, waitForReady } from "./support/ceph-cluster.ts";
import { complaintOf, otherKubeconfig } from "./support/complaint.ts";
import { expectHealthyCeph } from "./support/expectations.ts";
import { kubectl, listObjects } from "./support/kubectl.ts";
import { LocalOperator } from "./support/local-operator.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";

describe("the operator outside the cluster", () => {
  let local: LocalOperator | undefined;

  beforeAll(() => testCluster.up(1));

  afterAll(async () => {
    await local?.stop();
    await testCluster.down();
  });

  test("says what to do where there is no cluster", async () => {
    const file = await otherKubeconfig("nobody-listens", { server: "https://127.0.0.1:1" });
    expect(await complaintOf(file)).toBe(
      "jackdaw: Cannot list cephclusters: no answer from https://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1. " +
        "Is the cluster running, and is it the one you mean? Name another with --kubeconfig, KUBECONFIG or --context.",
    );
  });

  test("says what to do where the CRD is missing", async () => {
    expect(await complaintOf(testCluster.kubeconfig)).toBe(
      "jackdaw: Cannot list cephclusters.ceph.rook.io, which the API server does not know: " +
        "install its CustomResourceDefinition. It is in manifests/crds.yaml.",
    );
  });

  test("says what to do where the user may not", async () => {
    const stale = await otherKubeconfig("stale", { token: "nobody" });
    expect(await complaintOf(stale)).toContain("the API server does not accept these credentials; log in again");

    await operator.prepare();
    const token = (await kubectl(["create", "token", "default", "-n", "default"])).trim();
    const file = await otherKubeconfig("may-nothing", { token });
    expect(await complaintOf(file)).toBe(
      "jackdaw: Not allowed to list cephclusters.ceph.rook.io in all namespaces: " +
        'give this user a role with the verb "list" on cephclusters.ceph.rook.io.',
    );
  });

  test("makes a CephCluster Ready, by make run", async () => {
    const running = LocalOperator.start();
    local = running;
    const disk = await testCluster.addDisk(1);
    await createCephCluster({
      mons: 1,
      mgrs: 1,
      devices: { node1: [disk.replace("/dev/", "")] },
      config: { osd_pool_default_size: "1", mon_warn_on_pool_no_redundancy: "false" },
    });
    await waitForReady().catch((error: unknown) => {
      throw new Error(`${String(error)}\nThe operator said:\n${running.log.split("\n").slice(-40).join("\n")}`, { cause: error });
    });

    expect((await readCephCluster()).status?.phase).toBe("Ready");
    expect(await listObjects(namespace, "pods", "app=rook-ceph-operator")).toEqual([]);
    await deployToolbox();
    await expectHealthyCeph({ mons: 1, mgrs: 1, osds: 1 });
  });
});
