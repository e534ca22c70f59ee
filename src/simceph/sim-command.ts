import type { CephCommand } from "../ceph/ceph.ts";
import { type CephErrno, CephError } from "../ceph/ceph-error.ts";
import type { SimState } from "./sim-state.ts";

/** What a command's handler works with. */
export interface SimCall {
  readonly state: SimState;
  readonly command: CephCommand;
  readonly input: string;
  readonly now: number;
  readonly random: (n: number) => Uint8Array;
  /** Version of a daemon whose own is not known. */
  readonly version: string;
}

/** Answers a command: what goes out as JSON, or text as it is; throws `CephError` where Ceph refuses. */
export type SimHandler = (call: SimCall) => unknown;

/** Handlers by the command's words. */
export type SimHandlers = Readonly<Record<string, SimHandler>>;

/** Refuses a command as Ceph would. */
export function refuse(call: SimCall, errno: CephErrno, message: string): CephError {
  return new CephError(errno, call.command.prefix, message);
}

/** A text argument that the command must have. */
export function text(call: SimCall, name: string): string {
  const value = call.command[name];
  if (value === undefined || typeof value === "object") throw refuse(call, "EINVAL", `missing required parameter ${name}`);
  return String(value);
}

/** A list argument that the command must have. */
export function list(call: SimCall, name: string): string[] {
  const value = call.command[name];
  if (typeof value !== "object") throw refuse(call, "EINVAL", `missing required parameter ${name}`);
  return [...value];
}
