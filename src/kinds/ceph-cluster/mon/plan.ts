import { apps, daemonLetters, names } from "../../../daemons/names.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { ConfigMap, Deployment, Node, Pod, Service } from "../../../kube/kinds.ts";
import type { KubeReader } from "../../../kube/kube.ts";
import { daemonContext, type Pass } from "../common/pass.ts";
import { decideMons, type MonDecision, type MonsSeen } from "./decide.ts";
import { newMonIds } from "./known.ts";
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
 * and what would be made anew because it seems to be gone, from the endpoints as they are now.
 */
export async function planMons(pass: Pass): Promise<MonPlan> {
  const { kube, live } = pass.deps;
  const seen = { objects: await objectsIn(pass, kube), quorum: await monQuorum(pass, { fresh: false }) };
  const plan = { isLive: false, ...decideFrom(pass, seen) };
  const isOld = !changes(plan.decision) && lacksObjects(pass, plan) && !(await hasTheseEndpoints(pass, plan));
  if (!changes(plan.decision) && !isOld) return plan;
  return { isLive: true, ...decideFrom(pass, { objects: await objectsIn(pass, live), quorum: await monQuorum(pass, { fresh: true }) }) };
}

function decideFrom(pass: Pass, { objects, quorum }: Pick<MonPlan, "objects" | "quorum">): Omit<MonPlan, "isLive"> {
  const { spec } = pass.context;
  const views = monViews({ objects, quorum, leftAlone: pass.leftAlone, now: pass.now });
  const lastIndex = lastMonIndex(objects, views);
  if (quorum === undefined || daemonContext(pass) === undefined)
    return { objects, quorum, views, decision: undefined, seen: undefined, lastIndex };
  const { monFailover } = spec.healthCheck;
  const id = newMonIds(1, [], lastIndex)[0] ?? daemonLetters(lastIndex + 1);
  const seen: MonsSeen = {
    mons: views,
    wanted: spec.mon.count,
    mayShareNodes: spec.mon.allowMultiplePerNode,
    now: pass.now,
    quorumAgeMs: quorum.ageMs,
    failover: monFailover && { timeoutMs: monFailover.timeoutMs, drainDelayMs: monFailover.intervalMs },
    next: {
      id,
      ...placeForMon({
        id,
        mons: views,
        nodes: objects.nodes,
        placement: placementOf(pass.context, "mon"),
        allowMultiplePerNode: spec.mon.allowMultiplePerNode,
      }),
    },
  };
  return { objects, quorum, views, decision: decideMons(seen), seen, lastIndex };
}

async function objectsIn(pass: Pass, reader: KubeReader): Promise<MonObjects> {
  const { namespace } = pass.context;
  const selection = { namespace, labels: { app: apps.mon, rook_cluster: namespace } };
  const isFromPass = reader === pass.deps.kube;
  const [endpoints, services, deployments, pods, nodes] = await Promise.all([
    reader.get(ConfigMap, { namespace, name: names.endpoints }),
    reader.list(Service, selection),
    isFromPass ? pass.deployments : reader.list(Deployment, selection),
    isFromPass ? pass.pods : reader.list(Pod, selection),
    isFromPass ? pass.nodes : reader.list(Node),
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
function lacksObjects(pass: Pass, { views }: MonPlan): boolean {
  const members = views.filter((mon) => mon.isMember);
  const hasServices = pass.context.spec.network.hostNetwork;
  return members.length === 0 || members.some((mon) => !mon.hasDeployment || !(mon.hasService || hasServices));
}

async function hasTheseEndpoints(pass: Pass, { objects }: MonPlan): Promise<boolean> {
  const now = await pass.deps.live.get(ConfigMap, { namespace: pass.context.namespace, name: names.endpoints });
  return now?.data?.["data"] === objects.endpoints?.data?.["data"];
}
