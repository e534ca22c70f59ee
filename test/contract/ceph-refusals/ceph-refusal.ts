import type { CephCommand } from "../../../src/ceph/ceph.ts";
import type { CephErrno } from "../../../src/ceph/ceph-error.ts";

/** The versions of Ceph that are asked. */
export type AskedVersion = "20.2.4" | "18.2.7";

/** What Ceph says to a command: the name of its error, or that it takes it. */
export type Verdict = CephErrno | "taken";

/** One command as it goes over the wire, unchecked by the `ceph` program. */
export interface CephCall {
  readonly command: CephCommand;
  readonly input?: string;
  /** The mons unless set. */
  readonly target?: "mgr";
}

/** A command, mostly a bad one, and what Ceph says to it: the same in the simulation and in real Ceph. */
export interface CephRefusal {
  readonly name: string;
  readonly call: CephCall;
  /** Of 20.2.4, and of 18.2.7 where that differs. */
  readonly says: Verdict;
  readonly saysOld?: Verdict;
  /** What the refusal names: a field, an argument, a value. */
  readonly names?: string;
  /** Commands that have to be taken before it. */
  readonly before?: readonly CephCall[];
  /** Commands that take away what it may have made; whatever Ceph says to them. */
  readonly after?: readonly CephCall[];
  /** Only of this version: the other has no such command. */
  readonly only?: AskedVersion;
}

/** A command to the mons. */
export function mon(prefix: string, more: Omit<CephCommand, "prefix"> = {}, input?: string): CephCall {
  return { command: { prefix, ...more }, ...(input === undefined ? {} : { input }) };
}

/** A command to the active mgr. */
export function mgr(prefix: string, more: Omit<CephCommand, "prefix"> = {}, input?: string): CephCall {
  return { ...mon(prefix, more, input), target: "mgr" };
}
