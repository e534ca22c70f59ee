import { type Job, Job as JobKind, type Pod, Pod as PodKind } from "../../kube/kinds.ts";
import { timestamp } from "../api/sim-object.ts";
import type { MakePod } from "./make-pod.ts";
import { controlledBy, isStaying } from "./owned.ts";
import type { TypedStore } from "./sim-kinds.ts";

/**
 * The Job controller: a Pod at a time until one succeeds, or `backoffLimit` more than one have failed. Answers whether the API server refused
 * to make one, which is told in an event only and tried again.
 */
export function reconcileJob(
  store: TypedStore,
  job: Job,
  now: number,
  { owned, makePod }: { readonly owned: (uid: string) => readonly Pod[]; readonly makePod: MakePod },
): boolean {
  if (!isStaying(job) || job.status?.conditions?.some((c) => c.status === "True" && c.type !== "Suspended") === true) return false;
  const pods = owned(job.metadata.uid ?? "");
  if (job.spec?.suspend === true) {
    for (const pod of pods) if (isStaying(pod) && pod.status?.phase !== "Succeeded") store.remove(PodKind, pod);
    const time = job.status?.conditions?.find(({ type }) => type === "Suspended")?.lastTransitionTime ?? timestamp(now);
    const suspended = { type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended", lastTransitionTime: time };
    store.setStatus(JobKind, job, { conditions: [suspended] });
    return false;
  }
  const succeeded = pods.filter((pod) => pod.status?.phase === "Succeeded").length;
  const failed = pods.filter((pod) => pod.status?.phase === "Failed" || (!isStaying(pod) && pod.status?.phase !== "Succeeded")).length;
  const active = pods.filter((pod) => isStaying(pod) && pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed").length;
  const isOver = succeeded > 0 || failed > (job.spec?.backoffLimit ?? 6);
  let refused: string | undefined;
  if (!isOver && active === 0)
    refused = makePod(job, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        ...job.spec?.template.metadata,
        labels: {
          ...job.spec?.template.metadata?.labels,
          "batch.kubernetes.io/job-name": job.metadata.name ?? "",
          "job-name": job.metadata.name ?? "",
        },
        generateName: `${job.metadata.name ?? ""}-`,
        namespace: job.metadata.namespace ?? "",
        ownerReferences: [controlledBy(job)],
      },
      spec: { ...job.spec?.template.spec, containers: job.spec?.template.spec?.containers ?? [] },
    });
  const time = timestamp(now);
  const verdict =
    succeeded > 0
      ? [{ type: "Complete", status: "True", lastTransitionTime: time, lastProbeTime: time }]
      : [
          {
            type: "Failed",
            status: "True",
            reason: "BackoffLimitExceeded",
            message: "Job has reached the specified backoff limit",
            lastTransitionTime: time,
            lastProbeTime: time,
          },
        ];
  store.setStatus(JobKind, job, {
    startTime: job.status?.startTime ?? time,
    ...(isOver || refused !== undefined ? {} : { active: 1 }),
    ...(succeeded > 0 ? { succeeded, completionTime: time } : {}),
    ...(failed > 0 ? { failed } : {}),
    ...(isOver ? { conditions: verdict } : {}),
  });
  return refused !== undefined;
}
