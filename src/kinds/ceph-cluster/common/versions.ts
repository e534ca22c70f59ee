import type { ClusterIdentity } from "../../../daemons/identity.ts";
import type { CephImage } from "../../../daemons/image/daemon-images.ts";
import type { VersionPlan } from "../../../daemons/image/plan-versions.ts";
import type { BuildContext, DaemonContext } from "../../../daemons/pod/context.ts";

/** An image, the Ceph in it, and what else of it is known. */
export interface FoundVersion extends CephImage {
  /** Whether the image has `ceph-crash`; undefined where only the version is known. */
  readonly hasCrash: boolean | undefined;
}

/** Which Ceph each daemon is to run. */
export interface Versions {
  readonly plan: VersionPlan;
  /** What all daemons are to run in the end, or, where the wanted image cannot be, what they run; undefined while neither is known. */
  readonly image?: FoundVersion | undefined;
}

/** What daemons are made with. */
export interface Daemons {
  readonly context: DaemonContext;
  readonly image: FoundVersion;
  readonly plan: VersionPlan;
}

/** Undefined until the cluster has an identity, and an image for its daemons. */
export function daemonsOf(
  context: BuildContext,
  identity: ClusterIdentity | undefined,
  versions: Versions | undefined,
): Daemons | undefined {
  if (identity === undefined || versions?.image === undefined) return undefined;
  return { context: { ...context, fsid: identity.fsid }, image: versions.image, plan: versions.plan };
}
