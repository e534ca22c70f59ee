import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CephClient } from "../../src/kinds/ceph-client/ceph-client.ts";
import type { Event, Secret } from "../../src/kube/kinds.ts";
import {
  type CephStatus,
  ceph,
  clusterName,
  createCephCluster,
  deployToolbox,
  readCephCluster,
  toolbox,
  waitForReady,
} from "./support/ceph-cluster.ts";
import { eventually } from "./support/eventually.ts";
import { expectHealthyCeph, expectObjectRoundTrip } from "./support/expectations.ts";
import { applyObjects, getObject, kubectl, listObjects } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";

// a pool of one copy is what a cluster of one OSD can have, and its owner's own choice
const oneCopy = { osd_pool_default_size: "1", mon_warn_on_pool_no_redundancy: "false" };

describe("a CephCluster on one node", () => {
  let disk: string;
  const shape = (...devices: string[]) => ({ mons: 1, mgrs: 1, devices: { node1: devices }, config: oneCopy });

  beforeAll(async () => {
    await testCluster.up(1);
    disk = await testCluster.addDisk(1);
    await operator.deploy();
    await createCephCluster(shape(disk));
    await waitForReady();
    await deployToolbox();
  });

  afterAll(() => testCluster.down());

  test("is healthy, with its mon in quorum and its OSD up and in", async () => {
    await expectHealthyCeph({ mons: 1, mgrs: 1, osds: 1 });
  });

  test("tells its phase, health and fsid in kubectl's columns", async () => {
    const { fsid } = await ceph<CephStatus>("status");
    await eventually("kubectl's columns are filled", async () => {
      const [header, row] = (await kubectl(["get", "cephcluster", "-n", namespace, clusterName])).trimEnd().split("\n");
      expect(header).toMatch(/^NAME +DATADIRHOSTPATH +MONCOUNT +AGE +PHASE +MESSAGE +HEALTH +EXTERNAL +FSID/);
      expect(row).toMatch(new RegExp(`^${clusterName} +/var/lib/rook +1 +\\S+ +Ready +.* +HEALTH_OK +.*${fsid}`));
    });
  });

  test("gives an object back as it was put", async () => {
    await expectObjectRoundTrip("single");
  });

  test("gives a CephClient its user, with no more than its capabilities, and takes it away again", async () => {
    const client: CephClient = {
      apiVersion: "ceph.rook.io/v1",
      kind: "CephClient",
      metadata: { name: "reader", namespace },
      spec: { caps: { mon: "allow r" } },
    };
    await applyObjects(client);
    await kubectl(["wait", "-n", namespace, "--for=condition=Ready", "--timeout=30s", "cephclient/reader"]);

    const { data } = await getObject<Secret>(namespace, "secret", "rook-ceph-client-reader");
    const as = (command: string) =>
      toolbox(["bash", "-c", `ceph -n client.reader --key "$(cat)" --connect-timeout 10 ${command}`], {
        input: Buffer.from(data?.["userKey"] ?? "", "base64"),
      });
    expect(await as("fsid")).toBe(`${(await ceph<CephStatus>("status")).fsid}\n`);
    await expect(as("osd pool create forbidden")).rejects.toThrow(/EACCES/);

    await kubectl(["delete", "-n", namespace, "cephclient", "reader", "--timeout=30s"]);
    await expect(toolbox(["ceph", "auth", "get", "client.reader"])).rejects.toThrow(/ENOENT/);
    await eventually("its Secret is gone", async () => {
      await expect(getObject(namespace, "secret", "rook-ceph-client-reader")).rejects.toThrow(/not found/);
    });
  });

  test("never touches a disk with an ext4 file system, and says why it is not used", async () => {
    const ext4 = await testCluster.addDisk(1, "6G");
    await testCluster.exec(1, "mkfs.ext4", "-q", ext4);
    const before = await edgesOf(ext4);

    await createCephCluster(shape(disk, ext4));
    await eventually(`${ext4} is named with its reason`, async () => {
      const { status } = await readCephCluster();
      const events = await listObjects<Event>(namespace, "events");
      const said = [status?.message ?? "", ...events.filter(isAboutCluster).map((event) => event.message ?? "")];
      expect(said).toContainEqual(expect.stringMatching(new RegExp(`${ext4.replace("/dev/", "")}\\b.*ext4`)));
    });
    expect((await ceph<CephStatus>("status")).osdmap.num_osds).toBe(1);
    expect(await edgesOf(ext4)).toBe(before);

    await createCephCluster(shape(disk));
    await waitForReady();
    expect(await edgesOf(ext4)).toBe(before);
  });
});

/** A hash of a disk's first and last 64 MiB: where labels of file systems, partitions and OSDs are. All of it would take a minute. */
function edgesOf(disk: string): Promise<string> {
  return testCluster.exec(1, "bash", "-c", `{ head -c 64M ${disk}; tail -c 64M ${disk}; } | sha256sum`);
}

function isAboutCluster(event: Event): boolean {
  return event.involvedObject?.kind === "CephCluster" && event.involvedObject.name === clusterName;
}
