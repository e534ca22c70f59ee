import { type Job, Job as JobKind, type Pod, Pod as PodKind } from "../../kube/kinds.ts";
import { timestamp } from "../kube/sim-object.ts";
import { controlledBy, isStaying } from "./owned.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** The Job controller: a Pod at a time until one succeeds, or `backoffLimit` more than one have failed. */
export function reconcileJob(store: TypedStore, job: Job, now: number, owned: (uid: string) => readonly Pod[]): void {
  if (!isStaying(job) || job.status?.conditions?.some((c) => c.status === "True" && c.type !== "Suspended") === true) return;
  const pods = owned(job.metadata.uid ?? "");
  const succeeded = pods.filter((pod) => pod.status?.phase === "Succeeded").length;
  const failed = pods.filter((pod) => pod.status?.phase === "Failed" || (!isStaying(pod) && pod.status?.phase !== "Succeeded")).length;
  const active = pods.filter((pod) => isStaying(pod) && pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed").length;
  const isOver = succeeded > 0 || failed > (job.spec?.backoffLimit ?? 6);
  if (!isOver && active === 0)
    store.create(PodKind, {
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
    ...(isOver ? {} : { active: 1 }),
    ...(succeeded > 0 ? { succeeded, completionTime: time } : {}),
    ...(failed > 0 ? { failed } : {}),
    ...(isOver ? { conditions: verdict } : {}),
  });
}
