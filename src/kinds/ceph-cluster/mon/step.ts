import { isDeepStrictEqual } from "node:util";
import { noReturn } from "../../../daemons/diagnosis/no-return.ts";
import { imageOfDeployment } from "../../../daemons/image/daemon-images.ts";
import { apps, daemonIndex, names } from "../../../daemons/names.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { hostnameOf } from "../../../daemons/pod/schedulable-nodes.ts";
import { rollOut } from "../../../daemons/rollout/roll-out.ts";
import { Deployment, Secret, Service } from "../../../kube/kinds.ts";
import { isKubeError } from "../../../kube/kube-error.ts";
import { specVersionOf } from "../../../kube/spec-version.ts";
import { blocked, notYet, type Outcome, waiting } from "../common/outcome.ts";
import { daemonContext, type Pass } from "../common/pass.ts";
import { type PlacedMon } from "../common/placed-mon.ts";
import { askToStopMon } from "./ask-to-stop.ts";
import { monDeployment, monService } from "./build.ts";
import { changeMons } from "./change.ts";
import { type MonDecision, makingRoom } from "./decide.ts";
import { writeEndpoints } from "./endpoints.ts";
import { sayMons } from "./explain.ts";
import { newMonIds, placeMons } from "./known.ts";
import { type MonPlan, planMons } from "./plan.ts";

/**
 * The mons: which there are to be, their addresses, where they are written down, and the mons themselves; done when there are as many as
 * wanted, every one in quorum. Their number changes by one mon at a time, as `decideMons` says.
 */
export async function mons(pass: Pass): Promise<Outcome> {
  try {
    return await bringAbout(pass, await planMons(pass));
  } catch (error) {
    if (!isKubeError(error, "conflict")) throw error;
    // what was decided followed from a ConfigMap that is not so any more
    return waiting("StartingMons", `ConfigMap ${names.endpoints} was just changed by somebody else`, 500);
  }
}

async function bringAbout(pass: Pass, plan: MonPlan): Promise<Outcome> {
  const { kube } = pass.deps;
  const { namespace, spec } = pass.context;
  const members = membersOf(pass, plan);
  const placement = placeMons({
    ids: members.filter((mon) => mon.hostname === undefined).map((mon) => mon.id),
    taken: members.flatMap((mon) => mon.hostname ?? []),
    nodes: plan.objects.nodes,
    placement: placementOf(pass.context, "mon"),
    allowMultiplePerNode: spec.mon.allowMultiplePerNode,
  });
  if (placement.state === "tooFewNodes")
    return blocked(
      "NotEnoughNodes",
      `mon.count is ${spec.mon.count}, but only ${placement.nodes} of ${pass.nodes.length} nodes can take a mon; add nodes, lower mon.count, or set mon.allowMultiplePerNode (not for production)`,
    );

  // a fresh cluster's endpoints are read from the Services just made: an address is never guessed
  const placed = await Promise.all(
    members.map(async (mon): Promise<PlacedMon> => {
      const hostname = mon.hostname ?? placement.hostnames.get(mon.id) ?? "";
      return { id: mon.id, hostname, address: await addressOf(pass, mon, hostname) };
    }),
  );
  pass.mons = placed;
  const context = daemonContext(pass);
  const { version } = pass;
  if (context === undefined || version === undefined) return notYet;
  if ((await kube.get(Secret, { namespace, name: names.monsKeyring })) === undefined) return notYet;

  // before a mon is started, and before one leaves, so that everybody finds those that stay
  await writeEndpoints(pass, plan, placed);
  const stopped = await stoppedFor(pass, plan, placed);
  if (stopped === undefined)
    return waiting(
      "UpdatingMons",
      "Mons are about to make room for each other, and their Deployments were just changed by another client",
      1000,
    );
  for (const mon of placed) {
    const replicas = stopped.includes(mon.id) ? 0 : 1;
    const found = pass.deployments.find((d) => d.metadata.name === names.mon(mon.id));
    // to start one that is stopped costs nobody anything, so it needs no roll-out
    if (found !== undefined && !pass.leftAlone.has(`mon.${mon.id}`) && (replicas === 0 || found.spec?.replicas === 0))
      // which image it is to have is for the roll-out to say
      await pass.apply(Deployment, monDeployment(context, mon, imageOfDeployment(found) ?? version, { replicas }));
  }
  const inQuorum = plan.quorum?.inQuorum ?? new Set();
  const homeless = new Map(placed.map(({ id, hostname }) => [id, noReturn(pass, "mon", hostname)]));
  const rollout = await rollOut(
    pass,
    // those that could not start again come last, and hold up no other
    placed
      .filter(({ id }) => !stopped.includes(id))
      .toSorted((a, b) => Number(homeless.get(a.id) !== undefined) - Number(homeless.get(b.id) !== undefined))
      .map((mon) => ({ daemon: `mon.${mon.id}`, build: (image) => monDeployment(context, mon, image) })),
    {
      type: "mon",
      image: version,
      serves: (daemon) => inQuorum.has(daemon.slice("mon.".length)),
      mayChange: true,
      mayStop: async (daemon) => {
        const id = daemon.slice("mon.".length);
        const held = sharedNode(pass, plan, id) ?? homeless.get(id) ?? mayStop(plan, id);
        return held === true ? askToStopMon(pass, daemon, placed.length) : held;
      },
    },
  );
  await changeMons(pass, plan);
  return sayMons(pass, plan, placed, rollout);
}

/**
 * Mons that are stopped to make room. Undefined where one of them would be stopped now, and the API server has other Deployments than the pass saw:
 * by an old view a mon would be stopped that has its node for itself.
 */
async function stoppedFor(pass: Pass, { views }: MonPlan, placed: readonly PlacedMon[]): Promise<readonly string[] | undefined> {
  const { deps, deployments, context } = pass;
  const { namespace } = context;
  if (context.spec.mon.allowMultiplePerNode) return [];
  const stopped = makingRoom(views, placed);
  const runs = (id: string) => deployments.some(({ metadata, spec }) => metadata.name === names.mon(id) && spec?.replicas !== 0);
  if (!stopped.some(runs)) return stopped;
  const live = await deps.live.list(Deployment, { namespace, labels: { app: apps.mon, rook_cluster: namespace } });
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
function membersOf(pass: Pass, { views, decision, lastIndex }: MonPlan): Member[] {
  const members: Member[] = views.filter((mon) => isMemberAfter(mon, decision));
  if (decision?.type === "add") members.push({ id: decision.id, hostname: decision.hostname, ...addressMade(views, decision.id) });
  if (members.length > 0) return members.sort((a, b) => daemonIndex(a.id) - daemonIndex(b.id));
  return newMonIds(pass.context.spec.mon.count, [], lastIndex).map((id) => ({ id, ...addressMade(views, id) }));
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
async function addressOf(pass: Pass, mon: Member, hostname: string): Promise<string> {
  if (pass.context.spec.network.hostNetwork) {
    if (mon.address !== undefined) return mon.address;
    const node = pass.nodes.find((n) => hostnameOf(n) === hostname);
    const address =
      node?.metadata.annotations?.["network.rook.io/mon-ip"] ?? node?.status?.addresses?.find((a) => a.type === "InternalIP")?.address;
    if (address === undefined) throw new Error(`node ${hostname} has no InternalIP for mon ${mon.id}`);
    return address;
  }
  const service = await pass.apply(Service, monService(pass.context, mon.id, mon.address));
  const address = service.spec?.clusterIP;
  if (address === undefined || address === "") throw new Error(`Service ${names.mon(mon.id)} has no cluster IP`);
  return address;
}

/** A mon that shares its node would not start again once it may not: it stays as it is until one of them goes. */
function sharedNode(pass: Pass, { views }: MonPlan, id: string): string | undefined {
  const hostname = views.find((mon) => mon.id === id)?.hostname;
  const other = views.find((mon) => mon.isMember && mon.id !== id && mon.hostname === hostname);
  if (pass.context.spec.mon.allowMultiplePerNode || hostname === undefined || other === undefined) return undefined;
  return `it shares ${hostname} with mon ${other.id}, and mon.allowMultiplePerNode is not set: lower mon.count, or set it`;
}

/** Whether a mon may be stopped for a change of its Pod: not while the mons themselves change, and only if all others are in quorum. */
function mayStop({ views, decision }: MonPlan, id: string): true | string {
  const map = views.filter((mon) => mon.isInMap);
  if (decision?.type === "adopt") return "the endpoints do not name all mons yet";
  if (decision !== undefined && "id" in decision && decision.type !== "awaitReturn") return `mon ${decision.id} joins or leaves`;
  const [only] = views.filter((mon) => mon.isMember);
  if (map.length <= 1 && only?.id === id) return true;
  const missing = map.filter((mon) => mon.id !== id && !mon.isInQuorum);
  if (map.length === 0) return "there is no quorum";
  return missing.length === 0 ? true : `mon ${missing.map((mon) => mon.id).join(", ")} is not in quorum`;
}
