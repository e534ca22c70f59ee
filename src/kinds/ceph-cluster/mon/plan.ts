import { apps, daemonLetters, names } from "../../../daemons/names.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { ConfigMap, Deployment, Node, Pod, Service } from "../../../kube/kinds.ts";
import type { KubeReader } from "../../../kube/kube.ts";
import type { Act } from "../common/act.ts";
import type { World } from "../common/world.ts";
import { decideMons, type MonDecision, type MonsSeen } from "./decide.ts";
import { newMonIds } from "./known.ts";
import { nodeAddress } from "./node-address.ts";
import { lastMonIndex, type MonObjects, type MonQuorum, type MonView, monViews } from "./observe.ts";
import { placeForMon } from "./place.ts";
import { monQuorum } from "./quorum.ts";

/** What is seen of the mons, and what follows from it. */
export interface MonPlan {
  /** Whether the objects come from the API server itself, not from a cache. */
  readonly isLive: boolean;
  readonly objects: MonObjects;
  /** Undefined while Ceph does not answer. */
  readonly quorum: MonQuorum | undefined;
  readonly views: readonly MonView[];
  /** Undefined while Ceph does not answer: without a quorum nothing changes. */
  readonly decision: MonDecision | undefined;
  /** What it was decided from. */
  readonly seen: MonsSeen | undefined;
  /** Of the last letters that were given to a mon; -1 before the first. */
  readonly lastIndex: number;
}

/**
 * What is to be done about the mons. A cache may be old: what changes them follows from the API server itself and a fresh answer of Ceph;
 * and what would be made anew because it seems to be gone, from the endpoints as they are now. `mayChange`: it is known what mons are made with.
 */
export async function planMons(world: World, act: Act, { mayChange }: { mayChange: boolean }): Promise<MonPlan> {
  const { kube, live } = act;
  const seen = { objects: await objectsIn(world, act, kube), quorum: await monQuorum(world, act, { fresh: false }) };
  const plan = { isLive: false, ...decideFrom(world, seen, mayChange) };
  const isOld = !changes(plan.decision) && lacksObjects(world, plan) && !(await hasTheseEndpoints(world, act, plan));
  if (!changes(plan.decision) && !isOld) return plan;
  const now = { objects: await objectsIn(world, act, live), quorum: await monQuorum(world, act, { fresh: true }) };
  return { isLive: true, ...decideFrom(world, now, mayChange) };
}

function decideFrom(world: World, { objects, quorum }: Pick<MonPlan, "objects" | "quorum">, mayChange: boolean): Omit<MonPlan, "isLive"> {
  const { spec } = world.context;
  const views = monViews({ objects, quorum, leftAlone: world.leftAlone, now: world.now });
  const lastIndex = lastMonIndex(objects, views);
  if (quorum === undefined || !mayChange) return { objects, quorum, views, decision: undefined, seen: undefined, lastIndex };
  const { monFailover } = spec.healthCheck;
  const id = newMonIds(1, [], lastIndex)[0] ?? daemonLetters(lastIndex + 1);
  const seen: MonsSeen = {
    mons: views,
    wanted: spec.mon.count,
    mayShareNodes: spec.mon.allowMultiplePerNode,
    now: world.now,
    quorumAgeMs: quorum.ageMs,
    failover: monFailover && { timeoutMs: monFailover.timeoutMs, drainDelayMs: monFailover.intervalMs },
    next: {
      id,
      ...placeForMon({
        id,
        mons: views,
        nodes: objects.nodes,
        placement: placementOf(world.context, "mon"),
        allowMultiplePerNode: spec.mon.allowMultiplePerNode,
        addressOn: (node) => (spec.network.hostNetwork ? nodeAddress(node) : undefined),
      }),
    },
  };
  return { objects, quorum, views, decision: decideMons(seen), seen, lastIndex };
}

async function objectsIn(world: World, act: Act, reader: KubeReader): Promise<MonObjects> {
  const { namespace } = world.context;
  const selection = { namespace, labels: { app: apps.mon, rook_cluster: namespace } };
  const isFromPass = reader === act.kube;
  const [endpoints, services, deployments, pods, nodes] = await Promise.all([
    reader.get(ConfigMap, { namespace, name: names.endpoints }),
    reader.list(Service, selection),
    isFromPass ? world.deployments : reader.list(Deployment, selection),
    isFromPass ? world.pods : reader.list(Pod, selection),
    isFromPass ? world.nodes : reader.list(Node),
  ]);
  return { endpoints, services, deployments, pods, nodes };
}

/** Whether something is done in this pass that changes which mons there are. */
function changes(decision: MonDecision | undefined): boolean {
  switch (decision?.type) {
    case "add":
    case "adopt":
    case "dismiss":
    case "leaveMap":
    case "clearAway":
      return true;
    case undefined:
    case "settled":
    case "awaitReturn":
    case "awaitJoin":
    case "noPlace":
    case "hold":
      return false;
  }
}

/** Whether a mon's Service or Deployment seems to be gone. */
function lacksObjects(world: World, { views }: MonPlan): boolean {
  const members = views.filter((mon) => mon.isMember);
  const hasServices = world.context.spec.network.hostNetwork;
  return members.length === 0 || members.some((mon) => !mon.hasDeployment || !(mon.hasService || hasServices));
}

async function hasTheseEndpoints(world: World, act: Act, { objects }: MonPlan): Promise<boolean> {
  const now = await act.live.get(ConfigMap, { namespace: world.context.namespace, name: names.endpoints });
  return now?.data?.["data"] === objects.endpoints?.data?.["data"];
}
