import { isCovered } from "./is-covered.ts";
import type { Job, Pod } from "./kinds.ts";

/** Milliseconds for which a failed Job is left, so that what became of it can be read, before another takes its place. */
export const retryMs = 30_000;

/**
 * Milliseconds until the operator is to make a failed Job again, 0 for now; undefined where it has not failed.
 *
 * @example
 * const waitMs = retryAfter(job, clock.now());
 * if (waitMs === 0) await kube.delete(Job, key, { propagationPolicy: "Background" });
 */
export function retryAfter(job: Job, now: number): number | undefined {
  const failure = job.status?.conditions?.find((c) => c.type === "Failed" && c.status === "True");
  if (failure === undefined) return undefined;
  return Math.max(0, retryMs - (now - Date.parse(failure.lastTransitionTime ?? "")) || 0);
}

/**
 * Whether a Job differs from what is wanted, such as in its resources, and nothing of it has run yet that would have to be stopped. One that
 * is young is left: where an admission webhook changes every Job, none would ever come to run.
 *
 * @example if (isOutdated(job, wanted, { pods, now: clock.now() })) await kube.delete(Job, key, { propagationPolicy: "Background" });
 */
export function isOutdated(job: Job, wanted: Job, { pods, now }: { readonly pods: readonly Pod[]; readonly now: number }): boolean {
  const ended = job.status?.conditions?.some((c) => c.status === "True" && (c.type === "Complete" || c.type === "Failed")) === true;
  const own = pods.filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid));
  const hasBegun = own.some((pod) => pod.status?.containerStatuses?.some(({ state }) => state?.running ?? state?.terminated) === true);
  const isYoung = now - Date.parse(job.metadata.creationTimestamp ?? "") < retryMs;
  return !ended && !hasBegun && !isYoung && !isCovered({ spec: wanted.spec }, { spec: job.spec });
}
