import { crushRules } from "../../../ceph/commands/crush.ts";
import { type OsdMap, osdMapTime } from "../../../ceph/commands/osd.ts";
import { noReturn } from "../../../daemons/diagnosis/no-return.ts";
import { apps } from "../../../daemons/names.ts";
import { isReady, readySince, timeOfDay } from "../../../daemons/pod/pods.ts";
import { type DaemonState, isChanged, isProven } from "../../../daemons/rollout/decide.ts";
import { type Rollout, rollOut, type StopChoice } from "../../../daemons/rollout/roll-out.ts";
import type { Act } from "../common/act.ts";
import { askToStopOsds } from "../common/ask-to-stop-osds.ts";
import { batchDomain, bucketOf } from "../common/batch-domain.ts";
import { type PlacedOsd } from "../common/placed-osd.ts";
import type { Daemons } from "../common/versions.ts";
import { whyNotStop } from "../common/why-not-stop.ts";
import type { World } from "../common/world.ts";
import { osdDeployment } from "./build.ts";
import { chooseOsds } from "./choose.ts";

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
): Promise<Rollout> {
  const { daemons, wanted, dump, mayChange } = input;
  const { context, image, plan } = daemons;
  const up = new Set(dump.osds.filter((osd) => osd.up === 1).map(({ osd }) => `osd.${osd}`));
  // all that a template says and that is not the OSD's own name and place comes from the spec of all, but for this
  const resources = new Map(wanted.map((osd) => [`osd.${osd.id}`, JSON.stringify(osd.resources ?? {})]));
  const isIn = new Set(dump.osds.filter((osd) => osd.in === 1).map(({ osd }) => `osd.${osd}`));
  return rollOut(
    world,
    act,
    wanted.map((osd) => ({ daemon: `osd.${osd.id}`, build: (image) => osdDeployment(context, osd, image) })),
    {
      type: "osd",
      image,
      plan,
      serves: (daemon) => up.has(daemon),
      isAwaited: (daemon) => isIn.has(daemon),
      likeness: (daemon) => resources.get(daemon) ?? "",
      mayChange,
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

async function choose(world: World, act: Act, asked: Choosing): Promise<StopChoice> {
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
  const wait = (why: string, recheckAfterMs?: number): StopChoice => ({
    held: { daemon: first, why, ...(recheckAfterMs === undefined ? {} : { recheckAfterMs }) },
    isRefused: false,
  });
  if (upgrade.skipChecks || dump.osds.length < fewestToAsk) return { stop: [first] };
  if (world.ceph?.status.mgrmap.available !== true) return wait("no mgr is active, which knows whether it may be stopped");

  const rest = lastReturn(world, [apps.osd]) + settleMs - world.now;
  if (rest > 0) return wait("Ceph is given a moment to see what the last change did to its PGs", rest);
  const unclean = upgrade.needsCleanPgs ? uncleanPgs(world) : undefined;
  const choice: StopChoice =
    unclean === undefined ? await askCeph(world, act, world.ceph, choosing) : { held: { daemon: first, why: unclean }, isRefused: true };
  if ("stop" in choice || !upgrade.continueUnhealthy) return choice;
  const until = lastReturn(world, [apps.mon, apps.mgr, apps.osd]) + upgrade.waitForOsdMs;
  if (until <= world.now) return { stop: [first] };
  const why = `${choice.held.why}; continueUpgradeAfterChecksEvenIfNotHealthy is set: at ${timeOfDay(until)} it is stopped all the same`;
  return { ...choice, held: { ...choice.held, why } };
}

/** OSDs that would get what others of their likeness have got and went down with, each with the reason. */
async function withoutHope(world: World, act: Act, { states, dump }: Choosing): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for (const alike of groupsOf(states)) {
    const away = alike.filter((each) => isChanged(each) && !each.isBack && each.trouble !== undefined);
    if (away.length < mostLost || isProven(alike)) continue;
    const lost = await downWithChange(world, act, dump, away);
    if (lost.length >= mostLost) for (const { daemon } of alike) reasons.set(daemon, sayLost(lost));
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

function sayLost(lost: readonly DaemonState[]): string {
  const named = lost.map(({ daemon, trouble }) => `${daemon} ${trouble ?? ""}`);
  return `those changed before it do not come back: ${named.join(", ")}; cure what they say, or set back what was changed in the spec; purge those whose disks are lost (ceph osd purge), and delete their Deployments`;
}

/** Candidates whose nodes take no Pods for now, each with the reason. */
function withoutReturn(world: World, { candidates, wanted }: Choosing): ReadonlyMap<string, string> {
  const hosts = new Map(wanted.map((osd) => [`osd.${osd.id}`, osd.hostname]));
  const reasons = new Map([...new Set(hosts.values())].map((hostname) => [hostname, noReturn(world, "osd", hostname)]));
  return new Map(
    candidates.flatMap((daemon) => {
      const why = reasons.get(hosts.get(daemon) ?? "");
      return why === undefined ? [] : [[daemon, why] as const];
    }),
  );
}

async function askCeph(
  world: World,
  act: Act,
  ceph: NonNullable<World["ceph"]>,
  { candidates, states, wanted, dump }: Choosing,
): Promise<StopChoice> {
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
  const { id, verdict } = choice.refused;
  return { held: { daemon: `osd.${id}`, why: whyNotStop(verdict, dump.pools) }, isRefused: true };
}

/** `8 active+undersized+degraded`: which PGs are not clean; undefined where all are. */
function uncleanPgs(world: World): string | undefined {
  const states = (world.ceph?.status.pgmap.pgs_by_state ?? []).filter(({ state_name }) => {
    const words = state_name.split("+");
    return !words.includes("active") || !words.includes("clean");
  });
  if (states.length === 0) return undefined;
  const count = states.reduce((sum, state) => sum + state.count, 0);
  const which = states.slice(0, 3).map(({ state_name, count: some }) => `${some} ${state_name}`);
  return `${count} PGs are not clean (${which.join(", ")}), as upgradeOSDRequiresHealthyPGs asks`;
}

/** When the last daemon of these came back, in milliseconds since 1970. */
function lastReturn(world: World, daemons: readonly string[]): number {
  const ready = world.pods.filter((pod) => daemons.includes(pod.metadata.labels?.["app"] ?? "") && isReady(pod));
  return ready.reduce((last, pod) => Math.max(last, readySince(pod)), 0);
}
