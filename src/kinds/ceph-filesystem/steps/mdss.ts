import { mdsOkToStop } from "../../../ceph/commands/mds.ts";
import { imageOfDeployment } from "../../../daemons/image/daemon-images.ts";
import { lackOf } from "../../../daemons/rollout/lack.ts";
import { Deployment } from "../../../kube/kinds.ts";
import { done, recheckDelay, type StepOutcome, waiting } from "../../../resource/outcome.ts";
import { withDefaults } from "../../../schema/defaults.ts";
import { mdsDeployment } from "../build-mds.ts";
import { nameOf, standbysOf } from "../ceph-filesystem.ts";
import { decideMdsRollout } from "../decide-mds-rollout.ts";
import { hasSettled } from "../decide-settings.ts";
import { contextFor, type Pass, type View } from "../look.ts";
import { type MdsView, troubleOf } from "../mds-view.ts";
import type { FilesystemReason } from "../reasons.ts";
import { mdsKeys } from "./mds-keys.ts";

type Outcome = StepOutcome<FilesystemReason>;

/** The MDSs with their keys; done when each runs as wanted and Ceph has it. `asSeen`: asked before a Deployment is changed. */
export async function mdss(pass: Pass, view: View, asSeen: () => Promise<boolean>): Promise<Outcome> {
  const { oldest, target } = view;
  if (oldest === undefined)
    return waiting("WaitingForDaemons", "The MDSs wait for the mons of the CephCluster, which tell what image they run", 2000);
  const managed = view.mdss.filter(({ name }) => !view.leftAlone.has(name));
  await mdsKeys(
    pass,
    managed.map(({ name }) => name),
    view.plan,
  );

  // one that is missing is restored as the others are before an update goes on: older ones and it must not share the ranks
  const [others] = isReduced(view) ? [] : managed.flatMap(({ found }) => (found && imageOfDeployment(found)) ?? []);
  const wanted = new Map(
    managed.map(({ name, found }) => {
      const own = found === undefined ? others : undefined;
      const image = own ?? target ?? (found && imageOfDeployment(found)) ?? oldest;
      return [name, mdsDeployment(contextFor(pass), pass.object, name, image)];
    }),
  );
  const states = managed.flatMap((mds) => {
    const deployment = wanted.get(mds.name);
    return deployment === undefined ? [] : [{ ...mds, lacks: lackOf(deployment, mds.found) }];
  });
  const decision = decideMdsRollout(states, { isReduced: isReduced(view) });
  const apply = async (mds: string): Promise<void> => {
    const deployment = wanted.get(mds);
    if (deployment !== undefined) await pass.apply(Deployment, deployment);
  };
  const open = states.filter(({ lacks, isBack }) => !isBack || lacks !== "nothing");
  const changes = [...decision.make, ...decision.change, ...(decision.stop === undefined ? [] : [decision.stop])];
  if (changes.length > 0 && !(await asSeen())) return waiting(reasonOf(open), sentence(pass, view, open, justChanged(changes)), 1000);
  await Promise.all([...decision.make, ...decision.change].map(apply));
  let held = decision.held;
  if (decision.stop !== undefined) {
    const why = await whyNotStop(pass, decision.stop);
    if (why === undefined) await apply(decision.stop);
    else held = { name: decision.stop, why };
  }
  return open.length === 0 ? done : waiting(reasonOf(open), sentence(pass, view, open, held), recheckDelay(youngest(managed), pass.now));
}

/** What is to be changed is not, as the pass has an old view of it. */
const justChanged = ([name = ""]: readonly string[]) => ({ name, why: "it was just changed" });

/** An update goes through one rank without followers, which is what older and newer MDSs understand of each other. */
function isReduced({ versions, filesystem }: View): boolean {
  return (
    versions !== "updating" ||
    filesystem === undefined ||
    (!filesystem.mdsmap.flags_state.allow_standby_replay && hasSettled(filesystem.mdsmap, 1))
  );
}

/**
 * Why an MDS must not be stopped now, in Ceph's words; undefined where it may be. Who wants no standbys has chosen that the file system
 * pauses: nobody could take over then, now or later.
 */
async function whyNotStop({ ceph, object, cluster }: Pass, mds: string): Promise<string | undefined> {
  if (withDefaults(cluster.spec).upgrade.skipChecks) return undefined;
  const verdict = await mdsOkToStop(ceph, [mds]);
  return verdict.ok || standbysOf(object) === 0 ? undefined : `Ceph says: ${verdict.why}`;
}

type Open = MdsView & { readonly lacks: string };

const reasonOf = (open: readonly Open[]): FilesystemReason =>
  open.some(({ lacks }) => lacks === "template") ? "UpdatingMDSs" : "StartingMDSs";

function sentence(
  { object, now }: Pass,
  view: View,
  open: readonly Open[],
  held: { readonly name: string; readonly why: string } | undefined,
): string {
  const isUpdating = reasonOf(open) === "UpdatingMDSs";
  const all = view.mdss.length;
  const what = isUpdating
    ? `Updating MDSs of ${nameOf(object)}: ${all - open.length} of ${all} as wanted`
    : `Starting MDSs of ${nameOf(object)}: ${view.mdss.filter(({ isBack }) => isBack).length} of ${all} running`;
  const troubles = open.flatMap((mds) => troubleOf(mds, now) ?? []);
  return [what, ...(held === undefined ? [] : [`mds ${held.name} waits, since ${held.why}`]), ...troubles].join("; ");
}

/** When the newest of their Pods became what it is, in milliseconds since 1970. */
function youngest(mdss: readonly MdsView[]): number | undefined {
  const times = mdss.flatMap(({ pod }) => {
    const at = pod?.status?.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime ?? pod?.metadata.creationTimestamp;
    return at === undefined || at === null ? [] : [Date.parse(at)];
  });
  return times.length < mdss.length || times.length === 0 ? undefined : Math.max(...times);
}
