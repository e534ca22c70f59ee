import { isDeepStrictEqual } from "node:util";
import type * as k8s from "@kubernetes/client-node";
import type { Deployment, Job } from "../../../kube/kinds.ts";
import type { Wire } from "../../../kube/object.ts";
import { atLeast, type Causes, forbidden, immutable, invalid, notSupported, required } from "./cause.ts";
import { podTemplateRules } from "./pod.ts";
import { isEmptySelector, type LabelSelector, selectorRules } from "./selector.ts";

type Workload = {
  readonly spec?: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector?: LabelSelector;
    readonly template?: Wire<k8s.V1PodTemplateSpec>;
  };
};

/** Rules for what keeps a number of Pods of one template: Deployments, ReplicaSets and their like. */
export function* replicaRules({ spec = {} }: Workload, before: Workload | undefined): Causes {
  const { replicas, minReadySeconds, selector, template } = spec;
  yield* atLeast("spec.replicas", replicas, 0);
  yield* atLeast("spec.minReadySeconds", minReadySeconds, 0);
  if (selector === undefined) yield required("spec.selector");
  else {
    yield* selectorRules(selector, "spec.selector");
    if (isEmptySelector(selector)) yield invalid("spec.selector", selector, "empty selector is invalid for deployment");
  }
  if (selector === undefined || !isEmptySelector(selector)) yield* matchRules(selector, template);
  yield* podTemplateRules(template ?? {}, "spec.template");
  const { restartPolicy, activeDeadlineSeconds } = template?.spec ?? {};
  if (restartPolicy !== undefined && restartPolicy !== "Always")
    yield notSupported("spec.template.spec.restartPolicy", restartPolicy, ["Always"]);
  if (activeDeadlineSeconds !== undefined)
    yield forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported");
  if (before !== undefined && !isDeepStrictEqual(before.spec?.selector, selector)) yield immutable("spec.selector", selector);
}

/** Without a selector nothing matches. */
function* matchRules(selector: LabelSelector | undefined, template: Wire<k8s.V1PodTemplateSpec> | undefined): Causes {
  const labels = template?.metadata?.labels ?? {};
  if (selector === undefined || Object.entries(selector.matchLabels ?? {}).some(([key, value]) => labels[key] !== value))
    yield invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
}

export function* deploymentRules(deployment: Deployment, before: Deployment | undefined): Causes {
  yield* replicaRules(deployment, before);
  const { strategy, revisionHistoryLimit, progressDeadlineSeconds = 600, minReadySeconds = 0 } = deployment.spec ?? {};
  const type = strategy?.type ?? "RollingUpdate";
  if (type === "Recreate") {
    if (strategy?.rollingUpdate !== undefined)
      yield forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
  } else if (type !== "RollingUpdate") yield notSupported("spec.strategy", strategy, ["Recreate", "RollingUpdate"]);
  yield* atLeast("spec.revisionHistoryLimit", revisionHistoryLimit, 0);
  if (progressDeadlineSeconds <= minReadySeconds)
    yield invalid("spec.progressDeadlineSeconds", progressDeadlineSeconds, "must be greater than minReadySeconds");
}

export function* jobRules({ metadata, spec }: Job, before: Job | undefined): Causes {
  const numbers = ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"] as const;
  for (const name of numbers) yield* atLeast(`spec.${name}`, spec?.[name], 0);
  // the server labels its Pods with the Job's name
  const { name = "" } = metadata;
  if (name.length > 63) yield invalid("spec.template.labels", name, "must be no more than 63 bytes");
  if (spec?.selector !== undefined) yield* matchRules(spec.selector, spec.template);
  if (before === undefined && spec?.selector !== undefined && spec.manualSelector !== true)
    yield invalid("spec.selector", spec.selector, "`selector` not auto-generated");
  yield* podTemplateRules(spec?.template ?? {}, "spec.template");
  const restartPolicy = spec?.template?.spec?.restartPolicy ?? "";
  const where = "spec.template.spec.restartPolicy";
  if (restartPolicy === "" || restartPolicy === "Always") yield required(where, 'valid values: "OnFailure", "Never"');
  else if (restartPolicy !== "OnFailure" && restartPolicy !== "Never") yield notSupported(where, restartPolicy, ["OnFailure", "Never"]);
  if (before === undefined) return;
  for (const field of ["completions", "selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex"] as const)
    if (!isDeepStrictEqual(before.spec?.[field], spec?.[field])) yield immutable(`spec.${field}`, spec?.[field]);
  // one that is suspended and has not begun may be moved elsewhere; nobody does
  if (!isDeepStrictEqual(before.spec?.template, spec?.template)) yield immutable("spec.template", spec?.template);
}
