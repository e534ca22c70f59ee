import type { Node, Pod } from "../../kube/kinds.ts";
import { isReady, readySince } from "../pod/pods.ts";
import { hostnameOf } from "../pod/schedulable-nodes.ts";
import { lastWords, remedyFor } from "./last-words.ts";
import { nodeTrouble } from "./node-trouble.ts";
import type { SettingFields } from "./setting-fields.ts";
import type { Trouble } from "./trouble.ts";
import type { Warning } from "./warnings.ts";

type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

/** What is known beside the Pod itself. */
export interface Around {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly nodes?: readonly Node[];
  /** Where a user sets what the Pod gets. */
  readonly fields: SettingFields;
  /** The last warning that Kubernetes told about the Pod. */
  readonly warning?: Warning | undefined;
}

/** Milliseconds for which an end counts: containers that end again and again are started every 5 minutes. */
const recentMs = 600_000;
/** States of a container on its way, which tell nothing. */
const onItsWay: ReadonlySet<string | undefined> = new Set(["ContainerCreating", "PodInitializing"]);
const imageReasons: ReadonlySet<string | undefined> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "InvalidImageName",
  "RegistryUnavailable",
  "ImageInspectError",
]);

/** What keeps a Pod from running; undefined where nothing is wrong (yet). */
export function podTroubleOf(pod: Pod, { now, nodes = [], warning, fields }: Around): Trouble | undefined {
  const pinned = pod.spec?.nodeSelector?.["kubernetes.io/hostname"];
  const node = nodes.find((n) => (pod.spec?.nodeName === undefined ? hostnameOf(n) === pinned : n.metadata.name === pod.spec.nodeName));
  const lost = node && !isReady(pod) ? nodeTrouble(node) : undefined;
  const ending = endingTrouble(pod, now, lost);
  if (ending !== undefined || pod.metadata.deletionTimestamp !== undefined) return ending;
  const scheduled = pod.status?.conditions?.find((c) => c.type === "PodScheduled");
  if (lost !== undefined) return { ...lost, what: `waits for ${node?.metadata.name ?? "its node"}, which ${lost.what}` };
  if (scheduled?.status === "False")
    return {
      what: "cannot be scheduled",
      since: timeOf(scheduled.lastTransitionTime) ?? readySince(pod),
      detail: schedulingDetail(scheduled.message ?? scheduled.reason ?? "no reason given", pod),
      help: schedulingHelp(scheduled.message ?? "", fields, pod),
    };
  if (pod.status?.phase === "Failed" && pod.status.reason !== undefined)
    return {
      what: pod.status.reason === "Evicted" ? "was evicted" : `was refused by its node (${pod.status.reason})`,
      since: readySince(pod),
      detail: pod.status.message,
      help: "make room on the node",
    };
  for (const container of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
    const trouble = containerTrouble(pod, container, { now, fields });
    if (trouble !== undefined) return trouble;
  }
  return warning && !isReady(pod) ? warningTrouble(pod, warning) : undefined;
}

/** A Pod that should be gone and is not: nobody else may have its data meanwhile. */
function endingTrouble(pod: Pod, now: number, lost: Trouble | undefined): Trouble | undefined {
  const due = timeOf(pod.metadata.deletionTimestamp);
  if (due === undefined || now < due) return undefined;
  if (lost !== undefined) return { ...lost, what: `has a Pod that cannot end on ${pod.spec?.nodeName ?? ""}, which ${lost.what}` };
  return {
    what: "has a Pod that should have ended",
    since: due,
    detail: `Pod ${pod.metadata.name ?? ""} on ${pod.spec?.nodeName ?? ""}`,
    help: "see why its node does not end it, such as a disk that hangs",
  };
}

function containerTrouble(pod: Pod, container: ContainerStatus, { now, fields }: Pick<Around, "now" | "fields">): Trouble | undefined {
  const why = container.state?.waiting;
  const ended = [container.state?.terminated, container.lastState?.terminated].find((state) => state !== undefined);
  const since = readySince(pod);
  const image = container.image || pod.spec?.containers[0]?.image || "";
  if (why?.reason !== undefined && imageReasons.has(why.reason))
    return {
      what: `cannot get its image ${image}`,
      since,
      detail: why.reason === "ErrImageNeverPull" || why.reason === "InvalidImageName" ? why.reason : imageDetail(why.message, image),
      help: "correct the image, or let the node reach its registry; Kubernetes tries again, at most 5 minutes apart",
    };
  const endsNow = ended !== undefined && !container.ready && endsAgain(container, now);
  if (endsNow && ended.reason === "OOMKilled")
    return {
      what: "ran out of memory (OOMKilled)",
      since,
      detail: memoryLimitOf(pod, container.name),
      help: `raise ${fields.resources}.limits.memory`,
    };
  if (endsNow && ended.exitCode !== 0) {
    const words = lastWords(ended.message);
    const hasRestarted = (container.restartCount ?? 0) > 0;
    return {
      what: hasRestarted ? "keeps ending" : "ended",
      since,
      detail: `${exitOf(ended)}${words === undefined ? "" : `: ${words}`}`,
      help:
        remedyFor(ended.message) ??
        `see kubectl logs -n ${pod.metadata.namespace ?? ""} ${pod.metadata.name ?? ""}${hasRestarted ? " --previous" : ""}`,
    };
  }
  if (why?.reason === undefined || onItsWay.has(why.reason)) return undefined;
  return { what: "cannot start", since, detail: `${why.reason}${why.message ? `: ${why.message}` : ""}`, help: "make what it names" };
}

/** Whether a container's end is more than a start after a fall: one that starts again tells nothing before it has ended twice of late. */
function endsAgain({ state, lastState, restartCount }: ContainerStatus, now: number): boolean {
  if (state?.running === undefined && !onItsWay.has(state?.waiting?.reason)) return true;
  const last = timeOf(lastState?.terminated?.finishedAt);
  return restartCount > 1 && last !== undefined && now - last < recentMs;
}

/** Kubernetes' own warning about a Pod whose status says nothing. */
function warningTrouble(pod: Pod, { reason, message }: Warning): Trouble {
  const since = readySince(pod);
  if (reason === "Unhealthy")
    return {
      what: "does not pass its probe",
      since,
      detail: message,
      help: `see kubectl logs -n ${pod.metadata.namespace ?? ""} ${pod.metadata.name ?? ""}; where the node is just slow, lengthen healthCheck.startupProbe`,
    };
  return {
    what: "cannot start",
    since,
    detail: message,
    help: remedyFor(message) ?? "cure what it names; Kubernetes tries again by itself",
  };
}

function exitOf({ exitCode, signal, reason }: { exitCode: number; signal?: number | undefined; reason?: string | undefined }): string {
  if (reason === "ContainerCannotRun" || reason === "StartError") return `it could not be run (exit code ${exitCode})`;
  return signal ? `signal ${signal}` : `exit code ${exitCode}`;
}

function imageDetail(message: string | undefined, image: string): string | undefined {
  const text = (message ?? "").replace(/^Back-off pulling image "[^"]*":? ?/, "").replace(/^ErrImagePull: /, "");
  const last = text
    .split(/(?:failed to pull and unpack image "[^"]*": |failed to resolve reference "[^"]*": |rpc error: code = \w+ desc = )/)
    .at(-1);
  return last === undefined || last === "" || last === image ? undefined : last;
}

function memoryLimitOf(pod: Pod, container: string): string | undefined {
  const limit = pod.spec?.containers.find(({ name }) => name === container)?.resources?.limits?.["memory"];
  return limit === undefined ? "its node has no memory left" : `its limit is ${limit}`;
}

/** The scheduler's words without what is of no use here: what it would take to evict others, and nodes that it is not meant for. */
function schedulingDetail(message: string, pod: Pod): string {
  const [own = ""] = message.split(/\.? (?:preemption: |no new claims)/);
  const pinned = pod.spec?.nodeSelector?.["kubernetes.io/hostname"];
  const colon = own.indexOf(": ");
  const [intro, reasons] = colon < 0 ? [own, ""] : [own.slice(0, colon), own.slice(colon + 2)];
  const left = reasons.split(", ").filter((reason) => !/didn't match Pod's node affinity/.test(reason));
  return pinned === undefined || left.length === 0 || left[0] === "" ? own : `${intro}: ${left.join(", ")}`;
}

function schedulingHelp(message: string, fields: SettingFields, pod: Pod): string {
  if (/Insufficient|Too many pods/.test(message)) return `make room on a node, or lower ${fields.resources}.requests`;
  if (/untolerated taint/.test(message)) return `remove the taint, or tolerate it in ${fields.placement}.tolerations`;
  const pinned = pod.spec?.nodeSelector?.["kubernetes.io/hostname"];
  if (/unschedulable/.test(message)) return pinned === undefined ? "uncordon a node" : `kubectl uncordon ${pinned}`;
  if (pinned !== undefined) return `it can run on ${pinned} only: bring that node back`;
  return `bring back a node that fits, or change ${fields.placement}`;
}

function timeOf(at: string | undefined | null): number | undefined {
  return at === undefined || at === null ? undefined : Date.parse(at);
}
