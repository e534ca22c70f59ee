import { appLabels } from "../../../daemons/labels.ts";
import { apps, names } from "../../../daemons/names.ts";
import type { BuildContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { nodeObjectName } from "../../../daemons/pod/node-object-name.ts";
import type { PodDisruptionBudget } from "../../../kube/kinds.ts";
import { topologyLabel } from "../common/topology-label.ts";

/** So many mons may be away. */
export function monBudget(context: BuildContext, maxUnavailable: number): PodDisruptionBudget {
  return budget(context, names.monBudget, appLabels(apps.mon, context.namespace), maxUnavailable);
}

/** One mgr may be away; for where another stands by. */
export function mgrBudget(context: BuildContext): PodDisruptionBudget {
  return budget(context, names.mgrBudget, appLabels(apps.mgr, context.namespace), 1);
}

/** So many OSDs may be away, whichever they are. */
export function osdBudget(context: BuildContext, maxUnavailable: number): PodDisruptionBudget {
  return budget(context, names.osdBudget, appLabels(apps.osd, context.namespace), maxUnavailable);
}

/** No OSD of a failure domain may be evicted. */
export function blockingOsdBudget(context: BuildContext, domainType: string, domain: string): PodDisruptionBudget {
  const name = nodeObjectName(`${names.osdBudget}-${domainType}`, domain);
  return budget(context, name, { ...appLabels(apps.osd, context.namespace), [topologyLabel(domainType)]: domain }, 0);
}

/** A Pod that is not ready serves nobody: it may always be evicted, so that no broken daemon holds up a drain. */
function budget(context: BuildContext, name: string, selected: Record<string, string>, maxUnavailable: number): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: ownedBy(context, name, selected),
    spec: { maxUnavailable, selector: { matchLabels: selected }, unhealthyPodEvictionPolicy: "AlwaysAllow" },
  };
}
