import { expect } from "@jest/globals";
import { cephCluster, clusterName, deployToolbox, readCephCluster, toolbox, waitForReady } from "./ceph-cluster.ts";
import { eventually } from "./eventually.ts";
import { applyObjects, kubectl } from "./kubectl.ts";
import { namespace, operator } from "./operator.ts";
import { testCluster } from "./test-cluster.ts";

/** Three nodes with a mon, an OSD and, two of them, an mgr each, of Ceph 18.2, and a pool for clients. */
export async function createOldCluster(image: string, pool: string): Promise<void> {
  await testCluster.up(3);
  const devices = { node1: [await testCluster.addDisk(1)], node2: [await testCluster.addDisk(2)], node3: [await testCluster.addDisk(3)] };
  await operator.deploy();
  const cluster = await cephCluster({ mons: 3, mgrs: 2, devices });
  // Debian's build of 18.2 has neither a dashboard nor the mgr's module crash
  const cephConfig = { global: { mon_data_avail_warn: "1", osd_memory_target: "1073741824" } };
  Object.assign(cluster.spec, { cephVersion: { image }, dashboard: { enabled: false }, cephConfig });
  await applyObjects(cluster);
  await waitForReady();
  await deployToolbox();
  await toolbox(["ceph", "osd", "pool", "create", pool, "16"]);
  await toolbox(["ceph", "osd", "pool", "application", "enable", pool, "rados"]);
}

/** As a user changes the image. */
export async function setImage(image: string): Promise<void> {
  const patch = JSON.stringify({ spec: { cephVersion: { image } } });
  await kubectl(["patch", "-n", namespace, "cephcluster", clusterName, "--type=merge", "-p", patch]);
}

/** Until the cluster is Ready at this version. */
export function waitForVersion(version: string, seconds = 300): Promise<void> {
  return eventually(
    `the cluster is Ready at ${version}`,
    async () => {
      const { metadata, status } = await readCephCluster();
      const ready = status?.conditions?.find((c) => c.type === "Ready");
      expect([status?.observedGeneration, ready?.status, ready?.message]).toEqual([metadata.generation, "True", expect.anything()]);
      expect(status?.["version"]).toMatchObject({ version: `${version}-0` });
    },
    { seconds },
  );
}
