import type { Affinity, Toleration, TopologySpreadConstraint } from "../../../kube/kinds.ts";
import { type Causes, duplicate, invalid, notSupported, oneOf, required } from "./cause.ts";
import { isLabelValue, isQualifiedName } from "./names.ts";
import { type LabelSelector, selectorRules } from "./selector.ts";

const effects: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const badKey = "name part must consist of alphanumeric characters, '-', '_' or '.'";

export function* tolerationRules(tolerations: readonly Toleration[], field: string): Causes {
  for (const [index, { key = "", operator = "", value = "", effect = "", tolerationSeconds }] of tolerations.entries()) {
    const where = `${field}[${index}]`;
    if (key !== "" && !isQualifiedName(key)) yield invalid(`${where}.key`, key, badKey);
    if (key === "" && operator !== "Exists") yield invalid(`${where}.operator`, operator, "operator must be Exists when `key` is empty");
    if (tolerationSeconds !== undefined && effect !== "NoExecute")
      yield invalid(`${where}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    if (operator === "Exists") {
      if (value !== "") yield invalid(`${where}.operator`, value, "value must be empty when `operator` is 'Exists'");
    } else if (operator !== "" && operator !== "Equal") yield notSupported(`${where}.operator`, operator, ["Equal", "Exists"]);
    else if (!isLabelValue(value))
      yield invalid(`${where}.operator`, value, "a valid label must be an empty string or consist of alphanumeric characters");
    yield* oneOf(`${where}.effect`, effect, effects);
  }
}

export function* affinityRules({ nodeAffinity, podAffinity, podAntiAffinity }: Affinity, field: string): Causes {
  const node = `${field}.nodeAffinity`;
  const needed = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (needed !== undefined) {
    const where = `${node}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
    if ((needed.nodeSelectorTerms ?? []).length === 0) yield required(where, "must have at least one node selector term");
    for (const [index, term] of (needed.nodeSelectorTerms ?? []).entries()) yield* nodeTermRules(term, `${where}[${index}]`);
  }
  for (const [index, { weight, preference }] of (nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    const where = `${node}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    if (weight < 1 || weight > 100) yield invalid(`${where}.weight`, weight, "must be in the range 1-100");
    yield* nodeTermRules(preference, `${where}.preference`);
  }
  for (const [name, affinity] of Object.entries({ podAffinity, podAntiAffinity })) {
    const where = `${field}.${name}`;
    for (const [index, term] of (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      yield* podTermRules(term, `${where}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`);
    for (const [index, { weight, podAffinityTerm }] of (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      const at = `${where}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      if (weight < 1 || weight > 100) yield invalid(`${at}.weight`, weight, "must be in the range 1-100");
      yield* podTermRules(podAffinityTerm, `${at}.podAffinityTerm`);
    }
  }
}

type NodeTerm = NonNullable<NonNullable<Affinity["nodeAffinity"]>["preferredDuringSchedulingIgnoredDuringExecution"]>[number]["preference"];

function* nodeTermRules({ matchExpressions = [] }: NodeTerm, field: string): Causes {
  for (const [index, { key, operator, values = [] }] of matchExpressions.entries()) {
    const where = `${field}.matchExpressions[${index}]`;
    switch (operator) {
      case "In":
      case "NotIn":
        if (values.length === 0) yield required(`${where}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
        break;
      case "Exists":
      case "DoesNotExist":
        if (values.length > 0)
          yield {
            field: `${where}.values`,
            reason: "FieldValueForbidden",
            message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
          };
        break;
      case "Gt":
      case "Lt":
        if (values.length !== 1) yield required(`${where}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
        break;
      default:
        yield invalid(`${where}.operator`, operator, "not a valid selector operator");
    }
    if (!isQualifiedName(key)) yield invalid(`${where}.key`, key, badKey);
    for (const [at, value] of values.entries())
      if (!isLabelValue(value))
        yield invalid(`${where}.values[${at}]`, value, "a valid label must be an empty string or consist of alphanumeric characters");
  }
}

interface PodTerm {
  readonly topologyKey: string;
  readonly labelSelector?: LabelSelector;
}

function* podTermRules({ topologyKey, labelSelector }: PodTerm, field: string): Causes {
  yield* selectorRules(labelSelector, `${field}.labelSelector`);
  if (!topologyKey) yield required(`${field}.topologyKey`, "can not be empty");
  else if (!isQualifiedName(topologyKey)) yield invalid(`${field}.topologyKey`, topologyKey, badKey);
}

export function* spreadRules(constraints: readonly TopologySpreadConstraint[], field: string): Causes {
  const seen = new Set<string>();
  for (const [index, { maxSkew, topologyKey, whenUnsatisfiable, labelSelector }] of constraints.entries()) {
    const where = `${field}[${index}]`;
    if (!(maxSkew > 0)) yield invalid(`${where}.maxSkew`, maxSkew ?? 0, "must be greater than zero");
    if (!topologyKey) yield required(`${where}.topologyKey`, "can not be empty");
    else if (!isQualifiedName(topologyKey)) yield invalid(`${where}.topologyKey`, topologyKey, badKey);
    if (!["DoNotSchedule", "ScheduleAnyway"].includes(whenUnsatisfiable))
      yield notSupported(`${where}.whenUnsatisfiable`, whenUnsatisfiable ?? "", ["DoNotSchedule", "ScheduleAnyway"]);
    const key = `{${topologyKey}, ${whenUnsatisfiable}}`;
    if (seen.has(key)) yield duplicate(`${where}.{topologyKey, whenUnsatisfiable}`, key);
    seen.add(key);
    yield* selectorRules(labelSelector, `${where}.labelSelector`);
  }
}
