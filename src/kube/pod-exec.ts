import { PassThrough } from "node:stream";
import type { V1Status } from "@kubernetes/client-node";
import type { ClusterCredentials } from "./cluster-credentials.ts";
import { KubeError } from "./kube-error.ts";

/** A command for a container, with all of its standard input. */
export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin?: string;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * Runs commands in containers, as `kubectl exec` does. client-node is loaded with the first one.
 *
 * @throws KubeError `unreachable` where the command could not be run or its end was not seen, `aborted` by the signal
 * @example
 * const exec = createPodExec(credentials);
 * const target = { namespace: "default", pod: "web", container: "web", command: ["date"] };
 * const { stdout, exitCode } = await exec(target, { signal });
 */
export function createPodExec(
  credentials: ClusterCredentials,
): (target: ExecTarget, options: { readonly signal?: AbortSignal }) => Promise<ExecResult> {
  return async (target, { signal }) => {
    const { Exec } = await import("@kubernetes/client-node");
    const exec = new Exec(await credentials.kubeConfig());
    const out = collect();
    const err = collect();
    const input = new PassThrough();
    const what = `exec in Pod ${target.namespace}/${target.pod}`;
    return await new Promise<ExecResult>((resolve, reject) => {
      const fail = (message: string, cause?: unknown) =>
        reject(new KubeError("unreachable", `${what}: ${message}`, cause === undefined ? {} : { cause }));
      let close = () => {};
      const onAbort = () => {
        close();
        reject(new KubeError("aborted", `${what} was given up`, { cause: signal?.reason }));
      };
      if (signal?.aborted === true) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      exec
        .exec(
          target.namespace,
          target.pod,
          target.container,
          [...target.command],
          out.stream,
          err.stream,
          target.stdin === undefined ? null : input,
          false,
          (status: V1Status) => {
            signal?.removeEventListener("abort", onAbort);
            resolve({ stdout: out.text(), stderr: err.text(), exitCode: exitCodeOf(status) });
          },
        )
        .then((socket) => {
          close = () => socket.close();
          socket.on("error", (error: unknown) => fail("the connection failed", error));
          socket.on("close", () => fail("the connection ended before the command did"));
          if (signal?.aborted === true) close();
          if (target.stdin !== undefined) input.end(target.stdin);
        })
        .catch((error: unknown) => fail("it could not be started", error));
    });
  };
}

function collect(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}

/** The command's exit code as the API server wraps it up. */
function exitCodeOf(status: V1Status): number {
  if (status.status === "Success") return 0;
  const code = status.details?.causes?.find((cause) => cause.reason === "ExitCode")?.message;
  return code === undefined ? 1 : Number(code);
}
