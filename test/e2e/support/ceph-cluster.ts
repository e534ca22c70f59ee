import { fileURLToPath } from "node:url";
import type { KubeObject } from "../../../src/kube/object.ts";
import { applyObjects, execInPod, execInPodBytes, getObject, kubectl } from "./kubectl.ts";
import { namespace } from "./operator.ts";
import type { RunOptions } from "./run.ts";
import { testCluster } from "./test-cluster.ts";

/** The CephCluster of the tests, as read back; only what they look at. */
export interface CephClusterObject extends KubeObject {
  spec: Record<string, unknown>;
  status?: {
    phase?: string;
    message?: string;
    observedGeneration?: number;
    conditions?: { type: string; status: string; reason: string; message: string }[];
    ceph?: { health?: string; fsid?: string };
    [field: string]: unknown;
  };
}

export interface CephClusterShape {
  readonly mons: number;
  readonly mgrs: number;
  /** What each node gives: `{node1: ["/dev/loop0"]}`. */
  readonly devices: Readonly<Record<string, readonly string[]>>;
  /** Added to `cephConfig.global`. */
  readonly config?: Readonly<Record<string, string>>;
}

export const clusterName = "rook-ceph";

/** What `ceph status` says, as far as it is looked at. */
export interface CephStatus {
  fsid: string;
  health: { status: string; checks: Record<string, { summary: { message: string } }> };
  quorum_names: string[];
  monmap: { num_mons: number };
  osdmap: { num_osds: number; num_up_osds: number; num_in_osds: number };
  mgrmap: { available: boolean; num_standbys: number };
  pgmap: { num_pgs: number; pgs_by_state: { state_name: string; count: number }[] };
}

/** The CephCluster that a test creates. What `cephConfig` has of itself is about this machine: its full disk and its little memory. */
export async function cephCluster(shape: CephClusterShape): Promise<KubeObject & { spec: Record<string, unknown> }> {
  return {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephCluster",
    metadata: { name: clusterName, namespace },
    spec: {
      cephVersion: { image: await testCluster.cephImage() },
      dataDirHostPath: "/var/lib/rook",
      mon: { count: shape.mons, allowMultiplePerNode: false },
      mgr: { count: shape.mgrs, allowMultiplePerNode: false },
      dashboard: { enabled: true, ssl: true },
      disruptionManagement: { managePodBudgets: true },
      cephConfig: {
        // Debian's build of the mgr reports a crash of each of its modules as it loads them
        mgr: { "mgr/crash/warn_recent_interval": "0" },
        global: { mon_data_avail_warn: "1", osd_memory_target: "1073741824", ...shape.config },
      },
      storage: {
        useAllNodes: false,
        useAllDevices: false,
        nodes: Object.entries(shape.devices).map(([name, devices]) => ({ name, devices: devices.map((device) => ({ name: device })) })),
      },
    },
  };
}

/** Creates the CephCluster. */
export async function createCephCluster(shape: CephClusterShape): Promise<void> {
  await applyObjects(await cephCluster(shape));
}

/** As it is now. */
export function readCephCluster(): Promise<CephClusterObject> {
  return getObject<CephClusterObject>(namespace, "cephcluster", clusterName);
}

/** `kubectl wait` for its Ready condition. Rejects with what its status says where it does not become Ready. */
export async function waitForReady(seconds = 180): Promise<void> {
  try {
    await kubectl(["wait", "-n", namespace, "--for=condition=Ready", `--timeout=${seconds}s`, `cephcluster/${clusterName}`], {
      seconds: seconds + 10,
    });
  } catch (error) {
    const { status } = await readCephCluster();
    throw new Error(`not Ready after ${seconds} s: ${status?.message ?? "its status says nothing"}`, { cause: error });
  }
}

/** Deploys the toolbox, as a user would, and waits until it is ready. */
export async function deployToolbox(): Promise<void> {
  await kubectl(["apply", "--server-side", "-f", fileURLToPath(new URL("../../../manifests/toolbox.yaml", import.meta.url))]);
  await kubectl(["rollout", "status", "-n", namespace, "deploy/rook-ceph-tools", "--timeout=60s"]);
}

/** Runs a command in the toolbox. */
export function toolbox(command: readonly string[], options: RunOptions = {}): Promise<string> {
  return execInPod(namespace, "deploy/rook-ceph-tools", command, options);
}

/** As `toolbox`, with the bytes as they came. */
export function toolboxBytes(command: readonly string[], options: RunOptions = {}): Promise<Buffer> {
  return execInPodBytes(namespace, "deploy/rook-ceph-tools", command, options);
}

/** A `ceph` command's JSON, by way of the toolbox. */
export async function ceph<T>(...command: string[]): Promise<T> {
  return JSON.parse(await toolbox(["ceph", "--connect-timeout=10", ...command, "--format=json"])) as T;
}
