import type { Ceph, CephCommandOptions } from "../ceph.ts";
import { type StopVerdict, stopVerdict } from "./stop-verdict.ts";

/** Addresses of a daemon, one a protocol; `addr` is host:port, IPv6 in brackets. */
export interface AddressVector {
  readonly addrvec: readonly { readonly type: "v1" | "v2" | "any"; readonly addr: string; readonly nonce: number }[];
}

export interface MonMap {
  readonly epoch: number;
  readonly fsid: string;
  readonly modified: string;
  readonly created: string;
  readonly min_mon_release: number;
  readonly min_mon_release_name: string;
  readonly mons: readonly MonMapEntry[];
  /** Only of a Ceph that knows key types. */
  readonly auth_service_cipher?: Cipher;
  readonly auth_allowed_ciphers?: readonly Cipher[];
  readonly auth_preferred_cipher?: Cipher;
}

export interface Cipher {
  readonly name: string;
  readonly value: number;
}

export interface MonMapEntry {
  readonly rank: number;
  readonly name: string;
  readonly public_addrs: AddressVector;
  /** The v1 address with the nonce: `10.0.0.1:6789/0`. */
  readonly addr: string;
}

export interface QuorumStatus {
  readonly election_epoch: number;
  readonly quorum: readonly number[];
  readonly quorum_names: readonly string[];
  readonly quorum_leader_name: string;
  /** Seconds since the last election. */
  readonly quorum_age: number;
  readonly monmap: MonMap;
}

export function quorumStatus(ceph: Ceph, options?: CephCommandOptions): Promise<QuorumStatus> {
  return ceph.command({ prefix: "quorum_status" }, options);
}

/** The monmap, with the ranks in quorum. */
export function monDump(ceph: Ceph, options?: CephCommandOptions): Promise<MonMap & { readonly quorum: readonly number[] }> {
  return ceph.command({ prefix: "mon dump" }, options);
}

/** Whether a quorum would be left without these mons. */
export function monOkToStop(ceph: Ceph, ids: readonly string[]): Promise<StopVerdict> {
  return stopVerdict(ceph, { prefix: "mon ok-to-stop", ids });
}

/** Takes a mon out of the monmap; a mon that is not there is no error. */
export async function removeMon(ceph: Ceph, name: string): Promise<void> {
  await ceph.command({ prefix: "mon rm", name });
}

/** Settings of key types that are in the monmap; only of a Ceph for which `knowsAes256k` holds. `value` of the allowed ones: `aes,aes256k`. */
export async function setMonCipher(
  ceph: Ceph,
  name: "auth_service_cipher" | "auth_allowed_ciphers" | "auth_preferred_cipher",
  value: string,
): Promise<void> {
  await ceph.command({ prefix: "mon set", name, value });
}
