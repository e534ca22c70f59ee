import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { eventually } from "./eventually.ts";
import { type RunOptions, run } from "./run.ts";
import { testCluster, top } from "./test-cluster.ts";

/** `make demo`, as a user runs it, with what it printed. */
export class Demo {
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private output = "";

  private constructor(child: ChildProcess) {
    this.child = child;
    this.ended = once(child, "close");
    const keep = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
  }

  static start(args = ""): Demo {
    // a process group of its own, so that all of it can be ended
    return new Demo(spawn("make", ["--silent", "demo", `ARGS=${args}`], { cwd: top, detached: true, stdio: ["ignore", "pipe", "pipe"] }));
  }

  get printed(): string {
    return this.output;
  }

  /** Resolves when it has printed this. */
  async until(text: string): Promise<void> {
    await eventually(`the demo says "${text}"`, () => {
      if (!this.output.includes(text)) return Promise.reject(new Error(this.output.slice(-2000)));
      return Promise.resolve();
    });
  }

  get kubeconfig(): string {
    return /export KUBECONFIG=(\S+)/.exec(this.output)?.[1] ?? "";
  }

  /** `kubectl` against its cluster; gives what it printed. */
  kubectl(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return run(testCluster.hyperkube, ["kubectl", ...args], { ...options, env: { KUBECONFIG: this.kubeconfig } });
  }

  /** Waits for its end; its exit status. */
  async end(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }

  /** Ctrl-C, and waits until all of it has ended. Does nothing where it has. */
  async interrupt(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined)
      process.kill(-this.child.pid, "SIGINT");
    await this.ended;
  }
}
