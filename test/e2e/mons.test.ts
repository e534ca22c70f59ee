import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ConfigMap, Deployment, Event, Node, Pod, Secret } from "../../src/kube/kinds.ts";
import { ceph, clusterName, createCephCluster, deployToolbox, readCephCluster, toolbox, waitForReady } from "./support/ceph-cluster.ts";
import { eventually } from "./support/eventually.ts";
import { getObject, kubectl, listObjects } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { restoreQuorum } from "./support/restore-quorum.ts";
import { testCluster } from "./support/test-cluster.ts";

// a pool of one copy is what a cluster of one OSD can have, and its owner's own choice
const oneCopy = { osd_pool_default_size: "1", mon_warn_on_pool_no_redundancy: "false" };
const timeoutSeconds = 20;

describe("the mons of a CephCluster on four nodes", () => {
  beforeAll(async () => {
    await testCluster.up(4);
    const disk = await testCluster.addDisk(1);
    await operator.deploy();
    await createCephCluster({ mons: 1, mgrs: 1, devices: { node1: [disk] }, config: oneCopy });
    await patchSpec({ healthCheck: { daemonHealth: { mon: { timeout: `${timeoutSeconds}s` } } } });
    await waitForReady();
    await deployToolbox();
  });

  afterAll(() => testCluster.down());

  test("become three of one, one at a time, and all that tells of them tells the same", async () => {
    const before = await monmap();
    await timed("one mon to three", async () => {
      await patchSpec({ mon: { count: 3 } });
      await expectMons("a", "b", "c");
    });
    // a mon more is one epoch more: none of them joined beside another, and none came twice
    expect((await monmap()).epoch - before.epoch).toBe(2);
    await waitForReady();
  });

  test("one whose Pod cannot run is replaced after its time: the new one in quorum first, then it goes", async () => {
    const node = await nodeOf("b");
    await spoilStore("b");
    const [pod] = await podsOf("b");
    await timed(`failover of a mon whose Pod cannot run, ${timeoutSeconds} s of waiting included`, async () => {
      await kubectl(["delete", "pod", "-n", namespace, pod?.metadata.name ?? "", "--grace-period=1"]);
      await eventually(
        "the status says why, since when, and what comes next",
        async () => {
          expect((await readCephCluster()).status?.message).toMatch(
            new RegExp(`mon b on ${node} .*since \\S+Z.*another cluster.*is replaced at \\S+Z unless it comes back`),
          );
        },
        { everyMs: 100 },
      );
      await expectMons("a", "c", "d");
    });
    await waitForReady();
    expect(await eventMessages("MonFailover")).toContainEqual(
      expect.stringMatching(new RegExp(`^mon b on ${node} is not ready since .*; mon d on`)),
    );
  });

  test("one whose node is deleted is replaced at once", async () => {
    const node = await nodeOf("c");
    const [pod] = await podsOf("c");
    await timed("failover of a mon whose node is deleted", async () => {
      await kubectl(["delete", "node", node]);
      // the garbage collector of Pods would do the same a minute later
      await kubectl(["delete", "pod", "-n", namespace, pod?.metadata.name ?? "", "--grace-period=0", "--force"]);
      await expectMons("a", "d", "e");
    });
    await waitForReady();
    expect(await eventMessages("MonFailover")).toContainEqual(expect.stringMatching(/^mon c .*; mon e on/));
    expect((await listObjects<Node>(namespace, "nodes")).map(({ metadata }) => metadata.name)).not.toContain(node);
  });

  test("become five where a node may have several, and three on three nodes again", async () => {
    await timed("three mons to five", async () => {
      await patchSpec({ mon: { count: 5, allowMultiplePerNode: true } });
      await expectMons("a", "d", "e", "f", "g");
    });
    await waitForReady();
    await timed("five mons to three", async () => {
      await patchSpec({ mon: { count: 3, allowMultiplePerNode: false } });
      await eventually("three mons are left", async () => expect((await monmap()).mons).toHaveLength(3), { seconds: 120, everyMs: 300 });
      await expectMons(...(await monmap()).mons.map(({ name }) => name).sort());
    });
    await waitForReady();
    const nodes = await Promise.all((await monmap()).mons.map(({ name }) => nodeOf(name)));
    expect(new Set(nodes).size).toBe(3);
  });

  test("become three again after a majority of them was lost for good and somebody restored the quorum by hand", async () => {
    await toolbox(["ceph", "config-key", "set", "witness", "kept"]);
    const [good = "", ...lost] = (await monmap()).mons.map(({ name }) => name).sort();
    for (const id of lost) await spoilStore(id);
    await kubectl(["delete", "pod", "-n", namespace, "-l", `mon in (${lost.join(",")})`, "--grace-period=1"]);
    await eventually("nothing is done without a majority, and why is told", async () => {
      const { status } = await readCephCluster();
      expect(status?.conditions?.find(({ type }) => type === "Ready")).toMatchObject({ status: "False", reason: "MonFailoverBlocked" });
      for (const id of lost) expect(status?.message).toContain(`mon ${id} on`);
    });

    await restoreQuorum(good, lost);

    await timed("three mons again, from the operator's start", async () => {
      await eventually("three mons are there", async () => expect((await monmap()).mons).toHaveLength(3), { seconds: 120, everyMs: 300 });
      const ids = (await monmap()).mons.map(({ name }) => name).sort();
      expect(ids.filter((id) => lost.includes(id))).toEqual([]);
      await expectMons(...ids);
    });
    await waitForReady();
    expect(await toolbox(["ceph", "config-key", "get", "witness"])).toBe("kept");
  });

  test("become one of three again", async () => {
    await timed("three mons to one", async () => {
      await patchSpec({ mon: { count: 1 } });
      await eventually("one mon is left", async () => expect((await monmap()).mons).toHaveLength(1), { seconds: 120, everyMs: 300 });
      await expectMons(...(await monmap()).mons.map(({ name }) => name));
    });
    await waitForReady();
    expect(await eventMessages("MonRemoved")).toHaveLength(6);
  });
});

interface MonDump {
  readonly epoch: number;
  readonly mons: readonly { readonly name: string }[];
  readonly quorum: readonly number[];
}

const monmap = () => ceph<MonDump>("mon", "dump");

const nodeNumber = (name: string) => Number(name.replace("node", ""));

async function patchSpec(spec: object): Promise<void> {
  await kubectl(["patch", "-n", namespace, "cephcluster", clusterName, "--type=merge", "-p", JSON.stringify({ spec })]);
}

/** Does something, and prints how long it took. */
async function timed(what: string, act: () => Promise<void>): Promise<void> {
  const began = Date.now();
  await act();
  process.stdout.write(`    ${what}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

/** Expects monmap and quorum, endpoints, the daemons' Secret, Deployments and Services to come to name just these. */
async function expectMons(...ids: string[]): Promise<void> {
  await eventually(
    `the mons are ${ids.join(", ")}`,
    async () => {
      const { mons, quorum } = await monmap();
      const endpoints = (await getObject<ConfigMap>(namespace, "configmap", "rook-ceph-mon-endpoints")).data ?? {};
      const secret = await getObject<Secret>(namespace, "secret", "rook-ceph-config");
      const objects = await listObjects(namespace, "deployments,services", "app=rook-ceph-mon");
      expect({
        monmap: mons.map(({ name }) => name).sort(),
        quorum: quorum.length,
        endpoints: (endpoints["data"] ?? "").split(",").map((each) => each.split("=")[0]),
        outOfQuorum: endpoints["outOfQuorum"],
        members: Buffer.from(secret.data?.["mon_initial_members"] ?? "", "base64").toString(),
        objects: objects.map(({ kind, metadata }) => `${kind} ${metadata.name ?? ""}`).sort(),
      }).toEqual({
        monmap: ids,
        quorum: ids.length,
        endpoints: ids,
        outOfQuorum: "",
        members: ids.join(","),
        objects: ["Deployment", "Service"].flatMap((kind) => ids.map((id) => `${kind} rook-ceph-mon-${id}`)),
      });
    },
    { seconds: 120, everyMs: 300 },
  );
}

/** Makes a mon's data another's than this cluster's: its next start fails. */
async function spoilStore(mon: string): Promise<void> {
  const keyring = `/var/lib/rook/mon-${mon}/data/keyring`;
  await testCluster.exec(nodeNumber(await nodeOf(mon)), "sh", "-c", `printf '[mon.]\\n\\tkey = nonsense\\n' >${keyring}`);
}

async function nodeOf(mon: string): Promise<string> {
  const deployment = await getObject<Deployment>(namespace, "deployment", `rook-ceph-mon-${mon}`);
  return deployment.spec?.template.spec?.nodeSelector?.["kubernetes.io/hostname"] ?? "";
}

function podsOf(mon: string): Promise<Pod[]> {
  return listObjects<Pod>(namespace, "pods", `app=rook-ceph-mon,mon=${mon}`);
}

async function eventMessages(reason: string): Promise<string[]> {
  return (await listObjects<Event>(namespace, "events")).filter((event) => event.reason === reason).map((event) => event.message ?? "");
}
