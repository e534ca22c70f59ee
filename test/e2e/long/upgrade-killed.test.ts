import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { KubeObject } from "../../../src/kube/object.ts";
import { ceph, clusterName, readCephCluster } from "../support/ceph-cluster.ts";
import { endClientLoad, startClientLoad } from "../support/client-load.ts";
import { eventually, rest } from "../support/eventually.ts";
import { getObject, kubectl } from "../support/kubectl.ts";
import { namespace, operator } from "../support/operator.ts";
import { testCluster } from "../support/test-cluster.ts";
import { createOldCluster, setImage, waitForVersion } from "../support/upgrade.ts";

const pool = "load";

describe("an update of Ceph whose operator is killed again and again", () => {
  let to: string;

  beforeAll(async () => {
    to = await testCluster.cephImage("sid");
    await createOldCluster(await testCluster.cephImage("trixie"), pool);
  });

  afterAll(() => testCluster.down());

  test("goes on at once each time, and ends with nothing lost and no write that waited for long", async () => {
    await startClientLoad(pool);
    const began = Date.now();
    await setImage(to);
    const versions: string[] = [];
    let kills = 0;
    let isUpdated = false;
    const update = waitForVersion("20.2.4", 600).finally(() => (isUpdated = true));
    while (!isUpdated) {
      await kill();
      kills += 1;
      // and no status to go by
      await kubectl([
        "patch",
        "-n",
        namespace,
        "cephcluster",
        clusterName,
        "--subresource=status",
        "--type=merge",
        "-p",
        '{"status":null}',
      ]);
      await takeOver();
      // from one second to six: other steps are cut off each time
      await rest(1000 + ((kills * 1700) % 5000));
      versions.push((await readCephCluster()).status?.message ?? "");
    }
    await update;
    const load = await endClientLoad();
    console.log(
      `update: ${((Date.now() - began) / 1000).toFixed(1)} s with ${kills} kills; ${load.written} objects written, longest write ${load.longestWrite.join(" s at ")}; told: ${[...new Set(versions)].join(" | ")}`,
    );

    expect(kills).toBeGreaterThan(5);
    expect(load.bad).toEqual([]);
    expect(load.written).toBeGreaterThan(500);
    expect(load.longestWrite[0]).toBeLessThan(30);
    const { overall } = await ceph<{ overall: Record<string, number> }>("versions");
    expect(Object.keys(overall)).toEqual([expect.stringContaining("20.2.4")]);
    expect(await ceph<{ require_osd_release: string }>("osd", "dump")).toMatchObject({ require_osd_release: "tentacle" });
  }, 900_000);
});

interface Lease extends KubeObject {
  readonly spec: { readonly holderIdentity?: string };
}

const leader = async () => (await getObject<Lease>(namespace, "lease", "rook-ceph-operator")).spec.holderIdentity;

let killed: string | undefined;

/** Ends the operator that works without a word, and its Pod, so that the next one is not held off for ending so often. */
async function kill(): Promise<void> {
  killed = await leader();
  const { metadata, spec, status } = await operator.pod();
  const container = status?.containerStatuses?.[0]?.containerID?.replace("containerd://", "") ?? "";
  const node = Number(spec?.nodeName?.replace("node", ""));
  await testCluster.killContainer(node, container);
  await kubectl(["delete", "pod", "-n", namespace, metadata.name ?? "", "--grace-period=0", "--force"]);
}

/** Waits until another one works: it may only when the lease of the one that was killed has run out. */
async function takeOver(): Promise<void> {
  await eventually("another operator leads", async () => expect([killed, undefined, ""]).not.toContain(await leader()), { everyMs: 100 });
}
