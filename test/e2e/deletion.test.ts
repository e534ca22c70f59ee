import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Event } from "../../src/kube/kinds.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { cephCluster, clusterName, readCephCluster, waitForReady } from "./support/ceph-cluster.ts";
import { eventually } from "./support/eventually.ts";
import { applyObjects, kubectl, listObjects } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";

// a pool of one copy is what a cluster of one OSD can have, and its owner's own choice
const oneCopy = { osd_pool_default_size: "1", mon_warn_on_pool_no_redundancy: "false" };

const client: KubeObject & { spec: object } = {
  apiVersion: "ceph.rook.io/v1",
  kind: "CephClient",
  metadata: { name: "needs-it", namespace },
  spec: { caps: { mon: "profile rbd" } },
};

describe("a deleted CephCluster on one node", () => {
  let disk: string;

  beforeAll(async () => {
    await testCluster.up(1);
    disk = await testCluster.addDisk(1);
    await operator.deploy();
    await create("yes-really-destroy-data");
    await waitForReady();
  });

  afterAll(() => testCluster.down());

  async function create(confirmation: string): Promise<void> {
    const cluster = await cephCluster({ mons: 1, mgrs: 1, devices: { node1: [disk] }, config: oneCopy });
    const confirmed: typeof cluster = { ...cluster, spec: { ...cluster.spec, cleanupPolicy: { confirmation } } };
    await applyObjects(confirmed);
  }

  /** Bytes that are not zero, of those that a label, a file system or a partition table is known by. */
  async function knownBytes(): Promise<string> {
    const GiB = 1024 ** 3;
    const at = (offset: number) => `dd if=${disk} bs=4096 count=256 skip=${offset / 4096} status=none`;
    return (await testCluster.exec(1, "sh", "-c", `(${at(0)}; ${at(GiB)}; ${at(8 * GiB - 1024 ** 2)}) | tr -d '\\0' | wc -c`)).trim();
  }

  const foldersOnNode = async () => (await testCluster.exec(1, "ls", "/var/lib/rook")).split("\n").filter(Boolean);
  const messageOf = async () => (await readCephCluster()).status?.message ?? "";

  test("waits for what needs it, says so within 10 s, and is kept alive meanwhile", async () => {
    await applyObjects(client);
    await kubectl(["wait", "-n", namespace, "--for=condition=Ready", "--timeout=30s", "cephclient/needs-it"]);

    await remove();
    const told = await timed(() =>
      eventually(
        "the client is named",
        async () => {
          const { status } = await readCephCluster();
          const blocked = status?.conditions?.find(({ type }) => type === "DeletionIsBlocked");
          expect(blocked).toMatchObject({
            status: "True",
            reason: "ObjectHasDependents",
            message: expect.stringMatching(/CephClient: \[needs-it\] \(1\)/),
          });
          expect(status).toMatchObject({ phase: "Deleting" });
        },
        { seconds: 10, everyMs: 200 },
      ),
    );
    await kubectl(["delete", "-n", namespace, "deployment", "rook-ceph-mon-a"]);
    const healed = await timed(() =>
      kubectl(["wait", "-n", namespace, "--for=create", "--timeout=30s", "deployment/rook-ceph-mon-a"]).then(() =>
        kubectl(["rollout", "status", "-n", namespace, "deployment/rook-ceph-mon-a", "--timeout=60s"]),
      ),
    );
    await waitForReady();
    report(`blocked and told after ${told} s; a lost mon back after ${healed} s`);
  });

  test("leaves neither folders nor anything on its disk", async () => {
    expect(await foldersOnNode()).toContain("mon-a");
    expect(await knownBytes()).not.toBe("0");

    await kubectl(["delete", "-n", namespace, "cephclient", "needs-it"]);
    const gone = await timed(() => goneWithin(120));

    expect(await foldersOnNode()).toEqual([]);
    expect(await knownBytes()).toBe("0");
    const events = await listObjects<Event>(namespace, "events");
    expect(events.map(({ reason, message }) => `${reason ?? ""}: ${message ?? ""}`)).toContainEqual(
      expect.stringMatching(new RegExp(`^CleanedUp: node1: wiped ${disk}; removed /var/lib/rook/mon-a`)),
    );
    await eventually("nothing of it is left in Kubernetes", async () => {
      const left = await listObjects(namespace, "deployments,jobs,pods,secrets,configmaps,services,poddisruptionbudgets");
      expect(
        left
          .filter(({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind === "CephCluster"))
          .map(({ metadata }) => metadata.name),
      ).toEqual([]);
    });
    report(`cleaned and gone ${gone} s after its last dependent`);
  });

  test("makes room for another one on the same disk", async () => {
    await create("");

    const ready = await timed(() => waitForReady());

    report(`Ready again on the wiped disk after ${ready} s`);
  });

  test("is followed by none that takes its data for its own, unless it was to leave nothing", async () => {
    await remove();
    const gone = await timed(() => goneWithin(60));
    expect(await foldersOnNode()).toContain("mon-a");
    expect(await knownBytes()).not.toBe("0");

    await create("");
    await eventually(
      "the mon is refused",
      async () => {
        expect(await messageOf()).toMatch(
          /the mon store in dataDirHostPath on node node1 belongs to another cluster; remove its folder mon-a/,
        );
      },
      { seconds: 90 },
    );
    await testCluster.exec(1, "sh", "-c", "rm -rf /var/lib/rook/*");
    await kubectl(["delete", "pod", "-n", namespace, "-l", "app=rook-ceph-mon"]);
    await eventually(
      "the disk is refused",
      async () => {
        expect(await messageOf()).toMatch(new RegExp(`node1 ${disk} carries an OSD of another cluster \\(fsid [0-9a-f-]{36}\\)`));
      },
      { seconds: 120 },
    );
    expect(await knownBytes()).not.toBe("0");
    report(`gone without clean-up after ${gone} s`);
  });

  async function goneWithin(seconds: number): Promise<void> {
    try {
      await kubectl(["wait", "-n", namespace, "--for=delete", `--timeout=${seconds}s`, `cephcluster/${clusterName}`], {
        seconds: seconds + 10,
      });
    } catch (error) {
      throw new Error(`still there after ${seconds} s: ${await messageOf()}`, { cause: error });
    }
  }
});

const remove = () => kubectl(["delete", "-n", namespace, "cephcluster", clusterName, "--wait=false"]);

/** Seconds that something took, to a tenth. */
async function timed(act: () => Promise<unknown>): Promise<string> {
  const began = Date.now();
  await act();
  return ((Date.now() - began) / 1000).toFixed(1);
}

function report(words: string): void {
  process.stdout.write(`    ${words}\n`);
}
