import { mdsOkToStop } from "../../ceph/commands/mds.ts";
import { imageOfDeployment } from "../../daemons/image/daemon-images.ts";
import { type Rollout, rollOut } from "../../daemons/rollout/roll-out.ts";
import { withDefaults } from "../../schema/defaults.ts";
import { mdsDeployment } from "./build-mds.ts";
import { standbysOf } from "./ceph-filesystem.ts";
import { mdsType } from "./daemon-type.ts";
import { hasSettled } from "./decide-settings.ts";
import { contextFor, type Pass, type View } from "./look.ts";
import type { MdsView } from "./mds-view.ts";

/** Why an MDS must not be stopped for a change of its Pod. */
export type MdsHold =
  /** It is between two roles: it takes over a rank, or hands one over. */
  | { readonly type: "moving" }
  /** An update goes through one rank without followers, and there are more. */
  | { readonly type: "ranks" }
  /** Ceph's words. */
  | { readonly type: "refused"; readonly words: string };

/**
 * Brings the Deployments of these MDSs to what is wanted. One that does nothing for Ceph is changed at any time: that may cure it. The others are
 * changed one at a time, while all others are back: first those that stand by, then those with a rank, so that whoever takes a rank over is
 * new already. `oldest` is the image of a new one while it is not their turn in an update; `asSeen` is asked before anything is changed.
 */
export function rollOutMdss(
  pass: Pass,
  view: View,
  input: { readonly managed: readonly MdsView[]; readonly oldest: NonNullable<View["oldest"]>; readonly asSeen: () => Promise<boolean> },
): Promise<Rollout<MdsHold>> {
  const { managed, oldest, asSeen } = input;
  const isReduced = mayMixReleases(view);
  // one that is missing is restored as the others are before an update goes on: older ones and it must not share the ranks
  const [others] = isReduced ? [] : managed.flatMap(({ found }) => (found && imageOfDeployment(found)) ?? []);
  const views = new Map(managed.map((mds) => [daemonOf(mds), mds]));
  const roleOf = (daemon: string) => views.get(daemon)?.role ?? "none";
  return rollOut<MdsHold>(
    { ...view, now: pass.now, context: pass, leftAlone: new Set() },
    { ...pass.deps, apply: pass.apply },
    inChangeOrder(managed).map((mds) => ({
      daemon: daemonOf(mds),
      build: (image) => mdsDeployment(contextFor(pass), pass.object, mds.name, image),
    })),
    {
      type: mdsType,
      imageFor: (daemon) => {
        const found = views.get(daemon)?.found;
        const own = found === undefined ? others : undefined;
        return own ?? view.target ?? (found && imageOfDeployment(found)) ?? oldest;
      },
      serves: (daemon) => roleOf(daemon) !== "none",
      isSteady: (daemon) => roleOf(daemon) !== "moving",
      changesIdle: true,
      mayChange: true,
      asSeen,
      mayStop: async (daemon) => {
        const mds = views.get(daemon);
        return mds && (holdOf(mds, { isReduced }) ?? (await refusalOf(pass, mds.name)));
      },
    },
  );
}

const daemonOf = ({ name }: Pick<MdsView, "name">): string => `${mdsType.type}.${name}`;

/** Why an MDS must not be stopped, whatever Ceph says; undefined where Ceph decides. `isReduced`: as few ranks as the change needs are left. */
export function holdOf({ role }: Pick<MdsView, "role">, { isReduced }: { readonly isReduced: boolean }): MdsHold | undefined {
  if (role === "moving") return { type: "moving" };
  return isReduced ? undefined : { type: "ranks" };
}

/** Those that stand by come first. */
export function inChangeOrder<T extends Pick<MdsView, "role">>(mdss: readonly T[]): readonly T[] {
  return mdss.toSorted((a, b) => Number(a.role !== "standby") - Number(b.role !== "standby"));
}

/** An update goes through one rank without followers, which is what older and newer MDSs understand of each other. */
export function mayMixReleases({ versions, filesystem }: Pick<View, "versions" | "filesystem">): boolean {
  return (
    versions !== "updating" ||
    filesystem === undefined ||
    (!filesystem.mdsmap.flags_state.allow_standby_replay && hasSettled(filesystem.mdsmap, 1))
  );
}

/**
 * Why Ceph does not want an MDS to be stopped now; undefined where it may be. A user who wants no standbys has chosen that the
 * file system pauses: no MDS could take over then, now or later.
 */
async function refusalOf({ ceph, object, cluster }: Pass, mds: string): Promise<MdsHold | undefined> {
  if (withDefaults(cluster.spec).upgrade.skipChecks) return undefined;
  const verdict = await mdsOkToStop(ceph, [mds]);
  return verdict.ok || standbysOf(object) === 0 ? undefined : { type: "refused", words: verdict.why };
}
