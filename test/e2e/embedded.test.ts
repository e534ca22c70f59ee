import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { Demo } from "./support/demo.ts";
import { eventually } from "./support/eventually.ts";

describe("the embedded cluster, with kubectl", () => {
  let demo: Demo;

  beforeAll(async () => {
    demo = Demo.start();
    await demo.until("Upgraded to quay.io/ceph/ceph:v20.2.4");
  });
  afterAll(() => demo.interrupt());

  test("has shown an upgrade that a Pod was deleted in the middle of", () => {
    const told = demo.printed.split("\n").filter((line) => /^ *\d+\.\ds +(user|cluster) /.test(line));
    const at = (pattern: RegExp) => told.findIndex((line) => pattern.test(line));
    const [ready, patched, deleted] = [at(/Ready after/), at(/kubectl patch cephcluster/), at(/kubectl delete pod rook-ceph-osd-/)];
    expect([ready, patched, deleted, at(/Upgraded to/)]).toEqual([ready, patched, deleted, told.length - 1].sort((a, b) => a - b));
    expect(ready).toBeGreaterThan(0);
  });

  const cluster = async () => JSON.parse(await demo.kubectl(["get", "cephcluster", "rook-ceph", "-o", "json"])) as CephCluster;

  test("get shows the columns that users know", async () => {
    const [head = "", row = ""] = (await demo.kubectl(["get", "cephcluster"])).split("\n");
    expect(head.split(/\s+/)).toEqual(
      expect.arrayContaining(["NAME", "DATADIRHOSTPATH", "MONCOUNT", "AGE", "PHASE", "MESSAGE", "HEALTH", "FSID", "READY"]),
    );
    expect(row).toMatch(/^rook-ceph +\/var\/lib\/rook +3 +\d+\w+ +Ready +Cluster created successfully +HEALTH_OK /);
    expect(await demo.kubectl(["get", "pods", "-l", "mon=a", "-o", "wide"])).toMatch(/1\/1 +Running +0 +\d+s +10\.244\.\S+ +node1/);
    expect(await demo.kubectl(["get", "nodes"])).toMatch(/node3 +Ready/);
  });

  test("describe tells spec, conditions and events", async () => {
    const told = await demo.kubectl(["describe", "cephcluster", "rook-ceph"]);
    expect(told).toMatch(/Conditions:[\s\S]*Reason: +ClusterCreated/);
    expect(told).toMatch(/Normal +ReconcileSucceeded/);
  });

  test("apply makes and changes, of built-in kinds and of CephClusters", async () => {
    const deployment = (value: string) =>
      JSON.stringify({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: {
          replicas: 2,
          selector: { matchLabels: { app: "web" } },
          template: {
            metadata: { labels: { app: "web" } },
            spec: { containers: [{ name: "c", image: "i", env: [{ name: "A", value }] }] },
          },
        },
      });
    expect(await demo.kubectl(["apply", "-f", "-"], { input: deployment("1") })).toBe("deployment.apps/web created\n");
    expect(await demo.kubectl(["apply", "-f", "-"], { input: deployment("2") })).toBe("deployment.apps/web configured\n");
    await demo.kubectl(["rollout", "status", "deployment/web", "--timeout=20s"]);
    await eventually("only new Pods are left", async () => {
      const values = ["get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].spec.containers[0].env[0].value}"];
      expect(await demo.kubectl(values)).toBe("2 2");
    });
    await demo.kubectl(["scale", "deployment/web", "--replicas=1"]);
    expect(await demo.kubectl(["get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"])).toBe("1");

    const { metadata, spec } = await cluster();
    const asked = {
      apiVersion: "ceph.rook.io/v1",
      kind: "CephCluster",
      metadata: { name: metadata.name },
      spec: { ...spec, skipUpgradeChecks: true },
    };
    expect(await demo.kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], { input: JSON.stringify(asked) })).toBe(
      "cephcluster.ceph.rook.io/rook-ceph serverside-applied\n",
    );
    expect((await cluster()).spec).toMatchObject({ skipUpgradeChecks: true });
  });

  test("what the schema forbids is refused with field, value and limit; what it does not know is warned of", async () => {
    const patch = (spec: object) => demo.kubectl(["patch", "cephcluster", "rook-ceph", "--type=merge", "-p", JSON.stringify({ spec })]);
    await expect(patch({ mon: { count: 77 } })).rejects.toThrow("spec.mon.count: Invalid value: 77");
    await patch({ mon: { cunt: 7 } });
    expect((await cluster()).spec?.mon).toEqual({ count: 3 });
  });

  test("delete, watch and wait: a mon's Pod comes back", async () => {
    const watching = demo
      .kubectl(["get", "pods", "-l", "mon=b", "--watch", "--output-watch-events", "--request-timeout=8s"], { seconds: 20 })
      .catch((error: unknown) => String(error));
    const before = await demo.kubectl(["get", "pods", "-l", "mon=b", "-o", "name"]);
    await demo.kubectl(["delete", "pod", "-l", "mon=b", "--timeout=20s"]);
    await demo.kubectl(["wait", "--for=condition=Ready", "pod", "-l", "mon=b", "--timeout=20s"]);
    expect(await demo.kubectl(["get", "pods", "-l", "mon=b", "-o", "name"])).not.toBe(before);
    expect(await watching).toMatch(/ADDED[\s\S]*DELETED/);
    await demo.kubectl(["wait", "--for=condition=Ready", "cephcluster/rook-ceph", "--timeout=30s"]);
  });

  test("what the operator made and is deleted comes back", async () => {
    await demo.kubectl(["delete", "deployment", "rook-ceph-mgr-a", "--timeout=20s"]);
    await eventually("the mgr's Deployment is back", () =>
      demo.kubectl(["rollout", "status", "deployment/rook-ceph-mgr-a", "--timeout=10s"]),
    );
  });

  test("drain takes one node at a time, and the status explains it", async () => {
    const drain = (node: string, seconds: number) =>
      demo.kubectl(["drain", node, "--ignore-daemonsets", "--delete-emptydir-data", `--timeout=${seconds}s`], { seconds: seconds + 10 });
    const budgets = () => demo.kubectl(["get", "pdb", "-o", "name"]);
    await drain("node2", 40);
    await eventually("the others are protected, and the status says why", async () => {
      expect((await budgets()).match(/osd.*/g)).toEqual(["osd-host-node1", "osd-host-node3"]);
      expect((await cluster()).status?.message).toMatch(/^node2 is cordoned: osd\.\d and osd\.\d are down since .*\(noout\) until/);
    });
    await expect(drain("node3", 8)).rejects.toThrow("Cannot evict pod as it would violate the pod's disruption budget");
    await demo.kubectl(["uncordon", "node2", "node3"]);
    await demo.kubectl(["wait", "--for=condition=Ready", "cephcluster/rook-ceph", "--timeout=60s"]);
    await eventually("the budgets are as usual", async () => expect((await budgets()).match(/osd.*/g)).toEqual(["osd"]));
  });

  test("a disk that is pulled takes its OSD down, and the status names it", async () => {
    await demo.kubectl(["annotate", "node", "node2", "--overwrite", "sim.jackdaw.dev/disks=sdb"]);
    await eventually("the status names the OSD", async () => {
      expect((await cluster()).status?.message).toMatch(
        /Starting OSDs: 5 of 6 up; osd\.\d on node2 keeps ending since \S+Z: exit code 1: no device of this node has the OSD/,
      );
    });
  });

  test("logs say that there are none, exec that it is not possible", async () => {
    expect(await demo.kubectl(["logs", "deployment/rook-ceph-mon-a"])).toContain("This Pod is simulated");
    await expect(demo.kubectl(["exec", "deploy/rook-ceph-mon-a", "--", "ls"])).rejects.toThrow("run no processes");
  });

  test("Ctrl-C ends it and leaves nothing behind", async () => {
    expect(existsSync(demo.kubeconfig)).toBe(true);
    await demo.interrupt();
    expect(existsSync(demo.kubeconfig)).toBe(false);
    expect(demo.printed).not.toContain("jackdaw:");
  });
});

describe("make demo for scripts", () => {
  test("--once exits 0 at Ready", async () => {
    const demo = Demo.start("--once --upgrade no");
    expect(await demo.end()).toBe(0);
    expect(demo.printed).toMatch(/Ready after \d+\.\d s, \d+ requests of the operator/);
  });

  test("--once exits otherwise with the reason where it is not Ready in time", async () => {
    const demo = Demo.start("--once --timeout 2");
    expect(await demo.end()).not.toBe(0);
    expect(demo.printed).toMatch(/Not Ready after 2 s: \S+/);
  });
});
