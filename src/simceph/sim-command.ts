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

/** The version of the mons, which answer. */
export function monVersion({ state, version }: SimCall): string {
  return state.mons[0]?.version ?? version;
}

/** A text argument that the command must have. */
export function text(call: SimCall, name: string): string {
  const value = call.command[name];
  if (value === undefined || typeof value === "object") throw refuse(call, "EINVAL", `bad or missing field '${name}'`);
  return String(value);
}

/** A list argument that the command must have. */
export function list(call: SimCall, name: string): string[] {
  const value = call.command[name];
  if (typeof value !== "object") throw refuse(call, "EINVAL", `bad or missing field '${name}'`);
  return [...value];
}

/** A text argument that says yes or no. */
export function flagValue(call: SimCall, name: string): boolean {
  const value = text(call, name);
  if (!/^(true|yes|1|false|no|0)$/.test(value)) throw refuse(call, "EINVAL", `value must be false|no|0 or true|yes|1, and is '${value}'`);
  return /^(true|yes|1)$/.test(value);
}

/** A whole number in a text. */
export function wholeNumber(call: SimCall, value: string): number {
  if (!/^-?\d+$/.test(value.trim()))
    throw refuse(call, "EINVAL", `error parsing integer value '${value}': Expected option value to be integer, got '${value}'`);
  return Number(value);
}
