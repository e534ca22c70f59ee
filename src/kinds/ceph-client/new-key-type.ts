import type { Ceph } from "../../ceph/ceph.ts";
import type { CephxKeyType } from "../../ceph/cephx-key.ts";
import { monDump } from "../../ceph/commands/mon.ts";

/** The type to ask for, where one is to be named at all; or why no key of the type that is asked for can be made. */
export type NewKeyType = { readonly type: CephxKeyType | undefined } | { readonly refused: string };

/** Decides the type of a new user's key; undefined leaves it to Ceph. Asks Ceph only where a type is asked for. */
export async function newKeyType(ceph: Ceph, asked: CephxKeyType | undefined): Promise<NewKeyType> {
  if (asked === undefined) return { type: undefined };
  const allowed = (await monDump(ceph)).auth_allowed_ciphers?.map(({ name }) => name);
  // a Ceph that does not know types has keys of one only
  if (allowed === undefined)
    return asked === "aes" ? { type: undefined } : { refused: "this Ceph makes keys of type aes only; update it, or set keyType to aes" };
  if (allowed.includes(asked)) return { type: asked };
  return {
    refused: `Ceph accepts no keys of this type, only ${allowed.join(", ")}; set another, or have Ceph accept it: ceph mon set auth_allowed_ciphers ${[...allowed, asked].sort().join(",")}`,
  };
}
