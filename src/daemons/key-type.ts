import { knowsAes256k } from "../ceph/ceph-version.ts";
import type { CephxKeyType } from "../ceph/cephx-key.ts";
import type { CephImage } from "./image/daemon-images.ts";
import { oldestImage, type VersionPlan } from "./image/plan-versions.ts";
import type { DaemonContext } from "./pod/context.ts";

/** What says who is to understand a key. */
interface KeyUsers {
  readonly context: Pick<DaemonContext, "spec">;
  /** The wanted image; undefined while its version is not known. */
  readonly version?: CephImage | undefined;
  /** What the daemons run; undefined where none does yet. */
  readonly versions?: VersionPlan | undefined;
}

/**
 * The type of new keys: what the spec asks for, else the strongest that every daemon knows, also in the middle of an update. From 20.2.4 on
 * Ceph warns of `aes` keys, and a cluster whose every key is `aes256k` from the start never needs to.
 */
export function keyTypeOf({ context, version, versions }: KeyUsers): CephxKeyType {
  const oldest = (versions && oldestImage(versions)) ?? version;
  if (oldest === undefined || !knowsAes256k(oldest.version)) return "aes";
  return context.spec.security.cephx.daemonKeyType ?? "aes256k";
}
