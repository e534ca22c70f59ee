import { removeMon } from "../../../ceph/commands/mon.ts";
import { isMonDeployment } from "../../../daemons/known-mons.ts";
import { names } from "../../../daemons/names.ts";
import { Deployment, Service } from "../../../kube/kinds.ts";
import type { KubeObject } from "../../../kube/object.ts";
import type { Act } from "../common/act.ts";
import type { ClusterEvent } from "../common/reasons.ts";
import type { World } from "../common/world.ts";
import { nameMon, sayOut } from "./explain.ts";
import type { MonPlan } from "./plan.ts";

/** Does what was decided beyond what the endpoints say: a mon leaves the monmap, or what is left of it goes; answers what there is to tell. */
export async function changeMons(world: World, act: Act, plan: MonPlan): Promise<ClusterEvent[]> {
  const { decision, views } = plan;
  const tell = (type: ClusterEvent["type"], reason: ClusterEvent["reason"], message: string): ClusterEvent[] => [{ type, reason, message }];
  switch (decision?.type) {
    case "add": {
      const mon = `mon ${decision.id} on ${decision.hostname}`;
      const lost = views.find((each) => each.id === decision.instead);
      if (lost === undefined) return tell("Normal", "MonAdded", `${mon} is added`);
      return tell(
        "Warning",
        "MonFailover",
        `${nameMon(lost)} is ${lost.out === undefined ? "lost" : sayOut(lost.out)}; ${mon} takes its place`,
      );
    }
    case "leaveMap":
      if (world.ceph === undefined) return [];
      await removeMon(act.ceph, decision.id);
      return tell("Normal", "MonRemoved", `mon ${decision.id} has left the monmap`);
    case "clearAway":
      await clearAway(world, act, plan, decision.id);
      return [];
    case undefined:
    case "settled":
    case "awaitReturn":
    case "awaitJoin":
    case "noPlace":
    case "adopt":
    case "dismiss":
    case "hold":
      return [];
  }
}

/** The daemon first, so that nothing is without its address as long as it runs. */
async function clearAway(world: World, act: Act, { objects }: MonPlan, id: string): Promise<void> {
  const { namespace } = world.context;
  const isOf = ({ metadata }: KubeObject) => metadata.name === names.mon(id);
  for (const { metadata } of objects.deployments.filter((d) => isMonDeployment(d) && isOf(d)))
    await act.kube.delete(Deployment, { namespace, name: names.mon(id) }, uidOf(metadata.uid));
  for (const { metadata } of objects.services.filter(isOf))
    await act.kube.delete(Service, { namespace, name: names.mon(id) }, uidOf(metadata.uid));
}

const uidOf = (uid: string | undefined): { uid?: string } => (uid === undefined ? {} : { uid });
