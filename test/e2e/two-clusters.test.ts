import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import type { Deployment, Pod, Secret } from "../../src/kube/kinds.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { type CephClusterObject, cephCluster, clusterName, waitForReady } from "./support/ceph-cluster.ts";
import { eventually } from "./support/eventually.ts";
import { applyObjects, getObject, kubectl, listObjects } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";

const second = "rook-ceph-second";
const doNotReconcile = "ceph.rook.io/do-not-reconcile";
const oneCopy = { osd_pool_default_size: "1", mon_warn_on_pool_no_redundancy: "false" };

describe("two CephClusters under one operator", () => {
  beforeAll(async () => {
    await testCluster.up(2);
    const disks = [await testCluster.addDisk(1), await testCluster.addDisk(2)] as const;
    await operator.deploy();
    const manifest = await readFile(new URL("../../manifests/second-cluster.yaml", import.meta.url), "utf8");
    const objects = parseAllDocuments(manifest).map((document) => document.toJS() as KubeObject);
    await applyObjects(...objects.filter(({ kind }) => kind !== "CephCluster"));
    await applyObjects(await cephCluster({ mons: 1, mgrs: 1, devices: { node1: [disks[0]] }, config: oneCopy }));
    const other = await cephCluster({ mons: 1, mgrs: 1, devices: { node2: [disks[1]] }, config: oneCopy });
    await applyObjects({
      ...other,
      metadata: { name: clusterName, namespace: second },
      spec: { ...other.spec, dataDirHostPath: "/var/lib/second" },
    } as KubeObject);
    await waitForReady();
    await kubectl(["wait", "-n", second, "--for=condition=Ready", "--timeout=120s", `cephcluster/${clusterName}`], { seconds: 130 });
  });

  afterAll(() => testCluster.down());

  test("a mon that hangs delays the other cluster's passes by less than 5 s", async () => {
    const quiet = await secondsToMake("1100000000");
    await signalMon("STOP");
    // a pass of the second cluster begins, and hangs
    await edit("1100000000", second);

    const beside = [await secondsToMake("1200000000"), await secondsToMake("1300000000"), await secondsToMake("1400000000")];

    const { metadata, status } = await read(second);
    const hanging = status?.conditions?.find(({ type }) => type === "Ready");
    expect([status?.observedGeneration, hanging?.status]).not.toEqual([metadata.generation, "True"]);
    console.log(`an edit was made true in ${quiet} s; beside a Ceph that hangs in ${beside.join(", ")} s`);
    expect(Math.max(...beside)).toBeLessThan(quiet + 5);
    await signalMon("CONT");
    await eventually("the second cluster has its edit, too", async () => {
      const after = await read(second);
      expect([after.status?.observedGeneration, await conditionOf(second)]).toEqual([
        metadata.generation,
        expect.objectContaining({ status: "True" }),
      ]);
    });
  });

  test("a daemon's Deployment that somebody works on is left alone, and said so", async () => {
    const mgr = ["deployment", "rook-ceph-mgr-a"] as const;
    await kubectl(["label", "-n", namespace, ...mgr, `${doNotReconcile}=true`]);
    await kubectl(["scale", "-n", namespace, ...mgr, "--replicas=0"]);
    await eventually("its mgr is told as left alone", async () => expect((await conditionOf(namespace))?.message).toContain("mgr.a"));
    await edit("1500000000");
    await eventually("a pass has seen the edit", async () => {
      const { metadata, status } = await read(namespace);
      expect(status?.observedGeneration).toBe(metadata.generation);
    });
    expect((await getObject<Deployment>(namespace, ...mgr)).spec?.replicas).toBe(0);

    await kubectl(["label", "-n", namespace, ...mgr, `${doNotReconcile}-`]);
    await waitForReady(60);
    expect((await getObject<Deployment>(namespace, ...mgr)).spec?.replicas).toBe(1);
  });

  test("a CephCluster that is left alone gets nothing back, until the label goes", async () => {
    await kubectl(["label", "-n", namespace, "cephcluster", clusterName, `${doNotReconcile}=true`]);
    await eventually("nobody knows whether it is Ready", async () =>
      expect(await conditionOf(namespace)).toMatchObject({ status: "Unknown", reason: "NotReconciled" }),
    );
    await kubectl(["delete", "-n", namespace, "service", "rook-ceph-mgr"]);
    // a pass of the other cluster comes after the deletion
    await kubectl(["delete", "-n", second, "service", "rook-ceph-mgr"]);
    await eventually("the second cluster's Service is back", () => getObject(second, "service", "rook-ceph-mgr"));
    await expect(getObject(namespace, "service", "rook-ceph-mgr")).rejects.toThrow(/not found/);

    await kubectl(["label", "-n", namespace, "cephcluster", clusterName, `${doNotReconcile}-`]);
    await eventually("its Service is back", () => getObject(namespace, "service", "rook-ceph-mgr"));
    await waitForReady(60);
  });
});

const read = (where: string) => getObject<CephClusterObject>(where, "cephcluster", clusterName);

async function conditionOf(where: string) {
  return (await read(where)).status?.conditions?.find(({ type }) => type === "Ready");
}

async function edit(memory: string, where = namespace): Promise<void> {
  const patch = JSON.stringify({ spec: { cephConfig: { "osd.0": { osd_memory_target: memory } } } });
  await kubectl(["patch", "-n", where, "cephcluster", clusterName, "--type=merge", "-p", patch]);
}

/** Seconds from an edit of the first cluster to a Ready that has seen it. */
async function secondsToMake(memory: string): Promise<number> {
  const began = Date.now();
  await edit(memory);
  await eventually(
    "the edit is made true",
    async () => {
      const { metadata, status } = await read(namespace);
      const ready = status?.conditions?.find(({ type }) => type === "Ready");
      expect([status?.observedGeneration, ready?.status]).toEqual([metadata.generation, "True"]);
    },
    { everyMs: 50 },
  );
  return (Date.now() - began) / 1000;
}

/** Signals the second cluster's mon, from its node. */
async function signalMon(signal: "STOP" | "CONT"): Promise<void> {
  const [mon] = await listObjects<Pod>(second, "pods", "app=rook-ceph-mon");
  const node = Number(mon?.spec?.nodeName?.replace("node", ""));
  // not of the status, which says nothing of a Ceph that hangs
  const { data } = await getObject<Secret>(second, "secret", "rook-ceph-mon");
  const fsid = Buffer.from(data?.["fsid"] ?? "", "base64").toString();
  await testCluster.exec(node, "sh", "-c", `kill -${signal} $(pgrep -f "[c]eph-mon.*${fsid}")`);
}
