import type { Clock } from "../../kube/clock.ts";
import type { KubeReader } from "../../kube/kube.ts";
import { type CephAnswer, connectError, decodeAnswer, encodeCommand } from "../answer.ts";
import type { CephCommand, CephCommandOptions, CephConnector, CephIdentity } from "../ceph.ts";
import { CephError } from "../ceph-error.ts";
import { type CachedConnection, createConnectionCache } from "../connection-cache.ts";
import { defaultTimeoutMs, withinLimits } from "../limits.ts";
import { parseTarget } from "../target.ts";
import { runningMonPods } from "./mon-pods.ts";
import type { PodExec } from "./pod-exec.ts";
import script from "./run-command.py";

export interface ExecConnectorOptions {
  readonly exec: PodExec;
  readonly kube: KubeReader;
  readonly clock: Clock;
}

/**
 * Clusters through commands run in the Pods of their mons, for an operator that does not reach the mons' addresses, such as one on a
 * laptop. Each command starts a Python there (a fifth of a second), which says the same to Ceph as the librados transport does.
 * The key goes through standard input, so no list of processes shows it.
 */
export function createExecConnector(options: ExecConnectorOptions): CephConnector {
  return createConnectionCache((identity) => connect(options, identity));
}

/** What the script prints. */
type ScriptAnswer = CephAnswer & { readonly connected: boolean };

function connect({ exec, kube, clock }: ExecConnectorOptions, identity: CephIdentity): CachedConnection {
  const closing = new AbortController();
  /** How many Pods have failed us: the next try goes to another one. */
  let failures = 0;

  const send = async (command: CephCommand, options: CephCommandOptions, givenUp: AbortSignal): Promise<unknown> => {
    const pods = await runningMonPods(kube, identity.namespace);
    const pod = pods[failures % Math.max(pods.length, 1)];
    if (pod === undefined) throw new CephError("unreachable", command.prefix, `no mon Pod is running in namespace ${identity.namespace}`);
    try {
      const target = {
        namespace: identity.namespace,
        pod,
        container: "mon",
        command: ["python3", "-c", script],
        stdin: request(identity, command, options),
      };
      const answer = readAnswer(command, pod, await exec(target, { signal: givenUp }));
      if (!answer.connected) throw connectError(command.prefix, answer.ret, answer.outs);
      return decodeAnswer(command, answer);
    } catch (error) {
      if (error instanceof CephError && !error.unanswered) throw error;
      failures++;
      if (error instanceof CephError) throw error;
      throw new CephError("unreachable", command.prefix, `cannot run a command in Pod ${pod}`, { cause: error });
    }
  };

  return {
    get closed() {
      return closing.signal.aborted;
    },
    command: async <T>(command: CephCommand, options: CephCommandOptions = {}) => {
      const limits = { ...options, closing: closing.signal };
      return (await withinLimits(clock, command.prefix, limits, (givenUp) => send(command, options, givenUp))) as T;
    },
    close: () => {
      closing.abort(new Error("the connection is closed"));
      return Promise.resolve();
    },
  };
}

function request(identity: CephIdentity, command: CephCommand, options: CephCommandOptions): string {
  return JSON.stringify({
    user: identity.user,
    key: identity.key,
    monHost: identity.monHost,
    command: encodeCommand(command),
    input: options.input ?? "",
    target: parseTarget(options.target),
    timeoutSeconds: Math.max(1, Math.ceil((options.timeoutMs ?? defaultTimeoutMs) / 1000)),
  });
}

function readAnswer(command: CephCommand, pod: string, result: { stdout: string; stderr: string; exitCode: number }): ScriptAnswer {
  const line = result.stdout.trim().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(line) as ScriptAnswer;
  } catch (cause) {
    const why = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new CephError(
      "unreachable",
      command.prefix,
      `Pod ${pod} gave no answer (exit code ${result.exitCode})${why === "" ? "" : `: ${why}`}`,
      {
        cause,
      },
    );
  }
}
