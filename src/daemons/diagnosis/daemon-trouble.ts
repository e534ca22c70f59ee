import type { Deployment, Node, Pod } from "../../kube/kinds.ts";
import { hasEnded } from "../pod/pods.ts";
import { creationTrouble } from "./creation-trouble.ts";
import { type Around, podTroubleOf } from "./pod-trouble.ts";
import type { SettingFields } from "./setting-fields.ts";
import type { Trouble } from "./trouble.ts";
import type { Warnings } from "./warnings.ts";

/** What tells about daemons. */
export interface Seen {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly deployments: readonly Deployment[];
  readonly warnings: Warnings;
}

/** What keeps the daemon of a Deployment from running; undefined where nothing is wrong (yet). */
export function daemonTrouble(seen: Seen, deploymentName: string, fields: SettingFields): Trouble | undefined {
  const deployment = seen.deployments.find((d) => d.metadata.name === deploymentName);
  return deployment === undefined ? undefined : deploymentTrouble(deployment, podsOf(seen, deployment), { ...seen, fields });
}

/** The same of a Deployment and its Pods. Without `nodes` no node is to blame, without `warnings` only what the status of a Pod says counts. */
export function deploymentTrouble(
  deployment: Deployment,
  pods: readonly Pod[],
  around: Omit<Around, "warning"> & { readonly warnings?: Warnings },
): Trouble | undefined {
  const refused = deployment.status?.conditions?.find((c) => c.type === "ReplicaFailure" && c.status === "True");
  if (refused !== undefined)
    return creationTrouble(refused.message ?? "", refused.lastTransitionTime ? Date.parse(refused.lastTransitionTime) : undefined);
  if (deployment.spec?.replicas === 0)
    return { what: "is scaled to 0", since: undefined, help: `kubectl scale it to 1, Deployment ${deployment.metadata.name ?? ""}` };
  const here = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const begun = here.filter((pod) => !hasEnded(pod));
  // one that has ended, such as an evicted one, tells nothing once another has come for it
  const staying = begun.length > 0 ? begun : here;
  // those that are to come wait for those that have not gone
  const [trouble] = (staying.length > 0 ? staying : pods).flatMap(
    (pod) => podTroubleOf(pod, { ...around, warning: around.warnings?.get(pod.metadata.uid ?? "") }) ?? [],
  );
  return trouble;
}

function podsOf({ pods }: Seen, deployment: Deployment): Pod[] {
  const wanted = Object.entries(deployment.spec?.selector.matchLabels ?? {});
  return wanted.length === 0 ? [] : pods.filter(({ metadata }) => wanted.every(([name, value]) => metadata.labels?.[name] === value));
}
