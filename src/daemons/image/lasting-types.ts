import type { Deployment, Pod } from "../../kube/kinds.ts";
import type { DaemonType } from "../daemon-type.ts";
import { daemonImages, daemonOf } from "./daemon-images.ts";
import { hasLasted } from "./has-lasted.ts";

/** Those of the types all of whose daemons have lasted (`hasLasted`). A type without a Deployment is not among them. */
export function lastingTypes(
  types: readonly DaemonType[],
  { deployments, pods, now }: { readonly deployments: readonly Deployment[]; readonly pods: readonly Pod[]; readonly now: number },
): ReadonlySet<string> {
  const keyOf = (object: Deployment | Pod): string => keyIn(types, object);
  const podsOf = Map.groupBy(pods, keyOf);
  const lasting = types.filter((row) => {
    const ofType = deployments.filter((deployment) => daemonImages([deployment], [row]).length > 0);
    return ofType.length > 0 && ofType.every((deployment) => hasLasted(deployment, podsOf.get(keyOf(deployment)) ?? [], now));
  });
  return new Set(lasting.map(({ type }) => type));
}

function keyIn(types: readonly DaemonType[], object: Deployment | Pod): string {
  const daemon = daemonOf(object, types);
  return `${daemon?.type ?? ""}.${daemon?.id ?? ""}`;
}
