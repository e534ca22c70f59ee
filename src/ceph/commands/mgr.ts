import type { Ceph, CephCommandOptions } from "../ceph.ts";
import type { AddressVector } from "./mon.ts";

/** `ceph mgr stat`. */
export interface MgrStat {
  readonly epoch: number;
  readonly available: boolean;
  /** Empty where none is active. */
  readonly active_name: string;
  readonly num_standby: number;
}

/** `ceph mgr dump`, as far as it is used. */
export interface MgrMap {
  readonly epoch: number;
  readonly available: boolean;
  readonly active_name: string;
  readonly active_addrs: AddressVector;
  /** When the active one became so. */
  readonly active_change: string;
  readonly standbys: readonly { readonly gid: number; readonly name: string }[];
  /** Enabled modules, without those that are always on. */
  readonly modules: readonly string[];
  /** Where modules serve, by module: `https://…:8443/`. */
  readonly services: Readonly<Record<string, string>>;
}

/** `ceph mgr module ls`. */
export interface MgrModules {
  readonly always_on_modules: readonly string[];
  /** Only of a Ceph from 19 on. */
  readonly force_disabled_modules?: readonly string[];
  readonly enabled_modules: readonly string[];
  readonly disabled_modules: readonly { readonly name: string; readonly can_run: boolean; readonly error_string: string }[];
}

export function mgrStat(ceph: Ceph, options?: CephCommandOptions): Promise<MgrStat> {
  return ceph.command({ prefix: "mgr stat" }, options);
}

/** A long answer (each module with its options): prefer `mgrStat` where it is enough. */
export function mgrDump(ceph: Ceph, options?: CephCommandOptions): Promise<MgrMap> {
  return ceph.command({ prefix: "mgr dump" }, options);
}

/** A long answer, as `mgrDump`'s; `clusterStatus` has the enabled modules too. */
export function mgrModules(ceph: Ceph, options?: CephCommandOptions): Promise<MgrModules> {
  return ceph.command({ prefix: "mgr module ls" }, options);
}

/** Enables a module; every mgr starts its modules anew. `ENOENT` where no mgr has it, unless `force`. */
export async function enableMgrModule(ceph: Ceph, module: string, options: { readonly force?: boolean } = {}): Promise<void> {
  await ceph.command({ prefix: "mgr module enable", module, ...options });
}

/** Disables a module. `EPERM` for one that is always on. */
export async function disableMgrModule(ceph: Ceph, module: string): Promise<void> {
  await ceph.command({ prefix: "mgr module disable", module });
}

/** Where the mgr's modules serve. */
export function mgrServices(ceph: Ceph, options?: CephCommandOptions): Promise<Readonly<Record<string, string>>> {
  return ceph.command({ prefix: "mgr services" }, options);
}
