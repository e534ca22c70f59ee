import { knowsAes256k } from "../ceph/ceph-version.ts";
import type { CephxKeyType } from "../ceph/cephx-key.ts";
import type { Pass } from "../kinds/ceph-cluster/pass.ts";
import { oldestImage } from "./image/plan-versions.ts";

/**
 * The type of new keys: what the spec asks for, else the strongest that every daemon knows, also in the middle of an update. From 20.2.4 on
 * Ceph warns of `aes` keys, and a cluster whose every key is `aes256k` from the start never needs to.
 */
export function keyTypeOf({ context, version, versions }: Pick<Pass, "context" | "version" | "versions">): CephxKeyType {
  const oldest = (versions && oldestImage(versions)) ?? version;
  if (oldest === undefined || !knowsAes256k(oldest.version)) return "aes";
  return context.spec.security.cephx.daemonKeyType ?? "aes256k";
}
