import { daemonTrouble } from "../../../daemons/diagnosis/daemon-trouble.ts";
import { sayNoReturn } from "../../../daemons/diagnosis/no-return.ts";
import { sayTrouble } from "../../../daemons/diagnosis/trouble.ts";
import { doNotReconcileLabel } from "../../../daemons/labels.ts";
import { apps, names } from "../../../daemons/names.ts";
import { isReady, readySince, timeOfDay } from "../../../daemons/pod/pods.ts";
import { sayMoving, sayProgress } from "../../../daemons/rollout/explain.ts";
import type { Rollout } from "../../../daemons/rollout/roll-out.ts";
import type { Pod } from "../../../kube/kinds.ts";
import { monType } from "../common/daemon-types.ts";
import { blocked, done, type Outcome, recheckDelay, waiting } from "../common/outcome.ts";
import type { PlacedMon } from "../common/placed-mon.ts";
import { sayHeld } from "../common/say-held.ts";
import type { Step } from "../common/step.ts";
import type { World } from "../common/world.ts";
import { type HoldReason, lostAt } from "./decide.ts";
import { settledQuorumMs } from "./endpoints.ts";
import type { MonHold } from "./hold.ts";
import { type MonOut, type MonView, podOfMon } from "./observe.ts";
import type { NodeRefusal, RefusingNode } from "./place.ts";
import type { MonPlan } from "./plan.ts";

/** What follows a change of ours is not told by any watch. */
const afterChangeMs = 200;
/** Milliseconds that mons whose Pods run are given to find each other. */
const patienceMs = 15_000;
/** How many nodes a sentence names. */
const mostNamed = 6;

/** How far the mons are, in words. */
export function sayMons(world: World, plan: MonPlan, placed: readonly PlacedMon[], rollout: Rollout<MonHold>): Step<never> {
  const outcome = outcomeOf(world, plan, placed, rollout);
  const { count } = world.context.spec.mon;
  return outcome.state === "done" && count % 2 === 0 ? { outcome, ...remarkEven(count) } : { outcome };
}

function outcomeOf(world: World, plan: MonPlan, placed: readonly PlacedMon[], rollout: Rollout<MonHold>): Outcome {
  const { decision } = plan;
  const { count } = world.context.spec.mon;
  if (decision === undefined) return sayUnanswered(world, plan, placed, rollout);
  const view = (id: string): MonView | undefined => plan.views.find((mon) => mon.id === id);
  switch (decision.type) {
    case "settled":
    case "awaitReturn":
      return sayStanding(world, plan, placed, rollout, decision.lostAt);
    case "add":
    case "awaitJoin": {
      const lost = decision.instead === undefined ? undefined : view(decision.instead);
      const joiner = placed.find((mon) => mon.id === decision.id);
      const trouble = troubleOf(world, plan, decision.id) ?? "is joining";
      const joins = `mon ${decision.id} on ${joiner?.hostname ?? ""} ${trouble}`;
      const after = decision.type === "add" ? afterChangeMs : soon(world, decision.lostAt);
      if (lost !== undefined) return waiting("ReplacingMon", `Replacing ${nameMon(lost)}: ${whyLost(lost)}; ${joins}`, after);
      return waiting("StartingMons", `Adding a mon: ${countOf(plan, placed)} in quorum, ${count} wanted; ${joins}`, after);
    }
    case "noPlace": {
      const lost = decision.instead === undefined ? undefined : view(decision.instead);
      if (lost !== undefined)
        return blocked(
          "MonFailoverBlocked",
          `Replacing ${nameMon(lost)}: ${whyLost(lost)}; no node can take a new mon: ${sayNodes(decision.nodes)}; add a node, or bring ${lost.hostname ?? "its node"} back`,
          // who is out of quorum is written down only when the others' quorum has stood for a while
          settledQuorumMs,
        );
      return blocked(
        "NotEnoughNodes",
        `mon.count is ${count}, but no node can take another mon: ${sayNodes(decision.nodes)}; add nodes, lower mon.count, or set mon.allowMultiplePerNode (not for production)`,
      );
    }
    case "adopt":
      return waiting(
        "StartingMons",
        `mon ${decision.ids.join(", ")} is in the monmap and needed; ConfigMap ${names.endpoints} is made to name it`,
        afterChangeMs,
      );
    case "dismiss":
      if (decision.makesWay) return waiting("ReplacingMon", sayMakesWay(view(decision.id)), afterChangeMs);
      return waiting("RemovingMon", `Removing ${nameMon(view(decision.id))}: ${whyGoes(world, plan, decision.id)}`, afterChangeMs);
    case "leaveMap":
      if (decision.makesWay) return waiting("ReplacingMon", sayMakesWay(view(decision.id)), afterChangeMs);
      return waiting("RemovingMon", `Removing ${nameMon(view(decision.id))}: it leaves the monmap`, afterChangeMs);
    case "clearAway":
      return waiting("RemovingMon", `Removing ${nameMon(view(decision.id))}: its Deployment and Service go`, afterChangeMs);
    case "hold":
      return waiting("RemovingMon", `Removing ${nameMon(view(decision.id))} waits: ${sayHold(decision.why)}`, 2000);
  }
}

/** Of mons that stay as they are: what is being changed of them, and which are away. */
function sayStanding(
  world: World,
  plan: MonPlan,
  placed: readonly PlacedMon[],
  rollout: Rollout<MonHold>,
  lostAt: number | undefined,
): Outcome {
  const away = plan.views.filter((mon) => mon.isMember && mon.out !== undefined);
  const held = rollout.held;
  if (held !== undefined && away.length === 0) return sayHeld({ reason: "UpdatingMons", kind: "mons", sayOwn: sayMonHold }, rollout, held);
  // Ceph takes seconds to notice the end of a mon, and no watch tells when it has
  const ended = plan.views.filter((mon) => mon.isInQuorum && !mon.runs && !mon.isLeftAlone);
  if (away.length === 0 && ended.length > 0)
    return waiting("StartingMons", `Starting mons: ${ended.map((mon) => `${nameMon(mon)} ${endOf(world, mon)}`).join("; ")}`, 2000);
  if (away.length > 0 || rollout.pending.length > 0)
    return waiting(
      rollout.progress === undefined ? "StartingMons" : "UpdatingMons",
      progress(world, plan, placed, rollout),
      soon(world, lostAt),
    );
  return done;
}

function remarkEven(count: number): Pick<Step<never>, "notes" | "remarks"> {
  const message = `mon.count is ${count}: an even number survives the loss of no more mons than one less does`;
  return { notes: [{ type: "Warning", reason: "EvenMonCount", message }], remarks: [message] };
}

/** `mon b on node2` */
export function nameMon(mon: Pick<MonView, "id" | "hostname"> | undefined): string {
  return mon === undefined ? "a mon" : `mon ${mon.id}${mon.hostname === undefined ? "" : ` on ${mon.hostname}`}`;
}

/** Of a lost mon that goes before the one in its place comes. */
function sayMakesWay(mon: MonView | undefined): string {
  const why = mon === undefined ? "" : `${whyLost(mon)}; `;
  return `Replacing ${nameMon(mon)}: ${why}it leaves the monmap first, since the new mon on its node gets its address`;
}

/** What is seen of a mon that is not in quorum; follows `is`. */
export function sayOut({ since, pod }: MonOut): string {
  switch (pod) {
    case "ready":
      return `running but not in quorum since ${timeOfDay(since)}`;
    case "notReady":
      return `not ready since ${timeOfDay(since)}`;
    case "none":
      return "without a Pod";
  }
}

function sayHold(reason: HoldReason): string {
  const risk = "may be joining just now, and without it the others could then have no majority";
  switch (reason.type) {
    case "missing":
      return `mon ${reason.ids.join(", ")} is not in quorum`;
    case "noneToSpare":
      return "the monmap has not more mons than wanted";
    case "mayJoin":
      return `it runs and ${risk}`;
    case "overdue": {
      const where = reason.hostname === undefined ? "" : ` on ${reason.hostname}`;
      const end = `it counts as ended from ${timeOfDay(reason.endsAt)} on`;
      return `its Pod ${reason.pod}${where} should have ended and is still there; it ${risk}; ${end}`;
    }
  }
}

/** Why a mon must not be stopped for a change of its Pod; follows `since`. */
function sayMonHold(hold: MonHold): string {
  switch (hold.type) {
    case "sharesNode":
      return `it shares ${hold.hostname} with mon ${hold.with}, and mon.allowMultiplePerNode is not set: lower mon.count, or set it`;
    case "noReturn":
      return sayNoReturn(hold.noReturn);
    case "endpointsLack":
      return "the endpoints do not name all mons yet";
    case "monChanges":
      return `mon ${hold.id} joins or leaves`;
    case "noQuorum":
      return "there is no quorum";
    case "missing":
      return `mon ${hold.ids.join(", ")} is not in quorum`;
    case "silent":
      return "Ceph does not answer";
    case "refused":
      return `Ceph says that it is not ok to stop: ${hold.words}`;
  }
}

/** Nodes that take no further mon; not all, where they are many. */
function sayNodes(nodes: readonly RefusingNode[]): string {
  if (nodes.length === 0) return "there is no node";
  const named = nodes.slice(0, mostNamed).map(({ hostname, refusal }) => `${hostname} ${sayNode(refusal)}`);
  return `${named.join(", ")}${nodes.length > mostNamed ? ` and ${nodes.length - mostNamed} more` : ""}`;
}

function sayNode(refusal: NodeRefusal): string {
  switch (refusal.type) {
    case "keepsOthersOff":
      return `has mon ${refusal.id}, whose Pod still keeps other mons off`;
    case "hasMons":
      return `has mon ${refusal.ids.join(", ")}`;
    case "notReady":
      return "is not ready";
    case "cordoned":
      return "is cordoned";
    case "none":
      return "can take one";
    case "placement":
      return "has a taint that placement.mon does not tolerate, or does not match its node affinity";
  }
}

function whyGoes(world: World, { views }: MonPlan, id: string): string {
  const { out } = views.find((mon) => mon.id === id) ?? {};
  const serving = views.filter((mon) => mon.isMember && mon.isInQuorum).length;
  return `${out === undefined ? "" : `${sayOut(out)}, and ${serving} others serve; `}mon.count is ${world.context.spec.mon.count}`;
}

function endOf(world: World, mon: MonView): string {
  const trouble = daemonTrouble(world, names.mon(mon.id), monType.fields);
  return `${trouble === undefined ? `does not run${whereOf(mon)}` : sayTrouble(trouble, world.now)}; Ceph has not noticed yet`;
}

const whereOf = ({ node }: MonView): string =>
  node === "gone" ? ", its node is gone" : node === "notReady" ? ", its node is not ready" : "";

function whyLost(mon: MonView): string {
  const node =
    mon.node === "gone" ? `node ${mon.hostname ?? ""} is gone` : mon.node === "notReady" ? `node ${mon.hostname ?? ""} is not ready` : "";
  return [mon.out === undefined ? "out of quorum" : sayOut(mon.out), ...(node === "" ? [] : [node])].join(", ");
}

function countOf({ views }: MonPlan, placed: readonly PlacedMon[]): string {
  return `${views.filter((mon) => mon.isMember && mon.isInQuorum).length} of ${placed.length}`;
}

/** When to look again, where a mon may be given up at `at`. */
function soon(world: World, at: number | undefined): number {
  const often = world.context.spec.healthCheck.monFailover?.intervalMs ?? Number.POSITIVE_INFINITY;
  const delay = Math.min(recheckDelay(youngest(world), world.now), often);
  return at === undefined ? delay : Math.max(afterChangeMs, Math.min(delay, at - world.now));
}

function youngest(world: World): number | undefined {
  const times = world.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.mon).map(readySince);
  return times.length === 0 ? undefined : Math.max(...times);
}

function progress(world: World, plan: MonPlan, placed: readonly PlacedMon[], rollout: Rollout<MonHold>): string {
  const troubles = placed.flatMap(({ id }) => {
    const mon = plan.views.find((each) => each.id === id);
    const trouble = troubleOf(world, plan, id);
    if (mon === undefined || trouble === undefined) return [];
    const at = plan.seen === undefined ? undefined : lostAt(plan.seen, mon);
    const next = at === undefined || at <= world.now ? "" : `; it is replaced at ${timeOfDay(at)} unless it comes back`;
    return [`mon ${id} on ${mon.hostname ?? ""} ${trouble}${next}`];
  });
  const inQuorum = `${countOf(plan, placed)} in quorum`;
  const head =
    rollout.progress === undefined ? `Starting mons: ${inQuorum}` : `Updating mons: ${sayProgress(rollout.progress)}, ${inQuorum}`;
  const moving = rollout.progress !== undefined && troubles.length === 0 ? sayMoving(rollout) : "";
  return [head, ...troubles, ...(moving === "" ? [] : [moving])].join("; ");
}

/** What keeps a mon out of quorum; undefined where it is in, or where there is nobody yet who could say so. */
function troubleOf(world: World, { views, quorum }: MonPlan, id: string): string | undefined {
  const mon = views.find((each) => each.id === id);
  const pod = podOfMon(world.pods, id);
  const trouble = daemonTrouble(world, names.mon(id), monType.fields);
  const left = mon?.isLeftAlone === true && mon.out !== undefined ? `is left alone, as its label ${doNotReconcileLabel} asks` : undefined;
  const node = mon === undefined ? "" : whereOf(mon);
  if (left !== undefined) return left;
  if (trouble !== undefined) return sayTrouble(trouble, world.now);
  if (quorum === undefined || quorum.inQuorum.size === 0 || mon === undefined || mon.out === undefined || !mon.isInMap) return undefined;
  return pod === undefined ? `has no Pod${node}` : `is ${sayOut(mon.out)}${node}`;
}

const serves = (pod: Pod | undefined): boolean => pod !== undefined && isReady(pod);

/** Where the Pods of all mons have run for a while, nothing else tells why there is no answer. */
function saySilent(world: World, plan: MonPlan, placed: readonly PlacedMon[]): string {
  const since = youngest(world);
  const isTold = placed.some(({ id }) => troubleOf(world, plan, id) !== undefined || !serves(podOfMon(world.pods, id)));
  if (isTold || since === undefined || world.now - since < patienceMs) return "";
  return `; their Pods run since ${timeOfDay(since)} and Ceph does not answer; see whether they, and the operator, reach each other's ports 3300 and 6789: kubectl logs -n ${world.context.namespace} -l app=${apps.mon}`;
}

/** Without a quorum nothing can be changed. Where a majority has been away for long, somebody has to help. */
function sayUnanswered(world: World, plan: MonPlan, placed: readonly PlacedMon[], rollout: Rollout<MonHold>): Outcome {
  if (world.ceph !== undefined) return waiting("StartingMons", "Starting mons: the quorum is changing", 500);
  const message = `${progress(world, plan, placed, rollout)}${saySilent(world, plan, placed)}`;
  const limit = world.context.spec.healthCheck.monFailover?.timeoutMs ?? Number.POSITIVE_INFINITY;
  const gone = plan.views.filter((mon) => mon.isMember && mon.hasDeployment && mon.out !== undefined && world.now - mon.out.since > limit);
  if (placed.length === 0 || gone.length * 2 < placed.length)
    return waiting("StartingMons", message, recheckDelay(youngest(world), world.now));
  const whom = gone.map((mon) => `${nameMon(mon)} is ${whyLost(mon)}`).join("; ");
  return blocked(
    "MonFailoverBlocked",
    `${message}; ${whom}; without a majority no mon can be replaced: bring these back, or restore the quorum from one that is left (kubectl rook-ceph mons restore-quorum)`,
    10_000,
  );
}
