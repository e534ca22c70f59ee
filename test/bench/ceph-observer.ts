import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Secret, Service } from "../../src/kube/kinds.ts";
import { eventually } from "../e2e/support/eventually.ts";
import { getObject, listObjects } from "../e2e/support/kubectl.ts";
import { namespace } from "../e2e/support/operator.ts";
import { testCluster } from "../e2e/support/test-cluster.ts";

/** What Ceph had reached at a time (milliseconds since 1970). */
export interface CephMoment {
  readonly time: number;
  readonly quorum: number;
  readonly mgr: boolean;
  readonly osdsUp: number;
  readonly osdsIn: number;
  readonly pgs: number;
  readonly clean: number;
  readonly health: string;
}

/**
 * Watches a Ceph cluster come up, as a client of its own in node1's network: cheaper than `ceph status` in a pod, so that looking
 * does not slow down what is looked at.
 */
export class CephObserver {
  private readonly child: ChildProcess;
  private readonly moments: CephMoment[] = [];

  private constructor(child: ChildProcess) {
    this.child = child;
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on("line", (line) => this.moments.push(JSON.parse(line) as CephMoment));
  }

  /** Waits for the Services of this many mons and the admin's key, then goes on looking until `stop`. */
  static async start(mons: number): Promise<CephObserver> {
    const { addresses, key } = await eventually("the mons' addresses and the admin's key are there", () => identity(mons), {
      seconds: 120,
      everyMs: 100,
    });
    const monHost = addresses.map((address) => `[v2:${address}:3300,v1:${address}:6789]`).join(",");
    const script = await readFile(fileURLToPath(new URL("observe.py", import.meta.url)), "utf8");
    const inNode = ["--net=/run/netns/tc-node1", "chroot", testCluster.cephRoot, "python3", "-c", script, monHost, key];
    return new CephObserver(spawn("nsenter", inNode, { stdio: ["ignore", "pipe", "inherit"] }));
  }

  /** When this was first so; waits for it. Rejects after 5 minutes. */
  first(what: string, reached: (moment: CephMoment) => boolean): Promise<number> {
    return eventually(
      what,
      async () => {
        const moment = this.moments.find(reached);
        if (moment === undefined) throw new Error(JSON.stringify(this.moments.at(-1) ?? "Ceph does not answer"));
        return moment.time;
      },
      { seconds: 300, everyMs: 50 },
    );
  }

  stop(): void {
    this.child.kill("SIGKILL");
  }
}

async function identity(mons: number): Promise<{ addresses: string[]; key: string }> {
  const services = await listObjects<Service>(namespace, "services", "app=rook-ceph-mon");
  const addresses = services.map((service) => service.spec?.clusterIP ?? "").filter((address) => address !== "");
  if (addresses.length !== mons) throw new Error(`${addresses.length} mons have a Service`);
  const secret = await getObject<Secret>(namespace, "secret", "rook-ceph-mon");
  return { addresses, key: Buffer.from(secret.data?.["ceph-secret"] ?? "", "base64").toString() };
}
