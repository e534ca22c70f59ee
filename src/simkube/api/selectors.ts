import { KubeError } from "../../kube/kube-error.ts";
import { fieldsOf, type SimObject } from "./sim-object.ts";

/** Whether an object is selected. */
export type Selector = (object: SimObject) => boolean;

const everything: Selector = () => true;

/** `app=web,tier in (a, b),!old` @throws KubeError `invalid` */
export function labelSelector(text: string | undefined): Selector {
  if (text === undefined || text.trim() === "") return everything;
  const requirements = splitOutsideParentheses(text).map(requirement);
  return ({ metadata }) => requirements.every((matches) => matches(metadata.labels ?? {}));
}

type Labels = Readonly<Record<string, string>>;

function requirement(text: string): (labels: Labels) => boolean {
  const part = text.trim();
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part);
  if (set !== null) {
    const [, name = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    return (labels) => values.includes(labels[name] ?? "\u0000") === (operator === "in");
  }
  const [, name = "", operator, value = ""] = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(part) ?? [];
  if (operator === "!=") return (labels) => labels[name] !== value;
  if (operator !== undefined) return (labels) => labels[name] === value;
  if (/^!\s*[^=!\s]+$/.test(part)) return (labels) => labels[part.slice(1).trim()] === undefined;
  if (/^[^=!\s]+$/.test(part)) return (labels) => labels[part] !== undefined;
  throw new KubeError("invalid", `unable to parse requirement: "${part}" is no label selector`, { httpStatus: 400 });
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

/** A LabelSelector of an object's spec. An absent one selects nothing, an empty one everything. */
export function specSelector(spec: unknown): Selector {
  if (spec === undefined) return () => false;
  const { matchLabels, matchExpressions } = fieldsOf(spec);
  const wanted = Object.entries(fieldsOf(matchLabels));
  const expressions = Array.isArray(matchExpressions) ? matchExpressions.map(expression) : [];
  return ({ metadata }) =>
    wanted.every(([name, value]) => metadata.labels?.[name] === value) && expressions.every((matches) => matches(metadata.labels ?? {}));
}

function expression(given: unknown): (labels: Labels) => boolean {
  const { key, operator, values } = fieldsOf(given);
  const name = String(key);
  const list: readonly unknown[] = Array.isArray(values) ? values : [];
  switch (operator) {
    case "In":
      return (labels) => list.includes(labels[name]);
    case "NotIn":
      return (labels) => !list.includes(labels[name]);
    case "Exists":
      return (labels) => labels[name] !== undefined;
    case "DoesNotExist":
      return (labels) => labels[name] === undefined;
    default:
      return () => false;
  }
}

/** `metadata.name=a,spec.nodeName!=b`: any field with a plain value. @throws KubeError `invalid` */
export function fieldSelector(text: string | undefined): Selector {
  if (text === undefined || text.trim() === "") return everything;
  const requirements = text.split(",").map((part) => {
    const [, path, operator, value] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
    if (path === undefined) throw new KubeError("invalid", `"${part}" is no field selector`, { httpStatus: 400 });
    const names = path.split(".");
    return (object: SimObject) => {
      const found = names.reduce<unknown>((at, name) => fieldsOf(at)[name], object);
      const said = typeof found === "string" || typeof found === "number" || typeof found === "boolean" ? String(found) : "";
      return (said === value) !== (operator === "!=");
    };
  });
  return (object) => requirements.every((matches) => matches(object));
}
