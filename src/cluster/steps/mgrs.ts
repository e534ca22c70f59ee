import type { Ceph } from "../../ceph/ceph.ts";
import { authGet, authRemove } from "../../ceph/commands/auth.ts";
import { mgrStat } from "../../ceph/commands/mgr.ts";
import { Deployment, Pod, Secret } from "../../kube/kinds.ts";
import { mgrDeployment, mgrRoleLabel } from "../build/mgrs.ts";
import { isReady, podTrouble, readySince, timeOfDay } from "../look/pods.ts";
import { apps, daemonLetters, names } from "../names.ts";
import { done, notYet, type Outcome, recheckDelay, waiting } from "../outcome.ts";
import { daemonContext, type Pass } from "../pass.ts";
import { rollOut } from "../rollout.ts";

/** The mgrs; they start beside the mons and are done when one is active and the others stand by. */
export async function mgrs(pass: Pass, input: { monsAreDone: boolean }): Promise<Outcome> {
  const context = daemonContext(pass);
  if (context === undefined || pass.mons === undefined) return notYet;
  const { count } = context.spec.mgr;
  const ids = Array.from({ length: count }, (_, index) => daemonLetters(index));
  const available = pass.ceph?.status.mgrmap.available === true;
  const standbys = pass.ceph?.status.mgrmap.num_standbys ?? 0;
  const rollout = await rollOut(
    pass,
    ids.map((id) => ({ daemon: `mgr.${id}`, deployment: mgrDeployment(context, id) })),
    {
      serves: () => available && standbys + 1 >= count,
      mayChange: input.monsAreDone,
      mayStop: () => Promise.resolve(count === 1 || standbys > 0 ? true : "no other mgr stands by"),
    },
  );
  if (pass.ceph === undefined) return notYet;
  if (count > 1 && available) await markActive(pass);
  const running = (available ? 1 : 0) + standbys;
  if (running >= count) await removeSurplus(pass, pass.ceph.connection, ids);
  if (running >= count && rollout.pending.length === 0) return done;
  if (rollout.held !== undefined && running >= count)
    return waiting("StartingMgrs", `Updating mgrs: ${rollout.held.daemon} waits, since ${rollout.held.why}`, 5000);
  return waiting(
    "StartingMgrs",
    [`Starting mgrs: ${Math.min(running, count)} of ${count} ${available ? "running" : "running, none active"}`, ...troubles(pass)].join(
      "; ",
    ),
    recheckDelay(youngest(pass), pass.now),
  );
}

/** Mgrs that the spec no longer asks for: first the daemon, then, when it is gone, its key. */
async function removeSurplus(pass: Pass, connection: Ceph, ids: readonly string[]): Promise<void> {
  const { namespace, owner } = pass.context;
  const isSurplus = (id: string) => !ids.includes(id) && !pass.leftAlone.has(`mgr.${id}`);
  for (const deployment of pass.deployments) {
    const { labels, name = "", uid } = deployment.metadata;
    if (labels?.["app"] === apps.mgr && isSurplus(labels["mgr"] ?? ids[0] ?? ""))
      await pass.deps.kube.delete(Deployment, { namespace, name }, uid === undefined ? {} : { uid });
  }
  for (const { metadata } of await pass.deps.kube.list(Secret, { namespace, ownerUid: owner.uid })) {
    const id = mgrOfKeyring(metadata.name ?? "");
    if (id === undefined || !isSurplus(id) || podsOf(pass).some((pod) => pod.metadata.labels?.["mgr"] === id)) continue;
    if ((await authGet(connection, `mgr.${id}`)) !== undefined) await authRemove(connection, `mgr.${id}`);
    await pass.deps.kube.delete(Secret, { namespace, name: metadata.name ?? "" }, metadata.uid === undefined ? {} : { uid: metadata.uid });
  }
}

/** `b` of `rook-ceph-mgr-b-keyring`. */
function mgrOfKeyring(name: string): string | undefined {
  const id = /^rook-ceph-mgr-([a-z]+)-keyring$/.exec(name)?.[1];
  return id !== undefined && name === names.mgrKeyring(id) ? id : undefined;
}

const podsOf = (pass: Pass): Pod[] => pass.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.mgr);

/** The Services follow the label on the active mgr's Pod. */
async function markActive(pass: Pass): Promise<void> {
  if (pass.ceph === undefined) return;
  const { active_name: active } = await mgrStat(pass.ceph.connection);
  for (const pod of podsOf(pass).filter(isReady)) {
    const role = pod.metadata.labels?.["mgr"] === active ? "active" : "standby";
    if (pod.metadata.labels?.[mgrRoleLabel] !== role)
      await pass.deps.kube.mergePatch(
        Pod,
        { namespace: pass.context.namespace, name: pod.metadata.name ?? "" },
        { metadata: { uid: pod.metadata.uid, labels: { [mgrRoleLabel]: role } } },
      );
  }
}

function youngest(pass: Pass): number | undefined {
  const times = podsOf(pass).map(readySince);
  return times.length === 0 ? undefined : Math.max(...times);
}

function troubles(pass: Pass): string[] {
  return podsOf(pass)
    .filter((pod) => pod.metadata.deletionTimestamp === undefined && !isReady(pod))
    .flatMap((pod) => {
      const trouble = podTrouble(pod);
      return trouble === undefined ? [] : [`mgr ${pod.metadata.labels?.["mgr"] ?? ""} ${trouble} (since ${timeOfDay(readySince(pod))})`];
    });
}
