import { type CephVersion, knowsAes256k } from "../ceph/ceph-version.ts";
import type { CephxKeyType } from "../ceph/cephx-key.ts";
import type { Pass } from "./pass.ts";

/**
 * The type of new keys: what the spec asks for, else the strongest that this Ceph knows. From 20.2.4 on Ceph warns of `aes` keys,
 * and a cluster whose every key is `aes256k` from the start never needs to.
 */
export function keyTypeOf(pass: Pick<Pass, "context">, version: CephVersion): CephxKeyType {
  if (!knowsAes256k(version)) return "aes";
  return pass.context.spec.security.cephx.daemonKeyType ?? "aes256k";
}
