import { isDeepStrictEqual } from "node:util";
import type * as k8s from "@kubernetes/client-node";
import type { Container, Pod } from "../../../kube/kinds.ts";
import type { Wire } from "../../../kube/object.ts";
import { atLeast, type Causes, forbidden, invalid, oneOf } from "./cause.ts";
import { containerRules } from "./containers.ts";
import { annotationRules } from "./metadata.ts";
import { isLabel, isSubdomain, labelsOf } from "./names.ts";
import { affinityRules, spreadRules, tolerationRules } from "./placement.ts";
import { volumeRules } from "./volumes.ts";

type PodSpec = Partial<Wire<k8s.V1PodSpec>>;

/** Rules for what a Pod is to be; `field` is where it stands: `spec`, `spec.template.spec`. */
export function* podSpecRules(spec: PodSpec, field: string): Causes {
  const volumes = new Set<string>();
  yield* volumeRules(spec.volumes ?? [], `${field}.volumes`, (name) => volumes.add(name));
  yield* containerRules(spec, { volumes, isHostNetwork: spec.hostNetwork === true }, field);
  yield* oneOf(`${field}.restartPolicy`, spec.restartPolicy, ["Always", "OnFailure", "Never"]);
  yield* oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]);
  yield* labelsOf(spec.nodeSelector, `${field}.nodeSelector`);
  yield* affinityRules(spec.affinity ?? {}, `${field}.affinity`);
  yield* spreadRules(spec.topologySpreadConstraints ?? [], `${field}.topologySpreadConstraints`);
  yield* tolerationRules(spec.tolerations ?? [], `${field}.tolerations`);
  for (const name of ["serviceAccountName", "nodeName", "priorityClassName"] as const) {
    const value = spec[name] ?? "";
    if (value !== "" && !isSubdomain(value))
      yield invalid(
        `${field}.${name}`,
        value,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
      );
  }
  for (const name of ["hostname", "subdomain"] as const) {
    const value = spec[name] ?? "";
    if (value !== "" && !isLabel(value))
      yield invalid(`${field}.${name}`, value, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'");
  }
  const { activeDeadlineSeconds: deadline } = spec;
  if (deadline !== undefined && (deadline < 1 || deadline > 2 ** 31 - 1))
    yield invalid(`${field}.activeDeadlineSeconds`, deadline, "must be between 1 and 2147483647, inclusive");
}

/** Rules for the template of Pods of a workload. */
export function* podTemplateRules({ metadata = {}, spec }: Partial<Wire<k8s.V1PodTemplateSpec>>, field: string): Causes {
  yield* labelsOf(metadata.labels, `${field}.labels`);
  yield* annotationRules(metadata.annotations, `${field}.annotations`);
  yield* podSpecRules(spec ?? {}, `${field}.spec`);
}

/** What a Pod may change once it is made. */
export function* podRules(pod: Pod, before: Pod | undefined): Causes {
  yield* podSpecRules(pod.spec ?? {}, "spec");
  yield* atLeast("spec.terminationGracePeriodSeconds", pod.spec?.terminationGracePeriodSeconds, 0);
  if (before === undefined) return;
  const [now, old] = [pod.spec?.containers ?? [], before.spec?.containers ?? []];
  if (now.length !== old.length) {
    yield forbidden("spec.containers", "pod updates may not add or remove containers");
    return;
  }
  if (!isDeepStrictEqual(fixedPart(pod, before), fixedPart(before, before)))
    yield forbidden(
      "spec",
      "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, `spec.tolerations` (only additions to existing tolerations)",
    );
}

/** Without what may change: images, a deadline, tolerations; and the node, which the simulated scheduler sets so where none is. */
function fixedPart({ spec }: Pod, before: Pod): object {
  const { activeDeadlineSeconds: _a, tolerations: _t, nodeName, containers = [], initContainers = [], ...rest } = spec ?? {};
  const withoutImage = ({ image: _image, ...container }: Container) => container;
  return {
    ...rest,
    ...(before.spec?.nodeName ? { nodeName } : {}),
    containers: containers.map(withoutImage),
    initContainers: initContainers.map(withoutImage),
  };
}
