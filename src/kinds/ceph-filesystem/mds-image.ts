import type { CephVersions } from "../../ceph/commands/cluster.ts";
import { type CephImage, daemonImages, type UpdatedType, updateOrder } from "../../daemons/image/daemon-images.ts";
import { behindOf, oldestImage, type VersionPlan } from "../../daemons/image/plan-versions.ts";
import type { Deployment } from "../../kube/kinds.ts";

/** Which images MDSs are to run. */
export interface MdsImages {
  /** What all MDSs are to run in the end; undefined while that is not theirs yet. */
  readonly target: CephImage | undefined;
  /** What a new MDS runs meanwhile: no newer than anything it relies on. Undefined while nothing says what it runs. */
  readonly oldest: CephImage | undefined;
  readonly plan: VersionPlan;
}

/**
 * MDSs follow the mons, mgrs and OSDs: not before each of those is made to run the wanted image, and Ceph says that all do, is it theirs.
 * `lasting` types have run their image for so long that nothing else is to come.
 */
export function mdsImages(
  wanted: string,
  deployments: readonly Deployment[],
  versions: CephVersions,
  lasting: ReadonlySet<UpdatedType>,
): MdsImages {
  const daemons = daemonImages(deployments);
  const plan = { target: daemons.find(({ image }) => image === wanted), daemons, lasting };
  const isTheirs = updateOrder.every((type) => behindOf(plan, type, versions, new Set()) === undefined);
  return { target: isTheirs ? plan.target : undefined, oldest: oldestImage(plan), plan };
}
