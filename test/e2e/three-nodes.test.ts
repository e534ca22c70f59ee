import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Deployment } from "../../src/kube/kinds.ts";
import { askAll } from "../contract/ask-all.ts";
import { askCeph } from "./support/ask-ceph.ts";
import { apiRequests, describeRequest, isWrite, operatorUser } from "./support/audit.ts";
import { clusterName, createCephCluster, deployToolbox, readCephCluster, waitForReady } from "./support/ceph-cluster.ts";
import { contentOf, type DerivedObject, derivedObjects, nameOf, successorOf } from "./support/derived-objects.ts";
import { eventually, rest } from "./support/eventually.ts";
import { expectHealthyCeph, expectObjectRoundTrip } from "./support/expectations.ts";
import { getObject, kubectl } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { stableStatus } from "./support/stable-status.ts";
import { testCluster } from "./support/test-cluster.ts";

const daemons = { mons: 3, mgrs: 2, osds: 3 };

describe("a CephCluster on three nodes", () => {
  beforeAll(async () => {
    await testCluster.up(3);
    const devices = { node1: [await testCluster.addDisk(1)], node2: [await testCluster.addDisk(2)], node3: [await testCluster.addDisk(3)] };
    await operator.deploy();
    await createCephCluster({ mons: 3, mgrs: 2, devices });
    await waitForReady();
    await deployToolbox();
  });

  afterAll(() => testCluster.down());

  test("is healthy, with every mon in quorum and every OSD up and in", async () => {
    await expectHealthyCeph(daemons);
  });

  test("gives an object back as it was put", async () => {
    await expectObjectRoundTrip("triple");
  });

  test("is left as it is by a new operator, by a pass more, and at rest", async () => {
    await operatorAtRest();
    const from = Date.now();

    await operator.restart();
    await kubectl(["annotate", "-n", namespace, "cephcluster", clusterName, `test/touched=${from}`]);
    await rest(20_000);

    const requests = await apiRequests({ user: operatorUser, from });
    expect(requests.filter(isWrite).map(describeRequest)).toEqual([]);
    expect(requests.some((request) => request.verb === "watch" && request.resource === "ceph.rook.io/cephclusters")).toBe(true);
    expect((await readCephCluster()).status?.phase).toBe("Ready");
  });

  test("gets its status back as it was when it is wiped", async () => {
    await operatorAtRest();
    const before = stableStatus((await readCephCluster()).status);

    await kubectl(["patch", "-n", namespace, "cephcluster", clusterName, "--subresource=status", "--type=json"].concat("-p", removeStatus));

    await eventually("the status is as it was", async () => {
      expect(stableStatus((await readCephCluster()).status)).toEqual(before);
    });
  });

  test.each(["ConfigMap", "Secret", "Service", "PodDisruptionBudget", "Deployment"])(
    "gets every %s back as it was when it is deleted",
    async (kind) => {
      const objects = (await derivedObjects()).filter((object) => object.kind === kind);
      expect(objects.map(nameOf)).not.toEqual([]);
      for (const object of objects) await expectBackAfterDelete(object);
      await waitForReady();
      await expectHealthyCeph(daemons);
    },
    600_000,
  );

  // last, since Ceph's health changes for a while with what the table makes and removes
  test("has a Ceph that refuses what the simulated one refuses", async () => {
    const { asked, differences } = await askAll("20.2.4", askCeph);

    console.log(`asked ${asked} commands of a table`);
    expect(differences).toEqual([]);
  });
});

const removeStatus = JSON.stringify([{ op: "remove", path: "/status" }]);

/** Waits until the operator has written nothing for a while. */
async function operatorAtRest(): Promise<void> {
  await eventually(
    "the operator is at rest",
    async () => {
      const writes = (await apiRequests({ user: operatorUser, from: Date.now() - 15_000 })).filter(isWrite);
      expect(writes.map(describeRequest)).toEqual([]);
    },
    { seconds: 120, everyMs: 1000 },
  );
}

async function expectBackAfterDelete(object: DerivedObject): Promise<void> {
  // kubectl's own waiting can miss an object that is back within milliseconds; what follows tells it by its uid
  await kubectl(["delete", "-n", namespace, object.kind, object.metadata.name ?? "", "--wait=false"]);
  await eventually(
    `${nameOf(object)} is back`,
    async () => {
      expect(contentOf(await successorOf(object))).toEqual(contentOf(object));
    },
    { seconds: 30 },
  );
  if (object.kind !== "Deployment") return;
  // the next one only when this one serves again, as no one would take down two mons at once
  await eventually(`the pod of ${nameOf(object)} is ready`, async () => {
    const { spec, status } = await getObject<Deployment>(namespace, "deployment", object.metadata.name ?? "");
    expect(status?.readyReplicas ?? 0).toBe(spec?.replicas);
  });
}
