import { type Job, Pod } from "./kinds.ts";
import type { KubeReader } from "./kube.ts";

/**
 * The Pods of a Job, as the API server has them now. A Job may be known to have ended before what its Pod said is: only this tells
 * whether an answer is lost or late.
 *
 * @example const [pod] = await podsOfJob(kube, job);
 */
export function podsOfJob(live: KubeReader, job: Job): Promise<Pod[]> {
  return live.list(Pod, {
    namespace: job.metadata.namespace ?? "",
    ...(job.metadata.uid === undefined ? {} : { ownerUid: job.metadata.uid }),
  });
}
