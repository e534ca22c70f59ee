import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CephFilesystem } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import type { Deployment, Pod } from "../../src/kube/kinds.ts";
import { ceph, createCephCluster, deployToolbox, toolbox, waitForReady } from "./support/ceph-cluster.ts";
import { eventually } from "./support/eventually.ts";
import { expectHealthyCeph } from "./support/expectations.ts";
import { fuseClient } from "./support/fuse-client.ts";
import { applyText, getObject, kubectl, listObjects } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster, top } from "./support/test-cluster.ts";

/** `ceph fs status`, as far as it is looked at. */
interface FsStatus {
  /** `rank` is "0-s" for one that follows rank 0. */
  mdsmap: { name: string; rank?: number | string; state: string }[];
}

const readFilesystem = () => getObject<CephFilesystem>(namespace, "cephfilesystem", "myfs");
const mdss = async () => (await ceph<FsStatus>("fs", "status", "myfs")).mdsmap.map(({ rank, state }) => `${rank ?? ""} ${state}`).sort();
const active = async () => (await ceph<FsStatus>("fs", "status", "myfs")).mdsmap.find(({ state }) => state === "active")?.name ?? "";
const pods = () => listObjects<Pod>(namespace, "pods", "app=rook-ceph-mds");

/** `kubectl wait` for Ready; gives the seconds it took. */
async function waitFor(object: string): Promise<number> {
  const began = performance.now();
  try {
    await kubectl(["wait", "-n", namespace, "--for=condition=Ready", "--timeout=120s", object], { seconds: 130 });
  } catch (error) {
    const text = await kubectl(["get", "-n", namespace, object, "-o", "jsonpath={.status.conditions}"]);
    throw new Error(`${object} is not Ready: ${text}`, { cause: error });
  }
  return (performance.now() - began) / 1000;
}

/** Of the generation that it has now. */
async function waitForChange(): Promise<void> {
  await eventually(
    "the file system is as its spec asks",
    async () => {
      const { metadata, status } = await readFilesystem();
      const ready = status?.conditions?.find(({ type }) => type === "Ready");
      expect([ready?.status, ready?.observedGeneration, ready?.message]).toEqual(["True", metadata.generation, expect.any(String)]);
    },
    { seconds: 180 },
  );
}

const change = (spec: object) =>
  kubectl(["patch", "-n", namespace, "cephfilesystem", "myfs", "--type=merge", "-p", JSON.stringify({ spec })]);

describe("a CephFilesystem on three nodes", () => {
  beforeAll(async () => {
    await testCluster.up(3);
    const devices = { node1: [await testCluster.addDisk(1)], node2: [await testCluster.addDisk(2)], node3: [await testCluster.addDisk(3)] };
    await operator.deploy();
    await createCephCluster({ mons: 3, mgrs: 2, devices });
    await waitForReady();
    await deployToolbox();
  });

  afterAll(() => testCluster.down());

  test("is Ready with its pools, an MDS that serves and one that follows it on another node", async () => {
    await applyText(await readFile(join(top, "manifests/examples/filesystem.yaml"), "utf8"));
    console.info(`file system: ${(await waitFor("cephfilesystem/myfs")).toFixed(1)} s from its creation to Ready`);

    await eventually("one MDS follows the other", async () => expect(await mdss()).toEqual(["0 active", "0-s standby-replay"]));
    const [one, other] = await pods();
    expect(one?.spec?.nodeName).not.toBe(other?.spec?.nodeName);
    const pools = (await ceph<{ pool_name: string }[]>("osd", "pool", "ls", "detail")).map(({ pool_name }) => pool_name);
    expect(pools).toEqual(expect.arrayContaining(["myfs-metadata", "myfs-replicated"]));
    expect(await ceph("fs", "subvolumegroup", "ls", "myfs")).toEqual([{ name: "csi" }]);
    const [header, row] = (await kubectl(["get", "cephfilesystem", "-n", namespace, "myfs"])).trimEnd().split("\n");
    expect(header).toMatch(/^NAME +ACTIVEMDS +AGE +PHASE +READY/);
    expect(row).toMatch(/^myfs +1 +\S+ +Ready +True/);
    await expectHealthyCeph({ mons: 3, mgrs: 2, osds: 3 });
  });

  test("keeps what is written through ceph-fuse while the active MDS is lost", async () => {
    await fuseClient.start();
    await fuseClient.mount("myfs", "/mnt");
    await fuseClient.run(
      "cd /mnt && mkdir keep && for n in $(seq 20); do head -c 500000 /dev/urandom >keep/$n; done && sha256sum keep/* >/tmp/sums",
    );
    // one file after another, each with the time at which it was there
    await fuseClient.run(
      'mkdir /mnt/loop; (n=0; while [ ! -e /tmp/stop ]; do n=$((n+1)); echo $n >/mnt/loop/$n && sync -f /mnt/loop/$n && echo "$EPOCHREALTIME"; sleep 0.05; done >/tmp/times 2>/tmp/errors) >/dev/null 2>&1 &',
    );
    const lost = await active();
    const [pod] = (await pods()).filter(({ metadata }) => metadata.labels?.["mds"] === lost);
    await kubectl(["delete", "pod", "-n", namespace, pod?.metadata.name ?? "", "--wait=false"]);
    const began = performance.now();
    await eventually("another MDS serves", async () => expect(["", lost]).not.toContain(await active()), { everyMs: 100 });
    const seconds = (performance.now() - began) / 1000;
    await waitForChange();
    await fuseClient.run("sleep 1; touch /tmp/stop; sleep 1");
    const longest = await fuseClient.run(
      "awk 'NR>1 && $1-last>most {most=$1-last} {last=$1} END {printf \"%.2f %d\", most, NR}' /tmp/times",
    );
    const [pause = "", count = ""] = longest.split(" ");
    console.info(
      `take-over: ${seconds.toFixed(1)} s until another MDS was active; the longest pause of a writer was ${pause} s in ${count} writes`,
    );

    expect(await fuseClient.run("cat /tmp/errors")).toBe("");
    expect(Number(pause)).toBeLessThan(30);
    await fuseClient.unmount("/mnt");
    await fuseClient.mount("myfs", "/mnt");
    expect(await fuseClient.run("cd /mnt && sha256sum --quiet -c /tmp/sums && ls loop | wc -l")).toBe(`${count}\n`);
    await fuseClient.unmount("/mnt");
  });

  test("gets one rank more, gives it back, and changes its MDSs one at a time", async () => {
    await change({ metadataServer: { activeCount: 2 } });
    await waitForChange();
    await eventually("two ranks are served and followed", async () =>
      expect(await mdss()).toEqual(["0 active", "0-s standby-replay", "1 active", "1-s standby-replay"]),
    );

    const began = performance.now();
    await change({ metadataServer: { activeCount: 1 } });
    await waitForChange();
    console.info(`one rank less: ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const deployments = await listObjects<Deployment>(namespace, "deployments", "app=rook-ceph-mds");
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual(["rook-ceph-mds-myfs-a", "rook-ceph-mds-myfs-b"]);
    const entities = (await ceph<{ auth_dump: { entity: string }[] }>("auth", "ls")).auth_dump.map(({ entity }) => entity);
    expect(entities.filter((entity) => entity.startsWith("mds."))).toEqual(["mds.myfs-a", "mds.myfs-b"]);

    const changed = performance.now();
    await change({ metadataServer: { annotations: { team: "storage" } } });
    await waitForChange();
    console.info(`two MDSs changed: ${((performance.now() - changed) / 1000).toFixed(1)} s`);
    expect((await pods()).filter(({ metadata }) => metadata.annotations?.["team"] === "storage")).toHaveLength(2);
  });

  test("is not deleted with subvolumes in it, and leaves nothing once they are gone", async () => {
    await toolbox(["ceph", "fs", "subvolume", "create", "myfs", "pvc-1", "csi"]);
    await kubectl(["delete", "cephfilesystem", "-n", namespace, "myfs", "--wait=false"]);
    await eventually("its deletion is blocked", async () => {
      const blocked = (await readFilesystem()).status?.conditions?.find(({ type }) => type === "DeletionIsBlocked");
      expect(blocked).toMatchObject({ status: "True", message: expect.stringContaining("subvolumes in group csi: [pvc-1] (1)") });
    });

    await toolbox(["ceph", "fs", "subvolume", "rm", "myfs", "pvc-1", "csi"]);
    const began = performance.now();
    await kubectl(["wait", "-n", namespace, "--for=delete", "--timeout=60s", "cephfilesystem/myfs"], { seconds: 70 });
    console.info(`deletion: ${((performance.now() - began) / 1000).toFixed(1)} s`);
    expect(await ceph("fs", "ls")).toEqual([]);
    const pools = (await ceph<{ pool_name: string }[]>("osd", "pool", "ls", "detail")).map(({ pool_name }) => pool_name);
    expect(pools.filter((pool) => pool.startsWith("myfs"))).toEqual([]);
    await eventually("its objects are gone", async () => {
      expect(await pods()).toEqual([]);
      expect((await kubectl(["get", "secrets,deployments,pdb", "-n", namespace, "-o", "name"])).includes("mds")).toBe(false);
    });
  });
});
