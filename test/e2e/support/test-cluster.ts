import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

/** The repository. */
export const top = fileURLToPath(new URL("../../..", import.meta.url));

const state = process.env["CLUSTER_STATE"] ?? "/var/tmp/testcluster";
const script = join(top, "test/cluster/cluster");

/** The real Kubernetes of `test/cluster`, on this machine: one at a time. */
export const testCluster = {
  /** Where it keeps what it makes. */
  state,
  /** Of its admin. */
  kubeconfig: join(state, "admin.kubeconfig"),
  /** Every Kubernetes binary in one; `hyperkube kubectl …`. */
  hyperkube: join(state, "bin/hyperkube"),
  /** One JSON line for each request that the API server answered. */
  auditLog: join(state, "log/audit.log"),
  /** The operator's image, as `test/cluster/operator-image` makes it. */
  operatorImage: join(state, "operator.tar"),
  /** The file system of the Ceph image. */
  cephRoot: join(state, "roots/ceph-sid"),

  /** Starts it with this many nodes, `node1` and so on, all Ready and without a disk; one that is up already is ended first. */
  async up(nodes: number): Promise<void> {
    await testCluster.down();
    await run(script, ["up", String(nodes)], { seconds: 300 });
  },

  /** Ends it and removes all that it had. */
  async down(): Promise<void> {
    await run(script, ["down", "--purge"]);
  },

  /** A new empty disk on a node. Gives its name there, such as `/dev/loop3`. */
  async addDisk(node: number, size = "8G"): Promise<string> {
    return (await run(script, ["disk", String(node), size])).trim();
  },

  /** Runs a command as that node sees the machine; gives its standard output. */
  exec(node: number, ...command: string[]): Promise<string> {
    return run(script, ["exec", String(node), ...command]);
  },

  /** Kills all processes of a container of a node, which hear nothing of it before. */
  async killContainer(node: number, id: string): Promise<void> {
    const socket = join(state, `node${node}/containerd.sock`);
    await testCluster.exec(node, "ctr", "--address", socket, "--namespace", "k8s.io", "task", "kill", "--all", "--signal", "SIGKILL", id);
  },

  /** Gives every node the images of a tar. */
  async loadImage(tar: string): Promise<void> {
    await run(script, ["load", tar]);
  },

  /** A Ceph image that the nodes have: the newest, or that of another of Debian's suites. */
  async cephImage(suite: "sid" | "trixie" = "sid"): Promise<string> {
    return (await readFile(join(state, `images/ceph-${suite}.name`), "utf8")).trim();
  },
};
