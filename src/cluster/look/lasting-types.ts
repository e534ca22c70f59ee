import type { Deployment, Pod } from "../../kube/kinds.ts";
import { daemonImages, daemonOf, imageOfDeployment, type UpdatedType, updateOrder } from "./daemon-images.ts";
import { isReady, isSettled, readySince } from "./pods.ts";

/** Milliseconds after which Ceph has noticed which version a daemon runs. */
const noticedAfterMs = 60_000;

/**
 * The types all of whose Deployments are settled, and whose Pods have been ready with just these images for so long that Ceph knows what they
 * run: another version than expected will not go away by waiting. A type without a Deployment is not among them.
 */
export function lastingTypes(deployments: readonly Deployment[], pods: readonly Pod[], now: number): ReadonlySet<UpdatedType> {
  const lasting = pods.filter((pod) => isReady(pod) && now - readySince(pod) > noticedAfterMs);
  const runs = new Set(lasting.map((pod) => keyOf(pod, pod.spec?.containers[0]?.image)));
  const lasts = (deployment: Deployment) =>
    isSettled(deployment, false) && runs.has(keyOf(deployment, imageOfDeployment(deployment)?.image));
  return new Set(
    updateOrder.filter((type) => {
      const ofType = deployments.filter((deployment) => daemonImages([deployment])[0]?.type === type);
      return ofType.length > 0 && ofType.every(lasts);
    }),
  );
}

function keyOf(object: Deployment | Pod, image: string | undefined): string {
  const daemon = daemonOf(object);
  return `${daemon?.type ?? ""}.${daemon?.id ?? ""} ${image ?? ""}`;
}
