import { isDeepStrictEqual } from "node:util";
import { noReturn } from "../../../daemons/diagnosis/no-return.ts";
import { imageOfDeployment } from "../../../daemons/image/daemon-images.ts";
import { apps, daemonIndex, names } from "../../../daemons/names.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { hostnameOf } from "../../../daemons/pod/schedulable-nodes.ts";
import { followPlan } from "../../../daemons/rollout/follow-plan.ts";
import { rollOut } from "../../../daemons/rollout/roll-out.ts";
import { Deployment, Secret, Service } from "../../../kube/kinds.ts";
import { isKubeError } from "../../../kube/kube-error.ts";
import { specVersionOf } from "../../../kube/spec-version.ts";
import type { Act } from "../common/act.ts";
import { monType } from "../common/daemon-types.ts";
import { blocked, done, notYet, waiting } from "../common/outcome.ts";
import type { PlacedMon } from "../common/placed-mon.ts";
import type { Step } from "../common/step.ts";
import type { Daemons } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { askToStopMon } from "./ask-to-stop.ts";
import { monDeployment, monService } from "./build.ts";
import { changeMons } from "./change.ts";
import { type MonDecision, makingRoom } from "./decide.ts";
import { writeEndpoints } from "./endpoints.ts";
import { sayMons } from "./explain.ts";
import type { MonHold } from "./hold.ts";
import { findPlaces, newMonIds } from "./known.ts";
import { nodeAddress } from "./node-address.ts";
import { type MonPlan, planMons } from "./plan.ts";

/** What is to be done about the mons, and where each of them is. */
export interface PlannedMons {
  readonly plan: MonPlan;
  readonly placed: readonly PlacedMon[];
}

/** Which mons there are to be, each with its node and its address. `mayStart`: it is known what mons are made with. */
export async function placeMons(world: World, act: Act, { mayStart }: { mayStart: boolean }): Promise<Step<PlannedMons>> {
  const plan = await planMons(world, act, { mayChange: mayStart });
  const { spec } = world.context;
  const members = membersOf(world, plan);
  const placement = findPlaces({
    ids: members.filter((mon) => mon.hostname === undefined).map((mon) => mon.id),
    taken: members.flatMap((mon) => mon.hostname ?? []),
    nodes: plan.objects.nodes,
    placement: placementOf(world.context, "mon"),
    allowMultiplePerNode: spec.mon.allowMultiplePerNode,
  });
  if (placement.state === "tooFewNodes")
    return {
      outcome: blocked(
        "NotEnoughNodes",
        `mon.count is ${spec.mon.count}, but only ${placement.nodes} of ${world.nodes.length} nodes can take a mon; add nodes, lower mon.count, or set mon.allowMultiplePerNode (not for production)`,
      ),
    };
  // a fresh cluster's endpoints are read from the Services just made: an address is never guessed
  const placed = await Promise.all(
    members.map(async (mon): Promise<PlacedMon> => {
      const hostname = mon.hostname ?? placement.hostnames.get(mon.id) ?? "";
      return { id: mon.id, hostname, address: await addressOf(world, act, mon, hostname) };
    }),
  );
  refuseSharedAddress(placed);
  return { outcome: done, found: { plan, placed } };
}

/** Every program that uses librados ends on a list that has an address twice, the operator as well. @throws Error */
function refuseSharedAddress(placed: readonly PlacedMon[]): void {
  for (const [index, mon] of placed.entries()) {
    const other = placed.slice(0, index).find(({ address }) => address === mon.address);
    if (other !== undefined)
      throw new Error(
        `mon ${other.id} on ${other.hostname} and mon ${mon.id} on ${mon.hostname} would have the same address ${mon.address}; give each node an address of its own (its InternalIP, or its annotation network.rook.io/mon-ip)`,
      );
  }
}

/**
 * The mons: where they are is written down, and each runs; done when there are as many as wanted, every one in quorum. Their number changes by
 * one mon at a time, as `decideMons` says.
 */
export async function ensureMons(
  world: World,
  act: Act,
  { mons, daemons }: { mons: PlannedMons | undefined; daemons: Daemons | undefined },
): Promise<Step<never>> {
  if (mons === undefined || daemons === undefined) return { outcome: notYet };
  try {
    return await bringAbout(world, act, mons, daemons);
  } catch (error) {
    if (!isKubeError(error, "conflict")) throw error;
    // what was decided followed from a ConfigMap that is not so any more
    return { outcome: waiting("StartingMons", `ConfigMap ${names.endpoints} was just changed by somebody else`, 500) };
  }
}

async function bringAbout(world: World, act: Act, { plan, placed }: PlannedMons, daemons: Daemons): Promise<Step<never>> {
  const { context, image } = daemons;
  const { namespace } = context;
  if ((await act.kube.get(Secret, { namespace, name: names.monsKeyring })) === undefined) return { outcome: notYet };

  // before a mon is started, and before one leaves, so that everybody finds those that stay
  await writeEndpoints(world, act, plan, placed);
  const stopped = await stoppedFor(world, act, plan, placed);
  if (stopped === undefined)
    return {
      outcome: waiting(
        "UpdatingMons",
        "Mons are about to make room for each other, and their Deployments were just changed by another client",
        1000,
      ),
    };
  for (const mon of placed) {
    const replicas = stopped.includes(mon.id) ? 0 : 1;
    const found = world.deployments.find((d) => d.metadata.name === names.mon(mon.id));
    // to start one that is stopped costs nobody anything, so it needs no roll-out
    if (found !== undefined && !world.leftAlone.has(`mon.${mon.id}`) && (replicas === 0 || found.spec?.replicas === 0))
      // which image it is to have is for the roll-out to say
      await act.apply(Deployment, monDeployment(context, mon, imageOfDeployment(found) ?? image, { replicas }));
  }
  const inQuorum = plan.quorum?.inQuorum ?? new Set();
  const homeless = new Map(placed.map(({ id, hostname }) => [id, noReturn(world, "mon", hostname)]));
  const rollout = await rollOut<MonHold>(
    world,
    act,
    // those that could not start again come last, and hold up no other
    placed
      .filter(({ id }) => !stopped.includes(id))
      .toSorted((a, b) => Number(homeless.get(a.id) !== undefined) - Number(homeless.get(b.id) !== undefined))
      .map((mon) => ({ daemon: `mon.${mon.id}`, build: (image) => monDeployment(context, mon, image) })),
    {
      type: monType,
      ...followPlan(daemons.plan, monType.type, { ...world, image, mayChange: true, versions: world.ceph?.versions }),
      serves: (daemon) => inQuorum.has(daemon.slice("mon.".length)),
      mayStop: async (daemon) => {
        const id = daemon.slice("mon.".length);
        const home = homeless.get(id);
        const lost: MonHold | undefined = home && { type: "noReturn", noReturn: home };
        return sharedNode(world, plan, id) ?? lost ?? holdOf(plan, id) ?? (await askToStopMon(world, act, daemon, placed.length));
      },
    },
  );
  const changed = await changeMons(world, act, plan);
  const { notes = [], ...said } = sayMons(world, plan, placed, rollout);
  return { ...said, notes: [...changed, ...notes] };
}

/**
 * Mons that are stopped to make room. Undefined where one of them would be stopped now, and the API server has other Deployments than the pass saw:
 * by an old view a mon would be stopped that has its node for itself.
 */
async function stoppedFor(
  world: World,
  act: Act,
  { views }: MonPlan,
  placed: readonly PlacedMon[],
): Promise<readonly string[] | undefined> {
  const { deployments, context } = world;
  const { namespace } = context;
  if (context.spec.mon.allowMultiplePerNode) return [];
  const stopped = makingRoom(views, placed);
  const runs = (id: string) => deployments.some(({ metadata, spec }) => metadata.name === names.mon(id) && spec?.replicas !== 0);
  if (!stopped.some(runs)) return stopped;
  const live = await act.live.list(Deployment, { namespace, labels: { app: apps.mon, rook_cluster: namespace } });
  const versionsOf = (all: readonly Deployment[]) => all.map(specVersionOf).sort();
  const seen = deployments.filter(({ metadata }) => metadata.labels?.["app"] === apps.mon);
  return isDeepStrictEqual(versionsOf(live), versionsOf(seen)) ? stopped : undefined;
}

/** A mon that is to be, and what is known of its place. */
interface Member {
  readonly id: string;
  readonly address?: string;
  readonly hostname?: string;
}

/** Those that the endpoints name, with what was decided; for a new cluster, as many as the spec asks for. */
function membersOf(world: World, { views, decision, lastIndex }: MonPlan): Member[] {
  const members: Member[] = views.filter((mon) => isMemberAfter(mon, decision));
  if (decision?.type === "add") members.push({ id: decision.id, hostname: decision.hostname, ...addressMade(views, decision.id) });
  if (members.length > 0) return members.sort((a, b) => daemonIndex(a.id) - daemonIndex(b.id));
  return newMonIds(world.context.spec.mon.count, [], lastIndex).map((id) => ({ id, ...addressMade(views, id) }));
}

function isMemberAfter(mon: { readonly id: string; readonly isMember: boolean }, decision: MonDecision | undefined): boolean {
  if (decision?.type === "adopt" && decision.ids.includes(mon.id)) return true;
  return mon.isMember && !(decision?.type === "dismiss" && decision.id === mon.id);
}

/** The address of a Service that an earlier try has made. */
function addressMade(views: MonPlan["views"], id: string): { address?: string } {
  const address = views.find((mon) => mon.id === id)?.address;
  return address === undefined ? {} : { address };
}

/** The address that is or will be in the monmap: a Service's, or, on the host network, the node's. */
async function addressOf(world: World, act: Act, mon: Member, hostname: string): Promise<string> {
  if (world.context.spec.network.hostNetwork) {
    if (mon.address !== undefined) return mon.address;
    const node = world.nodes.find((n) => hostnameOf(n) === hostname);
    const address = nodeAddress(node);
    if (address === undefined) throw new Error(`node ${hostname} has no InternalIP for mon ${mon.id}`);
    return address;
  }
  const service = await act.apply(Service, monService(world.context, mon.id, mon.address));
  const address = service.spec?.clusterIP;
  if (address === undefined || address === "") throw new Error(`Service ${names.mon(mon.id)} has no cluster IP`);
  return address;
}

/** A mon that shares its node would not start again once it may not: it stays as it is until one of them goes. */
function sharedNode(world: World, { views }: MonPlan, id: string): MonHold | undefined {
  const hostname = views.find((mon) => mon.id === id)?.hostname;
  const other = views.find((mon) => mon.isMember && mon.id !== id && mon.hostname === hostname);
  if (world.context.spec.mon.allowMultiplePerNode || hostname === undefined || other === undefined) return undefined;
  return { type: "sharesNode", hostname, with: other.id };
}

/** What keeps a mon from being stopped: that the mons themselves change, or that another is not in quorum. */
function holdOf({ views, decision }: MonPlan, id: string): MonHold | undefined {
  const map = views.filter((mon) => mon.isInMap);
  if (decision?.type === "adopt") return { type: "endpointsLack" };
  if (decision !== undefined && "id" in decision && decision.type !== "awaitReturn") return { type: "monChanges", id: decision.id };
  const [only] = views.filter((mon) => mon.isMember);
  if (map.length <= 1 && only?.id === id) return undefined;
  const missing = map.filter((mon) => mon.id !== id && !mon.isInQuorum);
  if (map.length === 0) return { type: "noQuorum" };
  return missing.length === 0 ? undefined : { type: "missing", ids: missing.map((mon) => mon.id) };
}
