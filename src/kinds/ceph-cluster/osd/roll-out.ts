import { crushRules } from "../../../ceph/commands/crush.ts";
import { type OsdMap, osdMapTime } from "../../../ceph/commands/osd.ts";
import { noReturn } from "../../../daemons/diagnosis/no-return.ts";
import { apps } from "../../../daemons/names.ts";
import { isReady, readySince } from "../../../daemons/pod/pods.ts";
import { type DaemonState, isChanged, isProven } from "../../../daemons/rollout/decide.ts";
import { followPlan } from "../../../daemons/rollout/follow-plan.ts";
import { type Rollout, rollOut, type StopChoice } from "../../../daemons/rollout/roll-out.ts";
import type { Act } from "../common/act.ts";
import { askToStopOsds } from "../common/ask-to-stop-osds.ts";
import { batchDomain, bucketOf } from "../common/batch-domain.ts";
import { osdType } from "../common/daemon-types.ts";
import { type PlacedOsd } from "../common/placed-osd.ts";
import type { Daemons } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { osdDeployment } from "./build.ts";
import { chooseOsds } from "./choose.ts";
import type { OsdHold } from "./hold.ts";

/** The mgr hears of PGs every 5 s: what it says of them before that is of the time before the last OSD was stopped. */
const settleMs = 6000;

/** Of fewer OSDs none ever may be stopped, in Ceph's eyes: they are changed one by one all the same. */
const fewestToAsk = 3;

/** Changed OSDs that do not come back, while none of their likeness has: enough to think that none will. */
const mostLost = 2;

/** Of those that are asked about, and named. */
const mostNamed = 3;

/** An OSD that is changed goes down, and its next Pod is made, within so long; one that had been down for longer had died of something else. */
const replacedWithinMs = 300_000;

/** Brings the OSDs to what is wanted: in batches of one failure domain that Ceph lets go together, the first of them a single one. */
export function rollOutOsds(
  world: World,
  act: Act,
  input: { daemons: Daemons; wanted: readonly PlacedOsd[]; dump: OsdMap; mayChange: boolean },
): Promise<Rollout<OsdHold>> {
  const { daemons, wanted, dump, mayChange } = input;
  const { context, image, plan } = daemons;
  const up = new Set(dump.osds.filter((osd) => osd.up === 1).map(({ osd }) => `osd.${osd}`));
  // all that a template says and that is not the OSD's own name and place comes from the spec of all, but for this
  const resources = new Map(wanted.map((osd) => [`osd.${osd.id}`, JSON.stringify(osd.resources ?? {})]));
  const isIn = new Set(dump.osds.filter((osd) => osd.in === 1).map(({ osd }) => `osd.${osd}`));
  return rollOut<OsdHold>(
    world,
    act,
    wanted.map((osd) => ({ daemon: `osd.${osd.id}`, build: (image) => osdDeployment(context, osd, image) })),
    {
      type: osdType,
      ...followPlan(plan, osdType.type, { ...world, image, mayChange, versions: world.ceph?.versions }),
      serves: (daemon) => up.has(daemon),
      isAwaited: (daemon) => isIn.has(daemon),
      likeness: (daemon) => resources.get(daemon) ?? "",
      choose: (candidates, states) => choose(world, act, { candidates, states, wanted, dump }),
    },
  );
}

interface Choosing {
  readonly candidates: readonly string[];
  readonly states: readonly DaemonState[];
  readonly wanted: readonly PlacedOsd[];
  readonly dump: OsdMap;
}

async function choose(world: World, act: Act, asked: Choosing): Promise<StopChoice<OsdHold>> {
  const homeless = withoutReturn(world, asked);
  const hopeless = await withoutHope(world, act, asked);
  const choosing = { ...asked, candidates: asked.candidates.filter((daemon) => !homeless.has(daemon) && !hopeless.has(daemon)) };
  const { candidates, dump } = choosing;
  const [kept] = asked.candidates;
  const whyKept = kept === undefined ? undefined : (hopeless.get(kept) ?? homeless.get(kept));
  if (candidates.length === 0 && kept !== undefined && whyKept !== undefined)
    return { held: { daemon: kept, why: whyKept }, isRefused: !hopeless.has(kept) };
  const { upgrade } = world.context.spec;
  const [first] = candidates;
  if (first === undefined) return { stop: [] };
  const wait = (why: OsdHold, recheckAfterMs?: number): StopChoice<OsdHold> => ({
    held: { daemon: first, why, ...(recheckAfterMs === undefined ? {} : { recheckAfterMs }) },
    isRefused: false,
  });
  if (upgrade.skipChecks || dump.osds.length < fewestToAsk) return { stop: [first] };
  if (world.ceph?.status.mgrmap.available !== true) return wait({ type: "notOk", refusal: { type: "noMgr" }, pools: dump.pools });

  const rest = lastReturn(world, [apps.osd]) + settleMs - world.now;
  if (rest > 0) return wait({ type: "settling" }, rest);
  const unclean = upgrade.needsCleanPgs ? uncleanPgs(world) : undefined;
  const choice: StopChoice<OsdHold> =
    unclean === undefined ? await askCeph(world, act, world.ceph, choosing) : { held: { daemon: first, why: unclean }, isRefused: true };
  if ("stop" in choice || !upgrade.continueUnhealthy) return choice;
  const until = lastReturn(world, [apps.mon, apps.mgr, apps.osd]) + upgrade.waitForOsdMs;
  if (until <= world.now) return { stop: [first] };
  return { ...choice, held: { ...choice.held, why: { type: "until", why: choice.held.why, until } } };
}

/** OSDs that would get what others of their likeness have got and went down with, each with the reason. */
async function withoutHope(world: World, act: Act, { states, dump }: Choosing): Promise<ReadonlyMap<string, OsdHold>> {
  const reasons = new Map<string, OsdHold>();
  for (const alike of groupsOf(states)) {
    const away = alike.filter((each) => isChanged(each) && !each.isBack && each.trouble !== undefined);
    if (away.length < mostLost || isProven(alike)) continue;
    const lost = await downWithChange(world, act, dump, away);
    if (lost.length >= mostLost)
      for (const { daemon } of alike)
        reasons.set(daemon, { type: "othersLost", lost: lost.map(({ daemon: each, trouble }) => ({ daemon: each, trouble })) });
  }
  return reasons;
}

/** Those of them that ran until they were changed, or since: the others had been down before, and show nothing. Of many, the last to go down. */
async function downWithChange(world: World, act: Act, dump: OsdMap, away: readonly DaemonState[]): Promise<DaemonState[]> {
  const epochs = new Map(dump.osds.map(({ osd, down_at }) => [`osd.${osd}`, down_at]));
  const last = away.toSorted((a, b) => (epochs.get(b.daemon) ?? 0) - (epochs.get(a.daemon) ?? 0)).slice(0, mostNamed);
  const found = await Promise.all(
    last.map(async (state) => {
      const epoch = epochs.get(state.daemon) ?? 0;
      const made = madeAt(world, state.daemon);
      if (world.ceph === undefined || epoch === 0 || made === undefined) return [];
      const downAt = await osdMapTime(act.ceph, epoch, { signal: act.signal });
      return downAt !== undefined && made - downAt < replacedWithinMs ? [state] : [];
    }),
  );
  return found.flat();
}

/** When the OSD's Pod of now was made: the one before it ends first. */
function madeAt({ pods }: World, daemon: string): number | undefined {
  const own = pods.filter(({ metadata: { labels, deletionTimestamp } }) => {
    return labels?.["app"] === apps.osd && `osd.${labels["ceph_daemon_id"] ?? ""}` === daemon && deletionTimestamp === undefined;
  });
  const times = own.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? "")).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** OSDs by their likeness. */
function groupsOf(states: readonly DaemonState[]): readonly (readonly DaemonState[])[] {
  return [...Map.groupBy(states, ({ likeness }) => likeness).values()];
}

/** Candidates whose nodes take no Pods for now, each with the reason. */
function withoutReturn(world: World, { candidates, wanted }: Choosing): ReadonlyMap<string, OsdHold> {
  const hosts = new Map(wanted.map((osd) => [`osd.${osd.id}`, osd.hostname]));
  const reasons = new Map([...new Set(hosts.values())].map((hostname) => [hostname, noReturn(world, "osd", hostname)]));
  return new Map(
    candidates.flatMap((daemon) => {
      const lost = reasons.get(hosts.get(daemon) ?? "");
      return lost === undefined ? [] : [[daemon, { type: "noReturn", noReturn: lost }] as const];
    }),
  );
}

async function askCeph(
  world: World,
  act: Act,
  ceph: NonNullable<World["ceph"]>,
  { candidates, states, wanted, dump }: Choosing,
): Promise<StopChoice<OsdHold>> {
  const trials = new Set(groupsOf(states).flatMap((alike) => (isProven(alike) ? [] : alike.map(({ daemon }) => daemon))));
  const most = candidates.every((daemon) => trials.has(daemon)) ? 1 : world.context.spec.upgrade.osdsAtOnce;
  const domain = most > 1 ? batchDomain(await crushRules(act.ceph), dump.pools) : "host";
  const places = new Map(wanted.map((osd) => [`osd.${osd.id}`, osd]));
  const choice = await chooseOsds({
    candidates: candidates.flatMap((daemon) => {
      const osd = places.get(daemon);
      return osd === undefined ? [] : [{ id: osd.id, domain: bucketOf(osd.crushLocation, domain), isTrial: trials.has(daemon) }];
    }),
    most,
    turn: Math.floor(world.now / settleMs),
    ask: (ids) => askToStopOsds(ceph, act, ids),
  });
  if ("stop" in choice) return { stop: choice.stop.map((id) => `osd.${id}`) };
  const { id, why } = choice.refused;
  return { held: { daemon: `osd.${id}`, why: { type: "notOk", refusal: why, pools: dump.pools } }, isRefused: true };
}

/** PGs that are not clean; undefined where all are. */
function uncleanPgs(world: World): OsdHold | undefined {
  const states = (world.ceph?.status.pgmap.pgs_by_state ?? []).filter(({ state_name }) => {
    const words = state_name.split("+");
    return !words.includes("active") || !words.includes("clean");
  });
  return states.length === 0 ? undefined : { type: "unclean", states };
}

/** When the last daemon of these came back, in milliseconds since 1970. */
function lastReturn(world: World, daemons: readonly string[]): number {
  const ready = world.pods.filter((pod) => daemons.includes(pod.metadata.labels?.["app"] ?? "") && isReady(pod));
  return ready.reduce((last, pod) => Math.max(last, readySince(pod)), 0);
}
