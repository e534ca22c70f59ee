import { names } from "../../../daemons/names.ts";
import { Service } from "../../../kube/kinds.ts";
import type { Act } from "../common/act.ts";
import { done, type Outcome } from "../common/outcome.ts";
import type { World } from "../common/world.ts";
import { dashboardService, metricsService } from "./build.ts";

/** What watches the cluster from outside finds it here: the Services of the active mgr's metrics and dashboard. */
export async function ensureMonitoring(world: World, act: Act): Promise<Outcome> {
  const { context } = world;
  await Promise.all([
    act.apply(Service, metricsService(context)),
    context.spec.dashboard.enabled ? act.apply(Service, dashboardService(context)) : removeDashboard(world, act),
  ]);
  return done;
}

async function removeDashboard(world: World, act: Act): Promise<void> {
  const key = { namespace: world.context.namespace, name: names.dashboardService };
  const service = await act.kube.get(Service, key);
  const ours = service?.metadata.ownerReferences?.some((owner) => owner.uid === world.context.owner.uid) === true;
  if (ours && service?.metadata.uid !== undefined) await act.kube.delete(Service, key, { uid: service.metadata.uid });
}
