import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CephFilesystem } from "../../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { apiRequests, operatorUser } from "../support/audit.ts";
import { ceph } from "../support/ceph-cluster.ts";
import { eventually } from "../support/eventually.ts";
import { fuseClient } from "../support/fuse-client.ts";
import { applyObjects, getObject, kubectl } from "../support/kubectl.ts";
import { namespace } from "../support/operator.ts";
import { testCluster } from "../support/test-cluster.ts";
import { createOldCluster, setImage, waitForVersion } from "../support/upgrade.ts";

const pool = { failureDomain: "host", replicated: { size: 3 } };
const filesystem: CephFilesystem = {
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystem",
  metadata: { name: "myfs", namespace },
  spec: { metadataPool: pool, dataPools: [{ name: "files", ...pool }], metadataServer: { activeCount: 2, activeStandby: true } },
};

/** `ceph fs dump`, as far as it is looked at. */
interface FsDump {
  filesystems: { mdsmap: { info: Record<string, { rank: number; state: string }> } }[];
}

// not by `ceph fs status`: its module is not in Debian's build of 18.2
const ranks = async () => {
  const { filesystems } = await ceph<FsDump>("fs", "dump");
  return filesystems.flatMap(({ mdsmap }) => Object.values(mdsmap.info).map(({ rank, state }) => `${rank} ${state}`)).sort();
};
const twoFollowed = ["0 up:active", "0 up:standby-replay", "1 up:active", "1 up:standby-replay"];

describe("an update of Ceph from 18.2 to 20.2 with a file system of two ranks", () => {
  let to: string;

  beforeAll(async () => {
    to = await testCluster.cephImage("sid");
    await createOldCluster(await testCluster.cephImage("trixie"), "other");
    await applyObjects(filesystem);
    await kubectl(["wait", "-n", namespace, "--for=condition=Ready", "--timeout=120s", "cephfilesystem/myfs"], { seconds: 130 });
    await eventually("two ranks are served and followed", async () => expect(await ranks()).toEqual(twoFollowed));
  });

  afterAll(() => testCluster.down());

  test("reaches its MDSs last, by way of one rank, and loses no file", async () => {
    await fuseClient.start();
    await fuseClient.mount("myfs", "/mnt");
    await fuseClient.run(
      "cd /mnt && mkdir keep && for n in $(seq 20); do head -c 500000 /dev/urandom >keep/$n; done && sha256sum keep/* >/tmp/sums",
    );
    // one file after another, each with the time at which it was there
    await fuseClient.run(
      'mkdir /mnt/loop; (n=0; while [ ! -e /tmp/stop ]; do n=$((n+1)); echo $n >/mnt/loop/$n && sync -f /mnt/loop/$n && echo "$EPOCHREALTIME"; sleep 0.05; done >/tmp/times 2>/tmp/errors) >/dev/null 2>&1 &',
    );
    const began = Date.now();
    await setImage(to);
    await waitForVersion("20.2.4", 600);
    const cluster = (Date.now() - began) / 1000;
    await eventually(
      "every MDS runs the new version, and the ranks are as before",
      async () => {
        const { mds } = await ceph<{ mds: Record<string, number> }>("versions");
        expect(Object.entries(mds)).toEqual([[expect.stringContaining("20.2.4"), 4]]);
        expect(await ranks()).toEqual(twoFollowed);
        const { metadata, status } = await getObject<CephFilesystem>(namespace, "cephfilesystem", "myfs");
        const ready = status?.conditions?.find(({ type }) => type === "Ready");
        expect([ready?.status, ready?.observedGeneration]).toEqual(["True", metadata.generation]);
      },
      { seconds: 300 },
    );
    const all = (Date.now() - began) / 1000;
    await fuseClient.run("sleep 1; touch /tmp/stop; sleep 1");
    const [pause = "", count = ""] = (
      await fuseClient.run("awk 'NR>1 && $1-last>most {most=$1-last} {last=$1} END {printf \"%.2f %d\", most, NR}' /tmp/times")
    ).split(" ");
    console.info(
      `cluster updated after ${cluster.toFixed(1)} s, its MDSs after ${all.toFixed(1)} s; longest pause of a writer of files ${pause} s in ${count} writes`,
    );

    expect(await fuseClient.run("cat /tmp/errors")).toBe("");
    expect(Number(pause)).toBeLessThan(30);
    await fuseClient.unmount("/mnt");
    await fuseClient.mount("myfs", "/mnt");
    expect(await fuseClient.run("cd /mnt && sha256sum --quiet -c /tmp/sums && ls loop | wc -l")).toBe(`${count}\n`);
    await fuseClient.unmount("/mnt");
    const changed = (await apiRequests({ user: operatorUser, from: began }))
      .filter(({ verb, resource, name }) => verb === "patch" && resource === "apps/deployments" && /-(mon|mgr|osd|mds)-/.test(name))
      .map(({ name }) => name.split("-")[2] ?? "");
    expect(changed.lastIndexOf("osd")).toBeLessThan(changed.indexOf("mds"));
    expect(new Set(changed)).toEqual(new Set(["mon", "mgr", "osd", "mds"]));
  }, 1_200_000);
});
