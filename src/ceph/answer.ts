import type { CephCommand } from "./ceph.ts";
import { CephError, errnoName } from "./ceph-error.ts";

/** What Ceph answers to a command, whatever the transport. */
export interface CephAnswer {
  /** 0 or more: done; below 0: the errno, negated. */
  readonly ret: number;
  /** The answer itself. */
  readonly out: string;
  /** Words for people: why it failed, or what was done. */
  readonly outs: string;
}

const ETIMEDOUT = 110;

/** The command as Ceph takes it: JSON, with `format: "json"` unless the command names a format. */
export function encodeCommand(command: CephCommand): string {
  return JSON.stringify({ format: "json", ...command });
}

/**
 * What a command resolves to: the JSON where it asked for JSON and got some, else the text. Throws `CephError` where Ceph refused, and `EIO` where the JSON is cut short.
 *
 * A few commands answer with the caller's own text (`config-key get`): ask them with another format, such as `plain`, to get it as it is.
 */
export function decodeAnswer(command: CephCommand, answer: CephAnswer): unknown {
  if (answer.ret < 0) throw commandError(command.prefix, answer);
  const text = answer.out.trim();
  if ((command["format"] ?? "json") !== "json" || text === "") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // words are an answer too; JSON that was cut short is none
    if (/^[[{]/.test(text)) throw new CephError("EIO", command.prefix, "the answer is cut short");
    return text;
  }
}

function commandError(prefix: string, { ret, out, outs }: CephAnswer): CephError {
  if (-ret === ETIMEDOUT) return new CephError("timedOut", prefix, outs || "the cluster did not answer in time");
  return new CephError(errnoName(-ret), prefix, outs || `refused with errno ${-ret}`, { answer: jsonOf(out) });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Why a connection could not be made. Being refused by name or key stays what it is; everything else is a cluster that is not there. */
export function connectError(prefix: string, ret: number, detail = ""): CephError {
  const why = detail === "" ? "" : `: ${detail}`;
  if (-ret === ETIMEDOUT) return new CephError("timedOut", prefix, `no mon let us in in time${why}`);
  const name = errnoName(-ret);
  if (name === "EACCES" || name === "EPERM") return new CephError(name, prefix, `the mons refuse the operator's user or key${why}`);
  if (name === "EINVAL") return new CephError(name, prefix, `mon_host, user or key is not of a form that librados understands${why}`);
  return new CephError("unreachable", prefix, `no connection to the mons (errno ${-ret})${why}`);
}
