import { isDeepStrictEqual } from "node:util";
import { isCephError } from "../../../ceph/ceph-error.ts";
import { crushRules, setBucketFlag, unsetBucketFlag } from "../../../ceph/commands/crush.ts";
import { type OsdMap, osdDump, osdMapTime, osdTree } from "../../../ceph/commands/osd.ts";
import { apps, fieldManager } from "../../../daemons/names.ts";
import { hostnameOf } from "../../../daemons/pod/schedulable-nodes.ts";
import { applyWhenDifferent } from "../../../kube/apply-when-different.ts";
import { type Deployment, Node, PodDisruptionBudget } from "../../../kube/kinds.ts";
import type { KubeReader } from "../../../kube/kube.ts";
import type { Act } from "../common/act.ts";
import { askToStopOsds } from "../common/ask-to-stop-osds.ts";
import { done, doneFor, type Outcome, waiting } from "../common/outcome.ts";
import type { Step } from "../common/step.ts";
import type { World } from "../common/world.ts";
import { blockingOsdBudget, osdBudget } from "./build.ts";
import { type DrainRegime, decideDrain, drainedDomain, questionableRest } from "./decide.ts";
import { type DrainStory, explainDrain } from "./explain.ts";
import { failureDomainsOf } from "./failure-domain.ts";
import { leftOpen } from "./left-open.ts";
import { decisiveEpochs, type OsdOutage, osdOutages, withDownTimes } from "./osd-outages.ts";
import { type PgHealth, pgHealthOf } from "./pg-health.ts";
import {
  type BudgetAction,
  type BudgetWorld,
  type OsdBudget,
  openDomain,
  planBudgets,
  planNoBudgets,
  readOsdBudget,
} from "./plan-budgets.ts";

/**
 * Which OSDs a drain may take: one at a time while all is well, and all of one failure domain at a time once a node of it is drained,
 * whose data stays where it is for a while. Everything follows from the nodes' cordons, the OSDs, the PGs, and the budgets in place.
 */
export async function ensureOsdBudgets(world: World, act: Act): Promise<Step<never>> {
  const { ceph, context } = world;
  const deployments = world.deployments.filter((d) => d.metadata.labels?.["app"] === apps.osd);
  const { managePodBudgets, pgHealthyRegex } = context.spec.disruptionManagement;
  if (ceph === undefined || deployments.length === 0) return { outcome: done };
  const pgs = pgHealthOf(ceph.status.pgmap.pgs_by_state, pgHealthyRegex);
  const cached = await budgetsOf(world, act.kube);
  const isQuiet = allServe(world, deployments) && !cached.some((budget) => budget.type === "domain");
  if (isQuiet && managePodBudgets) {
    const regime = decideDrain({
      osds: [],
      pgs,
      open: undefined,
      missingPods: 0,
      restMayStop: undefined,
      maintenanceMs: 0,
      now: world.now,
    });
    await carryOut(
      world,
      act,
      planBudgets(regime, { budgets: cached, domains: [], domainType: "host", noout: new Set(), leftOpen: [] }),
      "host",
    );
    return settled(pgs);
  }
  if (isQuiet && cached.length === 0) return { outcome: done };
  return managePodBudgets ? await manage(world, act, deployments, pgs) : { outcome: await leave(world, act, deployments) };
}

/** Budgets while something is away, or was. What is in place is asked of the API server itself: what follows may take budgets away. */
async function manage(world: World, act: Act, deployments: readonly Deployment[], pgs: PgHealth): Promise<Step<never>> {
  const { ceph, now } = world;
  if (ceph === undefined) return { outcome: done };
  const map = await osdDump(act.ceph, { signal: act.signal });
  const { seen, osds, poolsOverOsds } = await look(world, act, deployments, map, await budgetsOf(world, act.live));
  const open = openDomain(seen);
  const drained = drainedDomain({ osds, open, now });
  const wereClean = seen.budgets.some((budget) => budget.type === "any" && budget.maxUnavailable > 0);
  const rest = drained === undefined ? [] : questionableRest({ osds, pgs, open, wereClean }, drained, poolsOverOsds);
  const verdict = rest.length === 0 ? undefined : await askToStopOsds(ceph, act, rest);
  const regime = decideDrain({
    osds,
    pgs,
    open,
    missingPods: deployments.reduce((sum, d) => sum + Math.max(0, (d.spec?.replicas ?? 1) - (d.status?.readyReplicas ?? 0)), 0),
    restMayStop: verdict?.ok,
    maintenanceMs: world.context.spec.disruptionManagement.osdMaintenanceTimeoutMs,
    now,
  });
  const failed = await carryOut(world, act, await asCordoned(world, act, planBudgets(regime, seen)), seen.domainType);
  const story = tell(world, osds, regime, verdict?.ok === false ? { refusal: verdict.refusal, pools: map.pools } : undefined);
  if (story.length > 0)
    return {
      outcome: waiting("NodeDrained", [...story, ...failed].join("; "), Math.max(1000, Math.min(10_000, untilNext(regime, seen, now)))),
    };
  return osds.some((osd) => osd.isAway) ? { outcome: doneFor(5000) } : settled(pgs);
}

/** Without the flag where the nodes' cordons are no longer as the cache has them: a drain that is over needs none. */
async function asCordoned(world: World, act: Act, actions: readonly BudgetAction[]): Promise<readonly BudgetAction[]> {
  const { nodes } = world;
  if (!actions.some(({ type }) => type === "setNoout")) return actions;
  const cordons = (those: readonly Node[]) => those.flatMap((node) => (node.spec?.unschedulable === true ? hostnameOf(node) : [])).sort();
  const isSo = isDeepStrictEqual(cordons(await act.live.list(Node)), cordons(nodes));
  return isSo ? actions : actions.filter(({ type }) => type !== "setNoout");
}

/** Budgets are not managed: those of the operator go, and the flag that it set. */
async function leave(world: World, act: Act, deployments: readonly Deployment[]): Promise<Outcome> {
  const { ceph } = world;
  if (ceph === undefined) return done;
  const map = await osdDump(act.ceph, { signal: act.signal });
  const { seen, osds } = await look(world, act, deployments, map, await budgetsOf(world, act.live));
  await carryOut(world, act, planNoBudgets(seen), seen.domainType);
  const story = tell(world, osds, undefined, undefined);
  return story.length === 0 ? done : waiting("NodeDrained", story.join("; "), 10_000);
}

/** Every OSD and failure domain as they are now, with what holds for them. */
async function look(
  world: World,
  act: Act,
  deployments: readonly Deployment[],
  map: OsdMap,
  budgets: readonly OsdBudget[],
): Promise<{ seen: BudgetWorld; osds: OsdOutage[]; poolsOverOsds: readonly string[] }> {
  const pods = world.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.osd);
  const isDraining = budgets.some((budget) => budget.type === "domain") || world.nodes.some((node) => node.spec?.unschedulable === true);
  const rules = isDraining && world.ceph ? await crushRules(act.ceph, { signal: act.signal }) : [];
  const { type, poolsOverOsds } = failureDomainsOf(map.pools, rules, [...deployments, ...pods]);
  const osds = await timed(world, act, osdOutages({ deployments, pods, nodes: world.nodes }, map, type));
  const domains = [...new Set(osds.flatMap((osd) => osd.domain ?? []))].sort();
  const noout = new Set(domains.filter((domain) => map.crush_node_flags[domain]?.includes("noout")));
  const { ceph } = world;
  const { signal } = act;
  const left =
    ceph === undefined
      ? []
      : await leftOpen({ budgets, domainType: type, deployments, flags: map.crush_node_flags }, () => osdTree(act.ceph, { signal }));
  return { seen: { budgets, domains, domainType: type, noout, leftOpen: left }, osds, poolsOverOsds };
}

/** The same with their times, from Ceph's maps; what the mons have forgotten is long ago. */
async function timed(world: World, act: Act, osds: readonly OsdOutage[]): Promise<OsdOutage[]> {
  const { ceph } = world;
  const { signal } = act;
  if (ceph === undefined) return [...osds];
  const times = decisiveEpochs(osds).map(async (epoch) => [epoch, (await osdMapTime(act.ceph, epoch, { signal })) ?? 0] as const);
  return withDownTimes(osds, new Map(await Promise.all(times)));
}

/** Does it, in order; what Ceph refuses is told and holds up nothing. */
async function carryOut(world: World, act: Act, actions: readonly BudgetAction[], domainType: string): Promise<string[]> {
  const refused: string[] = [];
  for (const action of actions) {
    // a process that stood still may no longer be the one that works
    act.signal.throwIfAborted();
    try {
      await carryOutOne(world, act, action, domainType);
    } catch (error) {
      if (!isCephError(error) || error.unanswered) throw error;
      refused.push(error.message);
    }
  }
  return refused;
}

async function carryOutOne(world: World, act: Act, action: BudgetAction, domainType: string): Promise<void> {
  const { context, ceph } = world;
  const { signal } = act;
  // what is decided by what the API server says must not be left out for what the cache says
  const apply = (budget: PodDisruptionBudget) =>
    applyWhenDifferent({ ...act.kube, get: (kind, key) => act.live.get(kind, key) }, PodDisruptionBudget, budget, { fieldManager });
  switch (action.type) {
    case "allowAny":
      await apply(osdBudget(context, action.maxUnavailable));
      return;
    case "block":
      await apply(blockingOsdBudget(context, domainType, action.domain));
      return;
    case "remove":
      await act.kube.delete(PodDisruptionBudget, { namespace: context.namespace, name: action.name }, { uid: action.uid });
      act.log.info("removed", { kind: "PodDisruptionBudget", name: action.name });
      return;
    case "setNoout":
      if (ceph !== undefined) await setBucketFlag(act.ceph, action.domain, "noout", { signal });
      act.log.info("noout set", { domain: action.domain });
      return;
    case "unsetNoout":
      if (ceph !== undefined) await unsetBucketFlag(act.ceph, action.domain, "noout", { signal });
      act.log.info("noout unset", { domain: action.domain });
      return;
  }
}

/** The cluster's own budgets for OSDs, as the cache or the API server has them. */
async function budgetsOf(world: World, reader: KubeReader): Promise<OsdBudget[]> {
  const { namespace, owner } = world.context;
  const found = await reader.list(PodDisruptionBudget, { namespace, ownerUid: owner.uid });
  return found.flatMap((budget) => readOsdBudget(budget, apps.osd) ?? []);
}

/** Whether nothing is away or about to be, as far as Kubernetes and Ceph's status tell. */
function allServe({ ceph, nodes, deployments }: World, ofOsds: readonly Deployment[]): boolean {
  const { num_osds, num_up_osds } = ceph?.status.osdmap ?? { num_osds: 0, num_up_osds: -1 };
  const cordoned = new Set(nodes.filter((node) => node.spec?.unschedulable === true).map(hostnameOf));
  return (
    num_up_osds === num_osds &&
    ofOsds.every((d) => (d.status?.readyReplicas ?? 0) >= (d.spec?.replicas ?? 1)) &&
    !deployments.some((d) => cordoned.has(pinnedTo(d) ?? ""))
  );
}

/** Hostname of the node that a daemon cannot leave. */
function pinnedTo({ spec }: Deployment): string | undefined {
  return spec?.template.spec?.nodeSelector?.["kubernetes.io/hostname"];
}

function tell(
  world: World,
  osds: readonly OsdOutage[],
  regime: DrainRegime | undefined,
  restStaysFor: DrainStory["restStaysFor"],
): string[] {
  const inQuorum = new Set(world.ceph?.status.quorum_names ?? []);
  const monsOut = new Map<string, string[]>();
  for (const deployment of world.deployments) {
    const { labels } = deployment.metadata;
    const id = labels?.["app"] === apps.mon ? labels["mon"] : undefined;
    const hostname = pinnedTo(deployment);
    if (id !== undefined && hostname !== undefined && !inQuorum.has(id)) monsOut.set(hostname, [...(monsOut.get(hostname) ?? []), id]);
  }
  return explainDrain({ nodes: world.nodes, osds, monsOut, regime, restStaysFor, now: world.now });
}

/** Nothing is away; PGs that are not clean yet hold up drains, and nothing else. */
function settled(pgs: PgHealth): Step<never> {
  if (pgs === "clean") return { outcome: done };
  const outcome: Outcome = doneFor(pgs === "settling" ? 2000 : 10_000);
  return pgs === "unclean" ? { outcome, remarks: ["no OSD may be evicted until every PG is active+clean"] } : { outcome };
}

/** Milliseconds until there is more to do: the flag, which follows the budgets, or its end. */
function untilNext(regime: DrainRegime, { noout }: BudgetWorld, now: number): number {
  if (regime.type !== "domain" || !regime.noout) return Number.POSITIVE_INFINITY;
  return noout.has(regime.domain) ? regime.until - now : 0;
}
