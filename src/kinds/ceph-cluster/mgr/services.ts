import { names } from "../../../daemons/names.ts";
import { Service } from "../../../kube/kinds.ts";
import { done, type Outcome } from "../common/outcome.ts";
import type { Pass } from "../common/pass.ts";
import { dashboardService, metricsService } from "./build.ts";

/** What watches the cluster from outside finds it here: the Services of the active mgr's metrics and dashboard. */
export async function monitoring(pass: Pass): Promise<Outcome> {
  const { context } = pass;
  await Promise.all([
    pass.apply(Service, metricsService(context)),
    context.spec.dashboard.enabled ? pass.apply(Service, dashboardService(context)) : removeDashboard(pass),
  ]);
  return done;
}

async function removeDashboard(pass: Pass): Promise<void> {
  const key = { namespace: pass.context.namespace, name: names.dashboardService };
  const service = await pass.deps.kube.get(Service, key);
  const ours = service?.metadata.ownerReferences?.some((owner) => owner.uid === pass.context.owner.uid) === true;
  if (ours && service?.metadata.uid !== undefined) await pass.deps.kube.delete(Service, key, { uid: service.metadata.uid });
}
