import type { Ceph } from "../../../ceph/ceph.ts";
import { authGet, authRemove } from "../../../ceph/commands/auth.ts";
import { mgrStat } from "../../../ceph/commands/mgr.ts";
import { daemonTrouble } from "../../../daemons/diagnosis/daemon-trouble.ts";
import { sayTroubles } from "../../../daemons/diagnosis/trouble.ts";
import { apps, daemonLetters, names } from "../../../daemons/names.ts";
import { isReady, readySince } from "../../../daemons/pod/pods.ts";
import { sayMoving, sayProgress } from "../../../daemons/rollout/explain.ts";
import { followPlan } from "../../../daemons/rollout/follow-plan.ts";
import { rollOut } from "../../../daemons/rollout/roll-out.ts";
import { Deployment, Pod, Secret } from "../../../kube/kinds.ts";
import type { Act } from "../common/act.ts";
import { mgrType } from "../common/daemon-types.ts";
import { done, notYet, type Outcome, recheckDelay, waiting } from "../common/outcome.ts";
import type { PlacedMon } from "../common/placed-mon.ts";
import { sayHeld } from "../common/say-held.ts";
import type { Daemons } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { mgrDeployment, mgrRoleLabel } from "./build.ts";

/** The mgrs; they start beside the mons and are done when one is active and the others stand by. */
export async function ensureMgrs(
  world: World,
  act: Act,
  input: { daemons: Daemons | undefined; mons: readonly PlacedMon[] | undefined; monsAreDone: boolean },
): Promise<Outcome> {
  if (input.daemons === undefined || input.mons === undefined) return notYet;
  const { context, image, plan } = input.daemons;
  const { count } = context.spec.mgr;
  const ids = Array.from({ length: count }, (_, index) => daemonLetters(index));
  const available = world.ceph?.status.mgrmap.available === true;
  const standbys = world.ceph?.status.mgrmap.num_standbys ?? 0;
  const running = (available ? 1 : 0) + standbys;
  const active = world.ceph && available && count > 1 ? (await mgrStat(act.ceph)).active_name : undefined;
  const rollout = await rollOut<"noStandby">(
    world,
    act,
    // the active one last: each standby changed before it is one that may take over
    ids
      .toSorted((a, b) => Number(a === active) - Number(b === active))
      .map((id) => ({ daemon: `mgr.${id}`, build: (image) => mgrDeployment(context, id, image) })),
    {
      type: mgrType,
      ...followPlan(plan, mgrType.type, { ...world, image, mayChange: input.monsAreDone, versions: world.ceph?.versions }),
      serves: (daemon) => available && (running >= count || daemon === `mgr.${active}` || isMissedOther(world, daemon)),
      mayStop: () => Promise.resolve(count === 1 || standbys > 0 || context.spec.upgrade.skipChecks ? undefined : "noStandby"),
    },
  );
  if (world.ceph === undefined) return notYet;
  if (active !== undefined) await markActive(world, act, active);
  // not before all that are wanted run: a surplus one may be the only one that does
  const allRun = ids.every((id) => podsOf(world).some((pod) => pod.metadata.labels?.["mgr"] === id && isReady(pod)));
  if (allRun && running >= count) await removeSurplus(world, act, act.ceph, ids);
  if (running >= count && rollout.pending.length === 0 && rollout.held === undefined) return done;
  // those that wait for their turn are told of by the step before
  if (rollout.held !== undefined && running >= count && !input.monsAreDone) return notYet;
  if (rollout.held !== undefined && running >= count)
    return sayHeld({ reason: "UpdatingMgrs", kind: "mgrs", sayOwn: () => "no other mgr stands by" }, rollout, rollout.held);
  const state = `${Math.min(running, count)} of ${count} ${available ? "running" : "running, none active"}`;
  const head = rollout.progress === undefined ? `Starting mgrs: ${state}` : `Updating mgrs: ${sayProgress(rollout.progress)}, ${state}`;
  const troubled = ids.flatMap((id) => {
    const trouble = daemonTrouble(world, names.mgr(id), mgrType.fields);
    return trouble === undefined ? [] : [{ object: `mgr ${id}`, trouble }];
  });
  const moving = rollout.progress !== undefined && troubled.length === 0 ? [sayMoving(rollout)] : [];
  return waiting(
    rollout.progress === undefined ? "StartingMgrs" : "UpdatingMgrs",
    [head, ...moving, ...sayTroubles(troubled, world.now)].join("; "),
    recheckDelay(youngest(world), world.now),
  );
}

/** Whether Ceph lacks a mgr, and another one's Pod says that it is that one. */
function isMissedOther(world: World, daemon: string): boolean {
  const pods = podsOf(world).filter(isReady);
  const isReadyPod = pods.some((pod) => `mgr.${pod.metadata.labels?.["mgr"]}` === daemon);
  return isReadyPod && pods.length < world.context.spec.mgr.count;
}

/** Mgrs that the spec no longer asks for: first the daemon, then, when it is gone, its key. */
async function removeSurplus(world: World, act: Act, connection: Ceph, ids: readonly string[]): Promise<void> {
  const { namespace, owner } = world.context;
  const isSurplus = (id: string) => !ids.includes(id) && !world.leftAlone.has(`mgr.${id}`);
  for (const deployment of world.deployments) {
    const { labels, name = "", uid } = deployment.metadata;
    if (labels?.["app"] === apps.mgr && isSurplus(labels["mgr"] ?? ids[0] ?? ""))
      await act.kube.delete(Deployment, { namespace, name }, uid === undefined ? {} : { uid });
  }
  for (const { metadata } of await act.kube.list(Secret, { namespace, ownerUid: owner.uid })) {
    const id = mgrOfKeyring(metadata.name ?? "");
    if (id === undefined || !isSurplus(id) || podsOf(world).some((pod) => pod.metadata.labels?.["mgr"] === id)) continue;
    if ((await authGet(connection, `mgr.${id}`)) !== undefined) await authRemove(connection, `mgr.${id}`);
    await act.kube.delete(Secret, { namespace, name: metadata.name ?? "" }, metadata.uid === undefined ? {} : { uid: metadata.uid });
  }
}

/** `b` of `rook-ceph-mgr-b-keyring`. */
function mgrOfKeyring(name: string): string | undefined {
  const id = /^rook-ceph-mgr-([a-z]+)-keyring$/.exec(name)?.[1];
  return id !== undefined && name === names.mgrKeyring(id) ? id : undefined;
}

const podsOf = (world: World): Pod[] => world.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.mgr);

/** The Services follow the label on the active mgr's Pod. */
async function markActive(world: World, act: Act, active: string): Promise<void> {
  for (const pod of podsOf(world).filter(isReady)) {
    const role = pod.metadata.labels?.["mgr"] === active ? "active" : "standby";
    if (pod.metadata.labels?.[mgrRoleLabel] !== role)
      await act.kube.mergePatch(
        Pod,
        { namespace: world.context.namespace, name: pod.metadata.name ?? "" },
        { metadata: { uid: pod.metadata.uid, labels: { [mgrRoleLabel]: role } } },
      );
  }
}

function youngest(world: World): number | undefined {
  const times = podsOf(world).map(readySince);
  return times.length === 0 ? undefined : Math.max(...times);
}
