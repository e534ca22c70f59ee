import { isDeepStrictEqual } from "node:util";
import type * as k8s from "@kubernetes/client-node";
import type { Event, Lease, PodDisruptionBudget } from "../../../kube/kinds.ts";
import type { KubeObject, Wire } from "../../../kube/object.ts";
import { atLeast, type Causes, forbidden, immutable, invalid, notSupported, oneOf, required } from "./cause.ts";
import { amountOf } from "./container-parts.ts";
import { selectorRules } from "./selector.ts";

export type PersistentVolumeClaim = KubeObject & {
  readonly spec?: Wire<k8s.V1PersistentVolumeClaimSpec>;
  readonly status?: { readonly phase?: string };
};
export type PriorityClass = KubeObject & Omit<Wire<k8s.V1PriorityClass>, "metadata" | "kind" | "apiVersion">;

export function* budgetRules({ spec = {} }: PodDisruptionBudget): Causes {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    yield invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
  yield* countOrPercent(minAvailable, "spec.minAvailable");
  yield* countOrPercent(maxUnavailable, "spec.maxUnavailable");
  yield* selectorRules(selector, "spec.selector");
  yield* oneOf("spec.unhealthyPodEvictionPolicy", unhealthyPodEvictionPolicy, ["AlwaysAllow", "IfHealthyBudget"]);
}

function* countOrPercent(value: number | string | undefined, field: string): Causes {
  if (typeof value === "number") yield* atLeast(field, value, 0);
  else if (value !== undefined && !/^[0-9]+%$/.test(value))
    yield invalid(field, value, "a valid percent string must be a numeric string followed by an ending '%'");
  else if (value !== undefined && Number(value.slice(0, -1)) > 100) yield invalid(field, value, "must not be greater than 100%");
}

export function* leaseRules({ spec = {} }: Lease): Causes {
  const { leaseDurationSeconds: duration, leaseTransitions } = spec;
  if (duration !== undefined && duration <= 0) yield invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
  yield* atLeast("spec.leaseTransitions", leaseTransitions, 0);
}

/** Rules for events of the core API, which are few. */
export function* eventRules({ metadata: { namespace = "" }, involvedObject, eventTime, reportingComponent = "", ...event }: Event): Causes {
  const about = involvedObject?.namespace ?? "";
  const isElsewhere = about === "" ? namespace !== "default" : about !== namespace;
  if (eventTime === undefined) {
    if (isElsewhere) yield invalid("involvedObject.namespace", about, "does not match event.namespace");
    return;
  }
  if (about === "" && namespace !== "default" && namespace !== "kube-system")
    yield invalid("involvedObject.namespace", about, "does not match event.namespace");
  if (reportingComponent === "") yield required("reportingComponent");
  for (const name of ["reportingInstance", "action", "reason"] as const) if (!event[name]) yield required(name);
}

const accessModes: readonly string[] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

export function* claimRules({ spec, status }: PersistentVolumeClaim, before: PersistentVolumeClaim | undefined): Causes {
  const modes = spec?.accessModes ?? [];
  if (modes.length === 0) yield required("spec.accessModes", "at least 1 access mode is required");
  for (const mode of modes) if (!accessModes.includes(mode)) yield notSupported("spec.accessModes", mode, accessModes);
  const asked = spec?.resources?.requests?.["storage"];
  if (asked === undefined) yield required("spec.resources[storage]");
  else if (amountOf(asked) <= 0) yield invalid("spec.resources[storage]", asked, "must be greater than zero");
  yield* oneOf("spec.volumeMode", spec?.volumeMode, ["Block", "Filesystem"]);
  if (before === undefined) return;
  const isBound = status?.phase === "Bound";
  if (!isDeepStrictEqual(fixedClaim(spec, before.spec, isBound), fixedClaim(before.spec, before.spec, isBound)))
    yield forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
  if ((spec?.volumeMode ?? "Filesystem") !== (before.spec?.volumeMode ?? "Filesystem")) yield immutable("volumeMode", spec?.volumeMode);
}

/** Without what may change: the volume's name once, and the size of what is bound. */
function fixedClaim(spec: PersistentVolumeClaim["spec"], before: PersistentVolumeClaim["spec"], isBound: boolean): object {
  const { volumeName, resources, ...rest } = spec ?? {};
  return { ...rest, ...(before?.volumeName ? { volumeName } : {}), ...(isBound ? {} : { resources }) };
}

/** Values that users may give; higher ones are the system's. */
const highestPriority = 1_000_000_000;

export function* priorityClassRules(priorityClass: PriorityClass, before: PriorityClass | undefined): Causes {
  const {
    value = 0,
    preemptionPolicy,
    metadata: { name = "" },
  } = priorityClass;
  if (name.startsWith("system-"))
    yield forbidden("metadata.name", "priority class names with 'system-' prefix are reserved for system use only");
  else if (value > highestPriority) yield forbidden("value", `maximum allowed value of a user defined priority is ${highestPriority}`);
  yield* oneOf("preemptionPolicy", preemptionPolicy, ["Never", "PreemptLowerPriority"]);
  if (before !== undefined && before.value !== value) yield forbidden("value", "may not be changed in an update");
}
