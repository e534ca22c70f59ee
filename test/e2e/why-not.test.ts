import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CephBlockPool } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import type { CephClient } from "../../src/kinds/ceph-client/ceph-client.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import type { Condition } from "../../src/runtime/conditions.ts";
import { find, whyNotRows } from "../why-not/table.ts";
import { cephCluster, clusterName, deployToolbox, toolbox, waitForReady } from "./support/ceph-cluster.ts";
import { eventually } from "./support/eventually.ts";
import { applyObjects, getObject, kubectl } from "./support/kubectl.ts";
import { namespace, operator } from "./support/operator.ts";
import { testCluster } from "./support/test-cluster.ts";

const apiVersion = "ceph.rook.io/v1";
const cluster = `cephcluster/${clusterName}`;
const doNotReconcile = "ceph.rook.io/do-not-reconcile";
const rows = whyNotRows();

/** A trouble that one real node can have. */
interface Trouble {
  /** The first cell of its row in docs/why-not.md. */
  readonly cause: string;
  /** Who tells it, as kubectl names it. */
  readonly teller?: string;
  readonly tellersNamespace?: string;
  /** The type of the condition that tells it; Ready where absent. */
  readonly condition?: string;
  /** What the row says of three nodes, as it is with one. */
  readonly ofOneNode?: (message: string) => string;
  /** What the row's placeholders stand for. */
  readonly values?: Readonly<Record<string, string>>;
  plant(): Promise<unknown>;
  /** Absent where it goes with the CephCluster. */
  cure?(): Promise<unknown>;
}

function pool(spec: CephBlockPool["spec"]): CephBlockPool {
  return { apiVersion, kind: "CephBlockPool", metadata: { name: "images", namespace }, spec };
}

const oneCopy: CephBlockPool["spec"] = { failureDomain: "osd", replicated: { size: 1, requireSafeReplicaSize: false } };

/** A pool that cannot be as it is asked for. */
function badPool(cause: string, spec: CephBlockPool["spec"], values: Record<string, string> = {}): Trouble {
  return {
    cause,
    teller: "cephblockpool/images",
    plant: () => applyObjects(pool(spec)),
    cure: () => kubectl(["delete", "-n", namespace, "cephblockpool", "images", "--timeout=60s"], { seconds: 70 }),
    values: { pool: "images", ...values },
  };
}

const client: CephClient = {
  apiVersion,
  kind: "CephClient",
  metadata: { name: "reader", namespace },
  spec: { caps: { mon: "allow r" }, secretName: "rook-ceph-mon" },
};

/** A second CephCluster, made as the first one is. */
async function another(inNamespace: string): Promise<void> {
  const wanted = await cephCluster({ mons: 1, mgrs: 1, devices: {} });
  await applyObjects({ ...wanted, metadata: { name: "another", namespace: inNamespace } });
}

type Told = KubeObject & { status?: { conditions?: readonly Condition[] } };

/** The row's message, as `kubectl get` and `kubectl describe` show it; undefined where they do not, or not yet. */
async function tellingOf({ cause, teller = cluster, tellersNamespace = namespace, condition = "Ready", ofOneNode, values }: Trouble) {
  const row = rows.find((each) => each.cause === cause);
  if (row === undefined) throw new Error(`docs/why-not.md has no row: ${cause}`);
  const [kind = "", name = ""] = teller.split("/");
  const { status } = await getObject<Told>(tellersNamespace, kind, name);
  const told = status?.conditions?.find(({ type }) => type === condition);
  const found = find({ ...row, message: ofOneNode?.(row.message) ?? row.message }, told?.message ?? "");
  if (told === undefined || found === undefined || told.reason !== row.reason)
    return { isTold: false, instead: `${told?.reason}: ${told?.message}` };
  expect(found).toMatchObject(values ?? {});
  expect(await kubectl(["describe", "-n", tellersNamespace, teller])).toContain(told.message);
  expect(await kubectl(["get", "-n", tellersNamespace, teller])).toContain(told.message);
  return { isTold: true };
}

async function expectTold(trouble: Trouble): Promise<void> {
  const began = performance.now();
  await eventually(
    `it is told: ${trouble.cause}`,
    async () => {
      const { isTold, instead } = await tellingOf(trouble);
      if (!isTold) throw new Error(instead);
    },
    { seconds: 60 },
  );
  console.info(`${trouble.cause}: told after ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

const ofOneOsd = (message: string) => message.replace("2 of 3 up", "0 of 1 up").replace("node2", "node1");
const ofOneDomain = (message: string) => message.replace("there are <domains>", "there is <domains>");
const ofOneNode = (message: string) => message.replace("0/3 nodes", "0/1 nodes").replace(": 3 ", ": 1 ");

describe("within a minute kubectl tells what keeps a cluster from being Ready, and what would help", () => {
  let disk: string;

  /** The cluster, with some of its spec otherwise. */
  const want = async (spec: Record<string, unknown> = {}): Promise<void> => {
    const wanted = await cephCluster({ mons: 1, mgrs: 1, devices: { node1: [disk] }, config: { osd_pool_default_size: "1" } });
    await applyObjects({ ...wanted, spec: { ...wanted.spec, ...spec } } as KubeObject);
  };
  const withNode1 = (devices: readonly string[]) => ({
    storage: { useAllNodes: false, useAllDevices: false, nodes: [{ name: "node1", devices: devices.map((name) => ({ name })) }] },
  });

  beforeAll(async () => {
    await testCluster.up(1);
    disk = await testCluster.addDisk(1);
    await operator.deploy();
  });

  afterAll(() => testCluster.down());

  const job = { job: "rook-ceph-detect-version" };
  const early: readonly Trouble[] = [
    {
      cause: "an image that cannot be pulled",
      plant: () => want({ cephVersion: { image: "localhost:1/ceph:v20.2.4" } }),
      values: { ...job, image: "localhost:1/ceph:v20.2.4" },
    },
    {
      cause: "no service account",
      plant: async () => {
        await kubectl(["delete", "serviceaccount", "-n", namespace, "rook-ceph-cmd-reporter"]);
        await want();
      },
      cure: () => operator.prepare(),
      values: { ...job, account: "rook-ceph-cmd-reporter" },
    },
    {
      cause: "a quota that is used up",
      plant: async () => {
        await kubectl(["create", "quota", "-n", namespace, "small", "--hard=pods=1"]);
        await want();
      },
      cure: () => kubectl(["delete", "quota", "-n", namespace, "small"]),
      values: { ...job, quota: "exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1" },
    },
    {
      cause: "a namespace that forbids privileged Pods",
      plant: async () => {
        await kubectl(["label", "namespace", namespace, "--overwrite", "pod-security.kubernetes.io/enforce=restricted"]);
        await want();
      },
      cure: () => kubectl(["label", "namespace", namespace, "--overwrite", "pod-security.kubernetes.io/enforce=privileged"]),
      values: { ...job, level: "restricted:latest" },
    },
    {
      cause: "no priority class",
      plant: () => want({ priorityClassNames: { all: "storage-first" } }),
      values: { ...job, name: "storage-first" },
    },
    {
      cause: "no node has room for a Job's Pod",
      plant: () => want({ resources: { "cmd-reporter": { requests: { memory: "64Ti" } } } }),
      ofOneNode,
      values: { ...job, resource: "memory" },
    },
    {
      cause: "a taint that a Job's Pod does not tolerate",
      plant: async () => {
        await kubectl(["taint", "node", "node1", "dedicated=storage:NoSchedule"]);
        await want();
      },
      cure: () => kubectl(["taint", "node", "node1", "dedicated-"]),
      ofOneNode,
      values: { ...job },
    },
    {
      cause: "a pool's object before Ceph answers",
      teller: "cephblockpool/images",
      plant: async () => {
        await applyObjects(pool(oneCopy));
        await want({ cephVersion: { image: "localhost:1/ceph:v20.2.4" } });
      },
      cure: () => kubectl(["delete", "-n", namespace, "cephblockpool", "images", "--timeout=60s"], { seconds: 70 }),
      values: { namespace },
    },
  ];

  test.each(early.map((trouble) => [trouble.cause, trouble] as const))("before there is a Ceph: %s", async (_cause, trouble) => {
    await trouble.plant();
    try {
      await expectTold(trouble);
    } finally {
      await kubectl(["delete", "-n", namespace, cluster, "--cascade=foreground", "--wait=false"]);
      await trouble.cure?.();
      await kubectl(["wait", "-n", namespace, "--for=delete", "--timeout=60s", cluster], { seconds: 70 });
    }
  });

  test("a pool's object without any CephCluster", async () => {
    const trouble: Trouble = {
      ...badPool("a pool's object, and no CephCluster", oneCopy),
      values: { namespace },
    };
    await trouble.plant();
    await expectTold(trouble);
    await trouble.cure?.();
  });

  test("the cluster becomes Ready when none of these is left", async () => {
    await want();
    await waitForReady();
    await deployToolbox();
  });

  const late: readonly Trouble[] = [
    {
      cause: "not there",
      plant: () => want(withNode1([disk, "/dev/nosuch"])),
      cure: () => want(),
      values: { node: "node1", device: "/dev/nosuch" },
    },
    {
      cause: "an LVM physical volume, or a path of a multipath device",
      plant: async () => {
        const used = await testCluster.addDisk(1, "6G");
        await testCluster.exec(1, "mkswap", used);
        await want(withNode1([disk, used]));
      },
      cure: () => want(),
    },
    {
      cause: "an OSD that is out",
      plant: () => toolbox(["ceph", "osd", "out", "0"]),
      cure: () => toolbox(["ceph", "osd", "in", "0"]),
      ofOneNode: ofOneOsd,
      values: { osd: "osd.0", id: "0" },
    },
    {
      cause: "an older Ceph than the one that runs",
      plant: async () => want({ cephVersion: { image: await testCluster.cephImage("trixie") } }),
      cure: () => want(),
      values: { version: "18.2.7" },
    },
    {
      cause: "a CephCluster that is left alone",
      plant: () => kubectl(["label", "-n", namespace, cluster, `${doNotReconcile}=true`]),
      cure: () => kubectl(["label", "-n", namespace, cluster, `${doNotReconcile}-`]),
    },
    {
      cause: "a second CephCluster in the namespace",
      teller: "cephcluster/another",
      plant: () => another(namespace),
      cure: () => kubectl(["delete", "-n", namespace, "cephcluster", "another"]),
      values: { namespace, name: clusterName },
    },
    {
      cause: "a second CephCluster with the same dataDirHostPath",
      teller: "cephcluster/another",
      tellersNamespace: "default",
      plant: () => another("default"),
      cure: () => kubectl(["delete", "-n", "default", "cephcluster", "another"]),
      values: { path: "/var/lib/rook", name: `${namespace}/${clusterName}`, namespace: "default" },
    },
    {
      cause: "a client's Secret that is somebody else's",
      teller: "cephclient/reader",
      plant: () => applyObjects(client),
      cure: () => kubectl(["delete", "-n", namespace, "cephclient", "reader"]),
      values: { secret: "rook-ceph-mon" },
    },
    badPool("a pool on a device class that no OSD has", { ...oneCopy, deviceClass: "nvme" }, { class: "nvme" }),
    badPool("a pool below a CRUSH root that is not there", { ...oneCopy, crushRoot: "elsewhere" }, { root: "elsewhere" }),
    badPool("a pool over a failure domain that is not there", { replicated: { size: 3 }, failureDomain: "rack" }, { domain: "rack" }),
    {
      ...badPool("more copies than failure domains", { replicated: { size: 3 } }, { copies: "3", domains: "1" }),
      ofOneNode: (message) => ofOneDomain(message).replace("it is not as safe as asked for", "nothing can be written"),
    },
    {
      ...badPool("more chunks than failure domains", { erasureCoded: { dataChunks: 2, codingChunks: 1 } }, { chunks: "3", domains: "1" }),
      ofOneNode: ofOneDomain,
    },
  ];

  test.each(late.map((trouble) => [trouble.cause, trouble] as const))("of a cluster that is Ready: %s", async (_cause, trouble) => {
    await trouble.plant();
    try {
      await expectTold(trouble);
    } finally {
      await trouble.cure?.();
    }
    if (trouble.teller === undefined) await waitForReady(60);
  });

  test("what keeps a cluster from being deleted", async () => {
    const trouble: Trouble = {
      cause: "something in the cluster that is to go",
      condition: "DeletionIsBlocked",
      plant: async () => {
        await applyObjects(pool(oneCopy));
        await kubectl(["delete", "-n", namespace, cluster, "--wait=false"]);
      },
      cure: () => kubectl(["delete", "-n", namespace, "cephblockpool", "images", "--timeout=60s"], { seconds: 70 }),
      values: { kind: "CephBlockPool", names: "images", count: "1" },
    };
    await trouble.plant();
    await expectTold(trouble);
    await trouble.cure?.();
    await kubectl(["wait", "-n", namespace, "--for=delete", "--timeout=60s", cluster], { seconds: 70 });
  });
});
