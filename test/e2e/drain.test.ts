import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Node, Pod, PodDisruptionBudget } from "../../src/kube/kinds.ts";
import { ceph, createCephCluster, deployToolbox, readCephCluster, toolbox, waitForReady } from "./support/ceph-cluster.ts";
import { eventually } from "./support/eventually.ts";
import { expectHealthyCeph } from "./support/expectations.ts";
import { applyObjects, getObject, kubectl, listObjects } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";

/** What `ceph osd dump` says, as far as it is looked at. */
interface OsdDump {
  crush_node_flags: Record<string, string[]>;
  osds: { osd: number; up: number; in: number }[];
}

const always = ["rook-ceph-mgr-pdb 1", "rook-ceph-mon-pdb 1"];
const usual = [...always, "rook-ceph-osd 1"];
const drainedNode2 = [...always, "rook-ceph-osd-host-node1 0", "rook-ceph-osd-host-node3 0"];

describe("draining the nodes of a CephCluster", () => {
  beforeAll(async () => {
    await testCluster.up(3);
    const devices = { node1: [await testCluster.addDisk(1)], node2: [await testCluster.addDisk(2)], node3: [await testCluster.addDisk(3)] };
    await operator.deploy();
    await createCephCluster({ mons: 3, mgrs: 2, devices });
    await waitForReady();
    await deployToolbox();
    await toolbox(["bash", "-c", "ceph osd pool create things 8 && ceph osd pool application enable things rados"]);
    await put("before");
    await eventually("the budgets are as usual", async () => expect(await budgets()).toEqual(usual));
  });

  afterAll(() => testCluster.down());

  test("a drained node takes its OSD along, its data stays where it is, and the status says so", async () => {
    await timed("kubectl drain node2", () => drain("node2", 120));

    await timed("until the budgets protect the others", () =>
      eventually("the other nodes are protected", async () => expect(await budgets()).toEqual(drainedNode2)),
    );
    await timed("until noout is set", () =>
      eventually("noout is set on node2", async () => expect(await flags()).toEqual({ node2: ["noout"] })),
    );
    const { timeAdded } =
      (await getObject<Node>(namespace, "node", "node2")).spec?.taints?.find((taint) => taint.key.endsWith("unschedulable")) ?? {};
    expect(timeAdded).toMatch(/Z$/);
    await eventually("the status explains it", async () => {
      const { status } = await readCephCluster();
      expect(status?.conditions?.find((c) => c.type === "Ready")).toMatchObject({ status: "False", reason: "NodeDrained" });
      expect(status?.message).toMatch(
        /^node2 is cordoned: osd\.\d is down since \d\d:\d\d:\d\dZ, mon\.\w is out of quorum; its data stays where it is \(noout\) until/,
      );
    });
    await put("meanwhile");
  });

  test("a second node has to wait, and keeps its OSD and its mon", async () => {
    const before = (await downOsds()).length;
    await expect(drain("node3", 15)).rejects.toThrow(/Cannot evict pod as it would violate the pod's disruption budget/);
    expect(await downOsds()).toHaveLength(before);
    expect((await readCephCluster()).status?.message).toContain("the OSDs of node3 may be evicted when those of node2 are back");
    await kubectl(["uncordon", "node3"]);
  });

  test("the API server refuses to evict a Pod that two budgets select, which is why none overlap for longer than it takes to change them", async () => {
    const budget = (name: string): PodDisruptionBudget => ({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name, namespace },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: "rook-ceph-tools" } } },
    });
    await applyObjects(budget("one"), budget("two"));
    const pod = await eventually("the toolbox runs", async () => {
      const found = (await listObjects<Pod>(namespace, "pods", "app=rook-ceph-tools")).find(({ status }) => status?.phase === "Running");
      if (found === undefined) throw new Error("no Pod of it does");
      return found.metadata.name ?? "";
    });
    const eviction = JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace } });
    await expect(
      kubectl(["create", "--raw", `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`, "-f", "-"], { input: eviction }),
    ).rejects.toThrow("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support");
    await kubectl(["delete", "pdb", "-n", namespace, "one", "two"]);
  });

  test("when it is back all is as before", async () => {
    await kubectl(["uncordon", "node2"]);
    await timed("from uncordon until Ready", () => waitForReady(120));
    await timed("then until budgets and flags are as before", () =>
      eventually(
        "budgets and flags are as before",
        async () => {
          expect(await flags()).toEqual({});
          expect(await budgets()).toEqual(usual);
        },
        { seconds: 120 },
      ),
    );
    await expectHealthyCeph({ mons: 3, mgrs: 2, osds: 3 });
    await put("after");
  });
});

/** As a user drains. */
async function drain(node: string, seconds: number): Promise<void> {
  await kubectl(["drain", node, "--ignore-daemonsets", "--delete-emptydir-data", `--timeout=${seconds}s`], { seconds: seconds + 15 });
}

/** Every budget of the cluster, with how many Pods it lets be away. */
async function budgets(): Promise<string[]> {
  const found = await listObjects<PodDisruptionBudget>(namespace, "pdb");
  return found.map(({ metadata, spec }) => `${metadata.name ?? ""} ${spec?.maxUnavailable ?? "?"}`).sort();
}

async function flags(): Promise<OsdDump["crush_node_flags"]> {
  return (await ceph<OsdDump>("osd", "dump")).crush_node_flags;
}

async function downOsds(): Promise<OsdDump["osds"]> {
  return (await ceph<OsdDump>("osd", "dump")).osds.filter((osd) => osd.up === 0);
}

/** Writes an object, and reads it back. */
async function put(name: string): Promise<void> {
  await eventually(`${name} is written`, async () => {
    expect(await toolbox(["bash", "-c", `echo ${name} | rados -p things put ${name} - && rados -p things get ${name} -`])).toBe(
      `${name}\n`,
    );
  });
}

/** Tells how long something took. */
async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const result = await act();
  process.stdout.write(`    ${what}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
  return result;
}
