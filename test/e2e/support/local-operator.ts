import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { testCluster, top } from "./test-cluster.ts";

/** An operator that runs on this machine, by `make run`, with the cluster's admin's rights. */
export class LocalOperator {
  private readonly child: ChildProcess;
  private output = "";

  private constructor(child: ChildProcess) {
    this.child = child;
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-100_000);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
  }

  static start(): LocalOperator {
    // a process group of its own, so that all of it can be ended
    const child = spawn("make", ["run", `KUBECONFIG=${testCluster.kubeconfig}`], {
      cwd: top,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new LocalOperator(child);
  }

  /** The end of what it has written. */
  get log(): string {
    return this.output;
  }

  /** Asks it to end, as Ctrl-C does, and waits until it has. Does nothing where it has ended already. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined) return;
    const ended = once(this.child, "close");
    process.kill(-this.child.pid, "SIGINT");
    await ended;
  }
}
