import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CephBlockPool } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import type { CephClient } from "../../src/kinds/ceph-client/ceph-client.ts";
import type { CephFilesystem } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import type { CephFilesystemSubVolumeGroup } from "../../src/kinds/ceph-filesystem-subvolume-group/subvolume-group.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { ceph, cephCluster, clusterName, deployToolbox, toolbox } from "./support/ceph-cluster.ts";
import { eventually } from "./support/eventually.ts";
import { fuseClient } from "./support/fuse-client.ts";
import { applyObjects, getObject, kubectl, listObjects } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";

const apiVersion = "ceph.rook.io/v1";
const metadataOf = (name: string) => ({ name, namespace });
// a pool of one copy is what a cluster of one OSD can have, and its owner's own choice
const oneCopy = { failureDomain: "osd", replicated: { size: 1, requireSafeReplicaSize: false } };

const pool: CephBlockPool = { apiVersion, kind: "CephBlockPool", metadata: metadataOf("images"), spec: oneCopy };
const filesystem: CephFilesystem = {
  apiVersion,
  kind: "CephFilesystem",
  metadata: metadataOf("myfs"),
  spec: { metadataPool: oneCopy, dataPools: [{ name: "files", ...oneCopy }], metadataServer: { activeCount: 1, activeStandby: false } },
};
const group: CephFilesystemSubVolumeGroup = {
  apiVersion,
  kind: "CephFilesystemSubVolumeGroup",
  metadata: metadataOf("team"),
  spec: { filesystemName: "myfs", quota: "1Gi" },
};
// a subvolume is put into this one
const full: CephFilesystemSubVolumeGroup = { ...group, metadata: metadataOf("full"), spec: { filesystemName: "myfs" } };
const client: CephClient = { apiVersion, kind: "CephClient", metadata: metadataOf("reader"), spec: { caps: { mon: "allow r" } } };

const cluster = `cephcluster/${clusterName}`;
const children = [
  "cephfilesystem/myfs",
  "cephfilesystemsubvolumegroup/team",
  "cephfilesystemsubvolumegroup/full",
  "cephblockpool/images",
  "cephclient/reader",
];

interface Told extends KubeObject {
  status?: { message?: string; conditions?: { type: string; status: string; message: string }[] };
}

/** What kubectl waits for, with the seconds since `began`; rejects with what the status says. */
async function waitFor(what: string, object: string, began: number, seconds: number): Promise<string> {
  try {
    await kubectl(["wait", "-n", namespace, what, `--timeout=${seconds}s`, object], { seconds: seconds + 10 });
  } catch (error) {
    const { status } = await getObject<Told>(namespace, ...(object.split("/") as [string, string]));
    throw new Error(`${object}: ${JSON.stringify(status?.conditions ?? status?.message)}`, { cause: error });
  }
  return `${object} ${((performance.now() - began) / 1000).toFixed(1)} s`;
}

const waitForAll = (what: string, began: number, seconds: number) =>
  Promise.all([cluster, ...children].map((object) => waitFor(what, object, began, seconds)));

describe("an object of every kind on one node", () => {
  let disk: string;

  beforeAll(async () => {
    await testCluster.up(1);
    disk = await testCluster.addDisk(1);
    await operator.deploy();
  });

  afterAll(() => testCluster.down());

  test("all are Ready, created in one go", async () => {
    const ofOneNode = await cephCluster({
      mons: 1,
      mgrs: 1,
      devices: { node1: [disk] },
      config: { osd_pool_default_size: "1", mon_warn_on_pool_no_redundancy: "false" },
    });
    const began = performance.now();
    const confirmed: typeof ofOneNode = {
      ...ofOneNode,
      spec: { ...ofOneNode.spec, cleanupPolicy: { confirmation: "yes-really-destroy-data" } },
    };
    // what builds on others comes first
    await applyObjects(group, full, filesystem, pool, client, confirmed);
    console.info(`Ready after: ${(await waitForAll("--for=condition=Ready", began, 120)).join(", ")}`);
  });

  test("a group has its quota and is spread over MDSs, and holds what is in it", async () => {
    await deployToolbox();
    expect(await ceph("fs", "subvolumegroup", "info", "myfs", "team")).toMatchObject({
      bytes_quota: 2 ** 30,
      data_pool: "myfs-files",
    });
    await fuseClient.start();
    await fuseClient.mount("myfs", "/mnt");
    const attribute = "import os; print(os.getxattr('/mnt/volumes/team', 'ceph.dir.pin.distributed').decode())";
    expect(await fuseClient.run(`python3 -c "${attribute}"`)).toBe("1\n");
    await fuseClient.unmount("/mnt");

    await kubectl(["patch", "-n", namespace, group.kind, "team", "--type=merge", "-p", '{"spec":{"quota":"2Gi"}}']);
    await eventually("the quota is changed", async () =>
      expect(await ceph("fs", "subvolumegroup", "info", "myfs", "team")).toMatchObject({ bytes_quota: 2 ** 31 }),
    );
    const [header, row] = (await kubectl(["get", group.kind, "-n", namespace, "team", "-o", "wide"])).trimEnd().split("\n");
    expect(header).toMatch(/^NAME +PHASE +FILESYSTEM +QUOTA +PINNING +AGE +READY/);
    expect(row).toMatch(/^team +Ready +myfs +2Gi +distributed=1 +\S+ +True/);

    await toolbox(["ceph", "fs", "subvolume", "create", "myfs", "pvc-1", "full"]);
    await kubectl(["delete", "-n", namespace, group.kind, "full", "--wait=false"]);
    await eventually("its deletion is blocked", async () => {
      const { status } = await getObject<Told>(namespace, group.kind, "full");
      const blocked = status?.conditions?.find(({ type }) => type === "DeletionIsBlocked");
      expect(blocked).toMatchObject({ status: "True", message: expect.stringContaining("subvolumes in group full: [pvc-1] (1)") });
    });
  });

  test("all are gone when all are deleted at once, the cluster first, with a subvolume in a group", async () => {
    const began = performance.now();
    for (const object of [cluster, ...children]) await kubectl(["delete", "-n", namespace, object, "--wait=false", "--ignore-not-found"]);
    console.info(`gone after: ${(await waitForAll("--for=delete", began, 120)).join(", ")}`);

    expect(await testCluster.exec(1, "ls", "/var/lib/rook")).toBe("");
    await eventually("nothing of it is left in Kubernetes", async () => {
      const left = await listObjects(namespace, "deployments,jobs,secrets,configmaps,services,poddisruptionbudgets");
      const owned = left.filter(({ metadata }) => metadata.ownerReferences?.some(({ apiVersion: of }) => of === apiVersion));
      expect(owned.map(({ metadata }) => metadata.name)).toEqual([]);
    });
  });
});
