import type { Deployment, Pod } from "../../kube/kinds.ts";
import type { DaemonType } from "../daemon-type.ts";
import { daemonFinder, imageFinder } from "./daemon-images.ts";
import { hasLasted } from "./has-lasted.ts";

/** Those of the types all of whose daemons have lasted (`hasLasted`). A type without a Deployment is not among them. */
export function lastingTypes(
  types: readonly DaemonType[],
  { deployments, pods, now }: { readonly deployments: readonly Deployment[]; readonly pods: readonly Pod[]; readonly now: number },
): ReadonlySet<string> {
  const find = daemonFinder(types);
  const keyOf = (object: Deployment | Pod): string => {
    const daemon = find(object);
    return `${daemon?.type ?? ""}.${daemon?.id ?? ""}`;
  };
  const podsOf = Map.groupBy(pods, keyOf);
  const imageOf = imageFinder(types);
  const made = Map.groupBy(deployments, (deployment) => imageOf(deployment)?.type);
  const lasting = types.filter(({ type }) => {
    const ofType = made.get(type) ?? [];
    return ofType.length > 0 && ofType.every((deployment) => hasLasted(deployment, podsOf.get(keyOf(deployment)) ?? [], now));
  });
  return new Set(lasting.map(({ type }) => type));
}
