import { sayHold } from "../../../daemons/rollout/explain.ts";
import type { Rollout } from "../../../daemons/rollout/roll-out.ts";
import { done, recheckDelay, type StepOutcome, waiting } from "../../../resource/outcome.ts";
import { nameOf } from "../ceph-filesystem.ts";
import type { Pass, View } from "../look.ts";
import { type MdsHold, rollOutMdss } from "../mds-rollout.ts";
import { type MdsView, troubleOf } from "../mds-view.ts";
import type { FilesystemReason } from "../reasons.ts";
import { mdsKeys } from "./mds-keys.ts";

type Outcome = StepOutcome<FilesystemReason>;

/** The MDSs with their keys; done when each runs as wanted and Ceph has it. `asSeen`: asked before a Deployment is changed. */
export async function mdss(pass: Pass, view: View, asSeen: () => Promise<boolean>): Promise<Outcome> {
  const { oldest } = view;
  if (oldest === undefined)
    return waiting("WaitingForDaemons", "The MDSs wait for the mons of the CephCluster, which tell what image they run", 2000);
  const managed = view.mdss.filter(({ name }) => !view.leftAlone.has(name));
  await mdsKeys(
    pass,
    managed.map(({ name }) => name),
    view.plan,
  );
  const rollout = await rollOutMdss(pass, view, { managed, oldest, asSeen });
  const open = managed.filter(({ name, isBack }) => !isBack || rollout.pending.includes(`mds.${name}`));
  if (open.length === 0) return done;
  const again = rollout.held?.recheckAfterMs ?? recheckDelay(youngest(managed), pass.now);
  return waiting(rollout.progress === undefined ? "StartingMDSs" : "UpdatingMDSs", sentence(pass, view, open, rollout), again);
}

function sentence({ object, now }: Pass, view: View, open: readonly MdsView[], { progress, held }: Rollout<MdsHold>): string {
  const all = view.mdss.length;
  const what =
    progress === undefined
      ? `Starting MDSs of ${nameOf(object)}: ${view.mdss.filter(({ isBack }) => isBack).length} of ${all} running`
      : `Updating MDSs of ${nameOf(object)}: ${all - open.length} of ${all} as wanted`;
  const troubles = open.flatMap((mds) => troubleOf(mds, now) ?? []);
  return [what, ...(held === undefined ? [] : [sayHold(held, sayMdsHold)]), ...troubles].join("; ");
}

/** Why an MDS must not be stopped; follows `since`. */
function sayMdsHold(hold: MdsHold): string {
  switch (hold.type) {
    case "moving":
      return "it is taking over a rank, or handing one over";
    case "ranks":
      return "its file system still has more than one rank, or MDSs that follow one";
    case "refused":
      return `Ceph says: ${hold.words}`;
  }
}

/** When the newest of their Pods became what it is, in milliseconds since 1970. */
function youngest(mdss: readonly MdsView[]): number | undefined {
  const times = mdss.flatMap(({ pod }) => {
    const at = pod?.status?.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime ?? pod?.metadata.creationTimestamp;
    return at === undefined || at === null ? [] : [Date.parse(at)];
  });
  return times.length < mdss.length || times.length === 0 ? undefined : Math.max(...times);
}
