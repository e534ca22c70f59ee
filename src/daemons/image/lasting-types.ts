import type { Deployment, Pod } from "../../kube/kinds.ts";
import { daemonImages, daemonOf, type UpdatedType, updateOrder } from "./daemon-images.ts";
import { hasLasted } from "./has-lasted.ts";

/** The types all of whose daemons have lasted (`hasLasted`). A type without a Deployment is not among them. */
export function lastingTypes(deployments: readonly Deployment[], pods: readonly Pod[], now: number): ReadonlySet<UpdatedType> {
  const podsOf = Map.groupBy(pods, keyOf);
  return new Set(
    updateOrder.filter((type) => {
      const ofType = deployments.filter((deployment) => daemonImages([deployment])[0]?.type === type);
      return ofType.length > 0 && ofType.every((deployment) => hasLasted(deployment, podsOf.get(keyOf(deployment)) ?? [], now));
    }),
  );
}

function keyOf(object: Deployment | Pod): string {
  const daemon = daemonOf(object);
  return `${daemon?.type ?? ""}.${daemon?.id ?? ""}`;
}
