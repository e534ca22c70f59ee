import type { CephVersions } from "../../ceph/commands/cluster.ts";
import { Deployment, type Pod } from "../../kube/kinds.ts";
import type { Kube, KubeReader } from "../../kube/kube.ts";
import type { Kind, KubeObject } from "../../kube/object.ts";
import { specVersionOf } from "../../kube/spec-version.ts";
import { type BuiltImage, daemonImages, sayLabel, type UpdatedType } from "../image/daemon-images.ts";
import { behindOf, imageFor, isUpdate, type VersionPlan } from "../image/plan-versions.ts";
import { cephVersionLabel, doNotReconcileLabel } from "../labels.ts";
import { apps } from "../names.ts";
import { isSettled, podTrouble } from "../pod/pods.ts";
import { type DaemonState, decideRollout } from "./decide.ts";
import { lackOf } from "./lack.ts";

/** What a roll-out sees of the world. */
export interface RolloutWorld {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly context: { readonly namespace: string };
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  /** Daemons that the user wants to be left alone. */
  readonly leftAlone: ReadonlySet<string>;
  readonly ceph?: { readonly versions?: CephVersions };
}

/** How a roll-out changes the world. */
export interface RolloutAct {
  readonly kube: Pick<Kube, "mergePatch">;
  readonly live: KubeReader;
  /** Makes an object so, where it is not. */
  readonly apply: <T extends KubeObject>(kind: Kind<T>, object: T) => Promise<T>;
}

/** A daemon, and the Deployment it should have with the image that it is to run. */
export interface WantedDaemon {
  /** `mon.a`, `osd.3` */
  readonly daemon: string;
  readonly build: (image: BuiltImage) => Deployment;
}

/** A daemon and the Deployment it should have now. */
interface BuiltDaemon {
  readonly daemon: string;
  readonly deployment: Deployment;
}

/** A daemon that is not changed yet, and why. */
export interface Held {
  readonly daemon: string;
  readonly why: string;
  /** When to look again, where that is known. */
  readonly recheckAfterMs?: number;
}

export interface Rollout {
  /** Daemons that are being made, changed or brought back, in the order given; none when all is as wanted. */
  readonly pending: readonly string[];
  /** Those of them that are on their way up or down, or were just told to change. */
  readonly moving: readonly string[];
  readonly held?: Held;
  /** While daemons of this type are being changed: how far that is, such as `1 of 3 at 20.2.4`. */
  readonly progress?: string;
}

/** Which of the daemons that are to be changed may be stopped now; the first of them waits where none may. `isRefused`: Ceph does not want it. */
export type StopChoice = { readonly stop: readonly string[] } | { readonly held: Held; readonly isRefused: boolean };

export interface RolloutOptions {
  readonly type: UpdatedType;
  /** What all daemons are to run in the end. */
  readonly image: BuiltImage;
  /** Which image each is to run now. */
  readonly plan: VersionPlan;
  /** Whether Ceph has the daemon up, which is known before Kubernetes has asked its probes. */
  readonly serves: (daemon: string) => boolean;
  /** Whether nothing else is stopped before it is back; so for all where absent. */
  readonly isAwaited?: (daemon: string) => boolean;
  /** What a daemon has in common with those that are changed alike: what one of them shows holds for all. */
  readonly likeness?: (daemon: string) => string;
  /** Whether all that comes before this type in an update is done. */
  readonly mayChange: boolean;
  /** Asks about the first that would be stopped; `choose` where several may be stopped together. */
  readonly mayStop?: (daemon: string) => Promise<true | string>;
  readonly choose?: (candidates: readonly string[], states: readonly DaemonState[]) => Promise<StopChoice>;
}

/**
 * Brings Deployments to what is wanted. A missing one is made at once, and one that does not run and could be cured is changed at once; one
 * that runs is stopped only while all others are back, `mayChange` is true and Ceph agrees. Each keeps the image it has until it is its
 * type's turn. Daemons that are left alone are neither made nor changed.
 */
export async function rollOut(
  world: RolloutWorld,
  act: RolloutAct,
  wanted: readonly WantedDaemon[],
  options: RolloutOptions,
): Promise<Rollout> {
  const { type, mayChange, plan } = options;
  const current = new Map(world.deployments.map((d) => [d.metadata.name, d]));
  const managed = withTheirImages(wanted, options).filter(({ daemon }) => !world.leftAlone.has(daemon));
  const foundOf = ({ deployment }: BuiltDaemon) => current.get(deployment.metadata.name);
  const states = statesOf(world, managed, foundOf, options);
  const decision = decideRollout(states);
  const deploymentOf = new Map(managed.map(({ daemon, deployment }) => [daemon, deployment]));
  const apply = (daemons: readonly string[]) =>
    Promise.all(daemons.flatMap((daemon) => deploymentOf.get(daemon) ?? []).map((deployment) => act.apply(Deployment, deployment)));

  const lost = await goneIndeed(act, managed, decision.make);
  await apply([...lost, ...decision.relabel, ...decision.cure]);

  const different = new Set(states.filter(({ lacks }) => lacks !== "nothing").map(({ daemon }) => daemon));
  const isPending = (each: BuiltDaemon): boolean => {
    const found = foundOf(each);
    return different.has(each.daemon) || found === undefined || !isSettled(found, options.serves(each.daemon));
  };
  const pending = managed.filter(isPending).map(({ daemon }) => daemon);
  const progress = progressOf(world.deployments, states, plan);
  const result = (held?: Held, changed: readonly string[] = []): Rollout => ({
    pending,
    moving: [...new Set([...decision.awaited, ...decision.cure, ...changed])],
    ...(held === undefined ? {} : { held }),
    ...(progress === undefined ? {} : { progress }),
  });

  const [next] = [...decision.candidates, ...decision.last];
  if (next === undefined) return result(behind(world, options, pending));
  if (!mayChange) return result({ daemon: next, why: "what comes before it in an update is not done" });
  const [awaited] = decision.awaited;
  if (awaited !== undefined) return result({ daemon: next, why: `${awaited} is not back yet` });
  const choice: StopChoice = decision.candidates.length === 0 ? { stop: [] } : await choose(decision.candidates, states, options);
  const stop = "held" in choice ? [] : choice.stop;
  // those that are not awaited come last, or where they may be what the others need
  const isTurnOfLast = "held" in choice ? choice.isRefused : stop.length === 0;
  const change = isTurnOfLast ? decision.last : stop;
  if (change.length > 0 && !(await isAsSeen(world, act, type, managed, foundOf)))
    return result({ daemon: next, why: "it was just changed by somebody else", recheckAfterMs: 1000 });
  await apply(change);
  return result("held" in choice ? choice.held : undefined, change);
}

/** Each built with the image that it is to run now. */
function withTheirImages(wanted: readonly WantedDaemon[], { type, image, plan, mayChange }: RolloutOptions): readonly BuiltDaemon[] {
  const own = new Map(plan.daemons.map((each) => [`${each.type}.${each.id}`, each]));
  return wanted.map(({ daemon, build }) => ({
    daemon,
    deployment: build(imageFor(plan, type, own.get(daemon), mayChange) ?? image),
  }));
}

function statesOf(
  world: RolloutWorld,
  managed: readonly BuiltDaemon[],
  foundOf: (daemon: BuiltDaemon) => Deployment | undefined,
  { type, serves, isAwaited, likeness }: RolloutOptions,
): DaemonState[] {
  const pods = new Map<string, Pod>();
  const ending = new Set<string>();
  for (const pod of world.pods) {
    if (pod.metadata.labels?.["app"] !== apps[type]) continue;
    const daemon = `${type}.${pod.metadata.labels["ceph_daemon_id"] ?? ""}`;
    if (pod.metadata.deletionTimestamp === undefined) pods.set(daemon, pod);
    // until its time is up its successor may just be kept waiting by it, which no change cures
    else if (Date.parse(pod.metadata.deletionTimestamp) > world.now) ending.add(daemon);
  }
  return managed.map((each) => {
    const { daemon, deployment } = each;
    const found = foundOf(each);
    const known = { daemon, serves: serves(daemon), isAwaited: isAwaited?.(daemon) ?? true, likeness: likeness?.(daemon) };
    if (found === undefined) return { ...known, lacks: "deployment", isBack: false };
    // a user has scaled it down: nothing is on its way, and the change stops nothing
    const isScaledDown = found.spec?.replicas === 0;
    const isBack = !isScaledDown && isSettled(found, false) && known.serves;
    const pod = isBack || ending.has(daemon) ? undefined : pods.get(daemon);
    const trouble = isScaledDown ? "is scaled to 0" : pod && podTrouble(pod);
    return { ...known, lacks: lackOf(deployment, found), isBack, ...(trouble ? { trouble } : {}) };
  });
}

/**
 * Those that the API server does not have either: one that is only not known yet would be changed, not made. One that is there without the
 * labels that it is found by gets them back, and is seen by the next world.
 */
async function goneIndeed(act: RolloutAct, managed: readonly BuiltDaemon[], missing: readonly string[]): Promise<string[]> {
  const gone = await Promise.all(
    managed
      .filter(({ daemon }) => missing.includes(daemon))
      .map(async ({ daemon, deployment }) => {
        const { namespace = "", name = "" } = deployment.metadata;
        const found = await act.live.get(Deployment, { namespace, name });
        if (found !== undefined) await makeFindable(act, found, deployment);
        return found === undefined ? [daemon] : [];
      }),
  );
  return gone.flat();
}

/** Labels as it should have them, but for the version, which says what it runs. */
async function makeFindable(act: RolloutAct, { metadata }: Deployment, wanted: Deployment): Promise<void> {
  const { [cephVersionLabel]: _version, ...labels } = wanted.metadata.labels ?? {};
  const isFound = ["app", "rook_cluster"].every((label) => metadata.labels?.[label] === labels[label]);
  if (isFound || metadata.labels?.[doNotReconcileLabel] !== undefined) return;
  const { namespace = "", name = "", uid, resourceVersion } = metadata;
  await act.kube.mergePatch(Deployment, { namespace, name }, { metadata: { uid, resourceVersion, labels } });
}

/** Whether the API server has the same Deployments of this type: one that has been changed since is on its way down. */
async function isAsSeen(
  { context: { namespace } }: RolloutWorld,
  { live }: RolloutAct,
  type: UpdatedType,
  managed: readonly BuiltDaemon[],
  foundOf: (daemon: BuiltDaemon) => Deployment | undefined,
): Promise<boolean> {
  const now = await live.list(Deployment, { namespace, labels: { app: apps[type], rook_cluster: namespace } });
  const versions = new Map(now.map((deployment) => [deployment.metadata.name, specVersionOf(deployment)]));
  return managed.every((each) => {
    const seen = foundOf(each);
    return seen === undefined || versions.get(seen.metadata.name) === specVersionOf(seen);
  });
}

async function choose(
  candidates: readonly string[],
  states: readonly DaemonState[],
  { choose: ask, mayStop }: RolloutOptions,
): Promise<StopChoice> {
  if (ask !== undefined) return ask(candidates, states);
  const [first] = candidates;
  if (first === undefined || mayStop === undefined) return { stop: [] };
  const answer = await mayStop(first);
  return answer === true ? { stop: [first] } : { held: { daemon: first, why: answer }, isRefused: true };
}

/** What this type is behind in when nothing is left to be changed: what is left alone, or what Ceph still sees of the old version. */
function behind(world: RolloutWorld, { plan, type }: RolloutOptions, pending: readonly string[]): Held | undefined {
  if (pending.length > 0) return undefined;
  // judged by what the pass saw: what it has just changed is told by the next one
  const found = behindOf(plan, type, world.ceph?.versions, world.leftAlone);
  return found === undefined ? undefined : { ...found, recheckAfterMs: 2000 };
}

function progressOf(deployments: readonly Deployment[], states: readonly DaemonState[], plan: VersionPlan): string | undefined {
  const { target } = plan;
  const isNewImage = target !== undefined && isUpdate(plan);
  const images = new Map(daemonImages(deployments).map((each) => [`${each.type}.${each.id}`, each.image]));
  const isThere = ({ daemon, lacks, isBack }: DaemonState) =>
    lacks !== "template" && lacks !== "deployment" && isBack && (!isNewImage || images.get(daemon) === target.image);
  const done = states.filter(isThere).length;
  const isUnderWay =
    states.some(({ lacks }) => lacks === "template") ||
    (isNewImage && done < states.length && states.some(({ daemon }) => images.get(daemon) === target.image));
  if (!isUnderWay) return undefined;
  return `${done} of ${states.length}${isNewImage ? ` at ${sayLabel(target.label)}` : ""}`;
}
