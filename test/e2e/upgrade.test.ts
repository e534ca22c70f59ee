import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Deployment, Pod } from "../../src/kube/kinds.ts";
import { askAll } from "../contract/ask-all.ts";
import { askCeph } from "./support/ask-ceph.ts";
import { apiRequests, operatorUser } from "./support/audit.ts";
import { type CephStatus, ceph, readCephCluster } from "./support/ceph-cluster.ts";
import { endClientLoad, startClientLoad } from "./support/client-load.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl, listObjects } from "./support/kubectl.ts";
import { namespace } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";
import { createOldCluster, setImage, waitForVersion } from "./support/upgrade.ts";

/** The daemons in the order of an update; which mgr comes first follows from which is active. */
const mons = ["mon-a", "mon-b", "mon-c"];
const mgrs = ["mgr-a", "mgr-b"];
const osds = ["osd-0", "osd-1", "osd-2"];
const pool = "load";

describe("an update of Ceph from 18.2 to 20.2 on three nodes", () => {
  let from: string;
  let to: string;

  beforeAll(async () => {
    [from, to] = [await testCluster.cephImage("trixie"), await testCluster.cephImage("sid")];
    await createOldCluster(from, pool);
  });

  afterAll(() => testCluster.down());

  test("Ceph 18.2.7 refuses what the simulated one refuses", async () => {
    const { asked, differences } = await askAll("18.2.7", askCeph);

    console.log(`asked ${asked} commands of a table`);
    expect(differences).toEqual([]);
  });

  test("an image without Ceph, one that is nowhere, and an older one touch nothing", async () => {
    const before = await generations();
    for (const [image, said] of [
      ["registry.k8s.io/pause:3.10", /Job rook-ceph-detect-version (ended|could not|keeps ending|cannot start|failed)/],
      ["quay.io/ceph/ceph:v99.9.9", /Job rook-ceph-detect-version cannot get its image/],
    ] as const) {
      await setImage(image);
      await eventually(`what is wrong with ${image} is said`, async () => {
        const { status } = await readCephCluster();
        expect(status?.message).toMatch(said);
        expect(status?.message).toContain("meanwhile the cluster goes on at 18.2.7");
      });
    }
    expect(await generations()).toEqual(before);
    await setImage(from);
    await waitForVersion("18.2.7");
  });

  test("goes daemon by daemon while a client writes: nothing is lost, and no write waits for long", async () => {
    await startClientLoad(pool);
    const began = Date.now();
    await setImage(to);
    await eventually(
      "one OSD is at the new version",
      async () => expect((await readCephCluster()).status?.message).toContain("OSDs: 1 of 3 at 20.2.4"),
      {
        seconds: 240,
        everyMs: 200,
      },
    );
    // somebody deletes Pods in the middle
    await kubectl(["delete", "pod", "-n", namespace, "-l", "osd=2", "--wait=false"]);
    await kubectl(["delete", "pod", "-n", namespace, "-l", "mgr=a", "--wait=false"]);
    await waitForVersion("20.2.4");
    const seconds = (Date.now() - began) / 1000;
    const load = await endClientLoad();

    const changes = await changesSince(began);
    for (const { daemon, at, readyAt } of changes)
      console.log(
        `${daemon}: changed ${((at - began) / 1000).toFixed(1)} s after the edit, ready ${((readyAt - at) / 1000).toFixed(1)} s later`,
      );
    console.log(
      `update: ${seconds.toFixed(1)} s; ${load.written} objects written, longest write ${load.longestWrite.join(" s at ")}, longest read ${load.longestRead.join(" s at ")}`,
    );
    expect(load.bad).toEqual([]);
    expect(load.written).toBeGreaterThan(500);
    expect(load.longestWrite[0]).toBeLessThan(30);
    const order = changes.map(({ daemon }) => daemon);
    // of OSDs the first goes that Ceph allows
    expect([order.slice(0, 3), order.slice(3, 5).sort(), order.slice(5).sort()]).toEqual([mons, mgrs, osds]);
    // each only when the one of its kind before was back; Pods that somebody deleted are ready once more, later
    for (const [index, { daemon, at }] of changes.entries()) {
      const before = changes[index - 1];
      if (before?.daemon.slice(0, 3) === daemon.slice(0, 3) && !["mgr-a", "osd-2"].includes(before.daemon))
        expect(at).toBeGreaterThanOrEqual(before.readyAt);
    }
  });

  test("ends with the release required, and the image before it refused", async () => {
    const { require_osd_release } = await ceph<{ require_osd_release: string }>("osd", "dump");
    const { min_mon_release_name } = await ceph<{ min_mon_release_name: string }>("mon", "dump");
    expect([require_osd_release, min_mon_release_name]).toEqual(["tentacle", "tentacle"]);
    const { overall } = await ceph<{ overall: Record<string, number> }>("versions");
    expect(Object.keys(overall)).toEqual([expect.stringContaining("20.2.4")]);
    const status = await ceph<CephStatus>("status");
    console.log(`health after the update: ${status.health.status} ${JSON.stringify(status.health.checks)}`);
    const before = await generations();

    await setImage(from);
    await eventually("the downgrade is refused", async () => {
      const ready = (await readCephCluster()).status?.conditions?.find((c) => c.type === "Ready");
      expect(ready).toMatchObject({ status: "False", reason: "DowngradeRefused" });
    });

    expect(await generations()).toEqual(before);
  });
});

/** Which template each daemon's Deployment has had how many of. */
async function generations(): Promise<Record<string, number | undefined>> {
  const found = await listObjects<Deployment>(namespace, "deployments", `rook_cluster=${namespace}`);
  return Object.fromEntries(found.map(({ metadata }) => [metadata.name ?? "", metadata.generation]));
}

interface Change {
  readonly daemon: string;
  /** When the operator told its Deployment, and when its Pod was ready; milliseconds since 1970. */
  readonly at: number;
  readonly readyAt: number;
}

/** What the operator did to the daemons' Deployments, in order, as the API server's audit log tells. */
async function changesSince(time: number): Promise<Change[]> {
  const requests = await apiRequests({ user: operatorUser, from: time });
  const pods = await listObjects<Pod>(namespace, "pods", `rook_cluster=${namespace}`);
  const changes = new Map<string, number>();
  for (const { verb, resource, name, time: at } of requests)
    if (verb === "patch" && resource === "apps/deployments" && /-(mon|mgr|osd)-\w+$/.test(name) && !changes.has(name))
      changes.set(name, at);
  return [...changes].map(([name, at]) => {
    const pod = pods.find(({ metadata }) => metadata.name?.startsWith(`${name}-`));
    const ready = pod?.status?.conditions?.find((c) => c.type === "Ready")?.lastTransitionTime;
    return { daemon: name.replace("rook-ceph-", ""), at, readyAt: Date.parse(ready ?? "") };
  });
}
