import type { CephVersions } from "../../ceph/commands/cluster.ts";
import type { DaemonType } from "../../daemons/daemon-type.ts";
import { type CephImage, daemonImages } from "../../daemons/image/daemon-images.ts";
import { isDone, oldestImage, type VersionPlan } from "../../daemons/image/plan-versions.ts";
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
 * MDSs follow the daemons of `types`, which are the mons, mgrs and OSDs: not before each of those is made to run the wanted image, and Ceph says
 * that all do, is it theirs. `lasting` types have run their image for so long that nothing else is to come.
 */
export function mdsImages(
  wanted: string,
  types: readonly DaemonType[],
  seen: { readonly deployments: readonly Deployment[]; readonly versions: CephVersions; readonly lasting: ReadonlySet<string> },
): MdsImages {
  const daemons = daemonImages(seen.deployments, types);
  const plan: VersionPlan = { target: daemons.find(({ image }) => image === wanted), types, daemons, lasting: seen.lasting };
  return { target: isDone(plan, seen.versions, new Set()) ? plan.target : undefined, oldest: oldestImage(plan), plan };
}
