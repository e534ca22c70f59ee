import { spawn } from "node:child_process";

export interface RunOptions {
  /** What the command reads on standard input; nothing where absent. */
  readonly input?: string | Buffer;
  /** Seconds until it is killed and the promise rejects; 120 unless set. */
  readonly seconds?: number;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end and gives what it wrote to standard output. Rejects with the command and its standard error where it fails. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return (await runBytes(command, args, options)).toString();
}

/** As `run`, with the bytes as they came. */
export function runBytes(command: string, args: readonly string[], options: RunOptions = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...options.env }, stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const seconds = options.seconds ?? 120;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, seconds * 1000);
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0) return resolve(Buffer.concat(out));
      const how = late ? `is not done after ${seconds} s` : `ended with ${code}`;
      const said = Buffer.concat(err.length > 0 ? err : out)
        .toString()
        .trim();
      reject(new Error(`${[command, ...args].join(" ")} ${how}: ${said}`));
    });
    child.stdin.on("error", () => {}); // a command that ends without reading its input says so by its exit status
    child.stdin.end(options.input);
  });
}
