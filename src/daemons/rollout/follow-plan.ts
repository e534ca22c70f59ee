import type { CephVersions } from "../../ceph/commands/cluster.ts";
import type { BuiltImage } from "../image/daemon-images.ts";
import { behindOf, imageFor, isUpdate, type VersionPlan } from "../image/plan-versions.ts";
import type { RolloutOptions } from "./roll-out.ts";

/**
 * What a roll-out of one type of the plan follows. `image` is what all are to run in the end, `mayChange` whether it is the turn of the type,
 * `versions` what `ceph versions` says.
 */
export function followPlan(
  plan: VersionPlan,
  type: string,
  seen: {
    readonly image: BuiltImage;
    readonly mayChange: boolean;
    readonly versions: CephVersions | undefined;
    readonly leftAlone: ReadonlySet<string>;
  },
): Pick<RolloutOptions<never>, "imageFor" | "goal" | "behind" | "mayChange"> {
  const own = new Map(plan.daemons.map((each) => [`${each.type}.${each.id}`, each]));
  return {
    imageFor: (daemon) => imageFor(plan, type, own.get(daemon), seen.mayChange) ?? seen.image,
    goal: isUpdate(plan) ? plan.target : undefined,
    behind: () => behindOf(plan, type, seen.versions, seen.leftAlone),
    mayChange: seen.mayChange,
  };
}
