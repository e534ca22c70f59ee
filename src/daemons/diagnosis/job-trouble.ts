import type { Job } from "../../kube/kinds.ts";
import { creationTrouble } from "./creation-trouble.ts";
import type { Seen } from "./daemon-trouble.ts";
import { podTroubleOf } from "./pod-trouble.ts";
import type { SettingFields } from "./setting-fields.ts";
import type { Trouble } from "./trouble.ts";

/** What keeps a Job from its end, or why it failed; undefined where nothing is wrong (yet). */
export function jobTrouble(seen: Omit<Seen, "deployments">, job: Job, fields: SettingFields): Trouble | undefined {
  const pod = seen.pods.find((p) => p.metadata.ownerReferences?.some((owner) => owner.uid === job.metadata.uid));
  const failure = job.status?.conditions?.find((c) => c.type === "Failed" && c.status === "True");
  const failedAt = failure?.lastTransitionTime ? Date.parse(failure.lastTransitionTime) : undefined;
  if (pod !== undefined) {
    const trouble = podTroubleOf(pod, { ...seen, fields, warning: seen.warnings.get(pod.metadata.uid ?? "") });
    if (trouble !== undefined) return failedAt === undefined ? trouble : { ...trouble, since: failedAt };
  }
  if (failure !== undefined)
    return { what: "failed", since: failedAt, detail: failure.message, help: `see kubectl describe job ${job.metadata.name ?? ""}` };
  const warning = seen.warnings.get(job.metadata.uid ?? "");
  if (pod !== undefined || warning === undefined) return undefined;
  return creationTrouble(warning.message, job.metadata.creationTimestamp ? Date.parse(job.metadata.creationTimestamp) : undefined);
}
