import { Deployment, type Pod } from "../../kube/kinds.ts";
import type { Kube, KubeReader } from "../../kube/kube.ts";
import type { Kind, KubeObject } from "../../kube/object.ts";
import { specVersionOf } from "../../kube/spec-version.ts";
import { type BuiltImage, imageOfDeployment } from "../image/daemon-images.ts";
import type { Behind } from "../image/plan-versions.ts";
import { cephVersionLabel, doNotReconcileLabel } from "../labels.ts";
import { isSettled } from "../pod/pods.ts";
import { type DaemonState, decideRollout, type RolloutDecision } from "./decide.ts";
import type { Held, HoldReason } from "./hold.ts";
import { type BuiltDaemon, type DaemonFacts, statesOf } from "./observe.ts";

/** What a roll-out sees of the world. */
export interface RolloutWorld {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly context: { readonly namespace: string };
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  /** Daemons that the user wants to be left alone. */
  readonly leftAlone: ReadonlySet<string>;
}

/** How a roll-out changes the world. */
export interface RolloutAct {
  readonly kube: Pick<Kube, "mergePatch">;
  readonly live: KubeReader;
  /** Makes an object so, where it is not. */
  readonly apply: <T extends KubeObject>(kind: Kind<T>, object: T) => Promise<unknown>;
}

/** A daemon, and the Deployment it should have with the image that it is to run. */
export interface WantedDaemon {
  /** `mon.a`, `osd.3` */
  readonly daemon: string;
  readonly build: (image: BuiltImage) => Deployment;
}

/** How far a change is: so many of all; `label` is the version of an update, as Deployments have it: `20.2.4-0`. */
export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly label?: string;
}

export interface Rollout<Own> {
  /** Daemons that are being made, changed or brought back, in the order given; none when all is as wanted. */
  readonly pending: readonly string[];
  /** Those of them that are on their way up or down, or were just told to change. */
  readonly moving: readonly string[];
  readonly held?: Held<Own>;
  /** While daemons of this type are being changed: how far that is. */
  readonly progress?: Progress;
}

/** Which of the daemons that are to be changed may be stopped now; the first of them waits where none may. `isRefused`: Ceph does not want it. */
export type StopChoice<Own> =
  | { readonly stop: readonly string[] }
  | {
      readonly held: { readonly daemon: string; readonly why: Own; readonly recheckAfterMs?: number };
      readonly isRefused: boolean;
    };

/** What differs from type to type; `Own` is why a daemon of this type must not be stopped. */
export interface RolloutOptions<Own> extends DaemonFacts {
  /** Which image a daemon is to run now. */
  readonly imageFor: (daemon: string) => BuiltImage;
  /** The image of an update that is under way. */
  readonly goal?: BuiltImage | undefined;
  /** What this type is behind in where each Deployment is as wanted. */
  readonly behind?: () => Behind | undefined;
  /** Whether a daemon that Ceph does not have holds nothing that is nowhere else: it is changed at once. */
  readonly changesIdle?: boolean;
  /** Whether all that comes before this type in an update is done. */
  readonly mayChange: boolean;
  /**
   * Whether the API server has all that the roll-out follows from as the pass saw it: asked before anything is made or changed. Where absent,
   * the roll-out itself asks for the Deployments of its type, before it makes one or stops a daemon.
   */
  readonly asSeen?: () => Promise<boolean>;
  /** Why the first that would be stopped must not be; undefined where it may. `choose` where several may be stopped together. */
  readonly mayStop?: (daemon: string) => Promise<Own | undefined>;
  readonly choose?: (candidates: readonly string[], states: readonly DaemonState[]) => Promise<StopChoice<Own>>;
}

/**
 * Brings Deployments to what is wanted. A missing one is made at once, and one that does not run and could be cured is changed at once; one
 * that runs is stopped only while all others are back, `mayChange` is true and Ceph agrees. Each keeps the image it has until it is its
 * type's turn. Daemons that are left alone are neither made nor changed.
 */
export async function rollOut<Own>(
  world: RolloutWorld,
  act: RolloutAct,
  wanted: readonly WantedDaemon[],
  options: RolloutOptions<Own>,
): Promise<Rollout<Own>> {
  const current = new Map(world.deployments.map((d) => [d.metadata.name, d]));
  const managed = wanted
    .filter(({ daemon }) => !world.leftAlone.has(daemon))
    .map(({ daemon, build }): BuiltDaemon => {
      const deployment = build(options.imageFor(daemon));
      return { daemon, wanted: deployment, found: current.get(deployment.metadata.name) };
    });
  const states = statesOf(world, managed, options);
  const decision = decideRollout(states, options);
  const deploymentOf = new Map(managed.map((each) => [each.daemon, each.wanted]));
  const apply = (daemons: readonly string[]) =>
    Promise.all(daemons.flatMap((daemon) => deploymentOf.get(daemon) ?? []).map((deployment) => act.apply(Deployment, deployment)));
  const pending = pendingOf(managed, states, options);
  const progress = progressOf(managed, states, options.goal);
  const result = (held?: Held<Own>, changed: readonly string[] = []): Rollout<Own> => ({
    pending,
    moving: [...new Set([...decision.awaited, ...decision.cure, ...changed])],
    ...(held === undefined ? {} : { held }),
    ...(progress === undefined ? {} : { progress }),
  });

  const atOnce = [...decision.make, ...decision.relabel, ...decision.cure];
  const [hasty] = atOnce;
  if (hasty !== undefined && options.asSeen !== undefined && !(await options.asSeen())) return result(justChanged(hasty));
  const lost = options.asSeen === undefined ? await goneIndeed(act, managed, decision.make) : decision.make;
  await apply([...lost, ...decision.relabel, ...decision.cure]);

  const [next] = [...decision.candidates, ...decision.last];
  // the pass judges by what it saw at its start; the next pass reports what this one has changed
  const behind = next === undefined && pending.length === 0 ? options.behind?.() : undefined;
  if (behind !== undefined) return result({ daemon: behind.daemon, why: { type: "behind", why: behind.why }, recheckAfterMs: 2000 });
  if (next === undefined) return result();
  const obstacle = obstacleTo<Own>(decision, options.mayChange);
  if (obstacle !== undefined) return result({ daemon: next, why: obstacle });
  const choice: StopChoice<Own> = decision.candidates.length === 0 ? { stop: [] } : await choose(decision.candidates, states, options);
  const stop = "held" in choice ? [] : choice.stop;
  // those that are not awaited come last, or where they may be what the others need
  const isTurnOfLast = "held" in choice ? choice.isRefused : stop.length === 0;
  const change = isTurnOfLast ? decision.last : stop;
  if (change.length > 0 && !(await (options.asSeen?.() ?? areAsSeen(world, act, options, managed)))) return result(justChanged(next));
  await apply(change);
  return result("held" in choice ? { ...choice.held, why: { type: "own", why: choice.held.why } } : undefined, change);
}

const justChanged = (daemon: string): Held<never> => ({ daemon, why: { type: "justChanged" }, recheckAfterMs: 1000 });

/** Why no daemon of the type is stopped now, whatever Ceph would say. */
function obstacleTo<Own>({ awaited: [awaited] }: RolloutDecision, mayChange: boolean): HoldReason<Own> | undefined {
  if (!mayChange) return { type: "notItsTurn" };
  return awaited === undefined ? undefined : { type: "awaits", daemon: awaited };
}

function pendingOf(managed: readonly BuiltDaemon[], states: readonly DaemonState[], { serves }: Pick<DaemonFacts, "serves">): string[] {
  const different = new Set(states.filter(({ lacks }) => lacks !== "nothing").map(({ daemon }) => daemon));
  return managed
    .filter(({ daemon, found }) => different.has(daemon) || found === undefined || !isSettled(found, serves(daemon)))
    .map(({ daemon }) => daemon);
}

/**
 * Those that the API server does not have either: one that is only not known yet would be changed, not made. One that is there without the
 * labels that it is found by gets them back, and is seen by the next world.
 */
async function goneIndeed(act: RolloutAct, managed: readonly BuiltDaemon[], missing: readonly string[]): Promise<string[]> {
  const gone = await Promise.all(
    managed
      .filter(({ daemon }) => missing.includes(daemon))
      .map(async ({ daemon, wanted }) => {
        const { namespace = "", name = "" } = wanted.metadata;
        const found = await act.live.get(Deployment, { namespace, name });
        if (found !== undefined) await makeFindable(act, found, wanted);
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
async function areAsSeen(
  { context: { namespace } }: RolloutWorld,
  { live }: RolloutAct,
  { type }: Pick<DaemonFacts, "type">,
  managed: readonly BuiltDaemon[],
): Promise<boolean> {
  const now = await live.list(Deployment, { namespace, labels: { app: type.app, rook_cluster: namespace } });
  const versions = new Map(now.map((deployment) => [deployment.metadata.name, specVersionOf(deployment)]));
  return managed.every(({ found }) => found === undefined || versions.get(found.metadata.name) === specVersionOf(found));
}

async function choose<Own>(
  candidates: readonly string[],
  states: readonly DaemonState[],
  { choose: ask, mayStop }: RolloutOptions<Own>,
): Promise<StopChoice<Own>> {
  if (ask !== undefined) return ask(candidates, states);
  const [first] = candidates;
  if (first === undefined || mayStop === undefined) return { stop: [] };
  const why = await mayStop(first);
  return why === undefined ? { stop: [first] } : { held: { daemon: first, why }, isRefused: true };
}

function progressOf(managed: readonly BuiltDaemon[], states: readonly DaemonState[], goal: BuiltImage | undefined): Progress | undefined {
  const images = new Map(managed.map(({ daemon, found }) => [daemon, found && imageOfDeployment(found)?.image]));
  const hasGoal = ({ daemon }: DaemonState) => goal !== undefined && images.get(daemon) === goal.image;
  const isThere = (state: DaemonState) =>
    state.lacks !== "template" && state.lacks !== "deployment" && state.isBack && (goal === undefined || hasGoal(state));
  const done = states.filter(isThere).length;
  const isUnderWay =
    states.some(({ lacks }) => lacks === "template") || (goal !== undefined && done < states.length && states.some(hasGoal));
  if (!isUnderWay) return undefined;
  return { done, of: states.length, ...(goal === undefined ? {} : { label: goal.label }) };
}
