import type * as k8s from "@kubernetes/client-node";
import type { Wire } from "../../../kube/object.ts";
import { type Causes, invalid, required } from "./cause.ts";
import { isLabelValue, isQualifiedName, labelsOf } from "./names.ts";

export type LabelSelector = Wire<k8s.V1LabelSelector>;

/** Rules for a selector by labels. */
export function* selectorRules(selector: LabelSelector | undefined, field: string): Causes {
  if (selector === undefined) return;
  yield* labelsOf(selector.matchLabels, `${field}.matchLabels`);
  for (const [index, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const where = `${field}.matchExpressions[${index}]`;
    if (operator === "In" || operator === "NotIn") {
      if (values.length === 0) yield required(`${where}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0)
        yield {
          field: `${where}.values`,
          reason: "FieldValueForbidden",
          message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        };
    } else yield invalid(`${where}.operator`, operator, "not a valid selector operator");
    if (!isQualifiedName(key)) yield invalid(`${where}.key`, key, "name part must consist of alphanumeric characters, '-', '_' or '.'");
    for (const [at, value] of values.entries())
      if (!isLabelValue(value))
        yield invalid(`${where}.values[${at}]`, value, "a valid label must be an empty string or consist of alphanumeric characters");
  }
}

/** Whether it selects everything. */
export function isEmptySelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
