import type { Deployment, Pod } from "../../kube/kinds.ts";
import { isReady, isSettled, readySince } from "../pod/pods.ts";

/** Milliseconds after which Ceph has noticed which version a daemon runs. */
const noticedAfterMs = 60_000;

/**
 * Whether a daemon's Deployment is settled and a Pod of it has been ready with just its image for so long that Ceph knows what it runs: another
 * version than expected will not go away by waiting. `pods` are the daemon's own.
 */
export function hasLasted(deployment: Deployment, pods: readonly Pod[], now: number): boolean {
  const image = deployment.spec?.template.spec?.containers[0]?.image;
  return (
    isSettled(deployment, false) &&
    pods.some((pod) => isReady(pod) && now - readySince(pod) > noticedAfterMs && pod.spec?.containers[0]?.image === image)
  );
}
