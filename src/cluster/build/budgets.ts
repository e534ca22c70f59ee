import type { PodDisruptionBudget } from "../../kube/kinds.ts";
import { appLabels } from "../labels.ts";
import { apps, names } from "../names.ts";
import type { BuildContext } from "./context.ts";
import { ownedBy } from "./metadata.ts";

/** Evictions never take the mons below a majority: of three, one may be away; of five, two. */
export function monBudget(context: BuildContext, mons: number): PodDisruptionBudget {
  return budget(context, names.monBudget, apps.mon, mons >= 5 ? 2 : 1);
}

/** One OSD at a time may be evicted. */
export function osdBudget(context: BuildContext): PodDisruptionBudget {
  return budget(context, names.osdBudget, apps.osd, 1);
}

function budget(context: BuildContext, name: string, app: string, maxUnavailable: number): PodDisruptionBudget {
  const labels = appLabels(app, context.namespace);
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: ownedBy(context, name, labels),
    spec: { maxUnavailable, selector: { matchLabels: labels } },
  };
}
