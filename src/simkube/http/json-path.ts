import { fieldsOf } from "../api/sim-object.ts";

/**
 * The value at a JSONPath of printer columns: `.spec.a.b`, `.a[0]`, `.a["b.c"]`, `.a.b\.c`, `.a[?(@.type=="Ready")].status`. Undefined where
 * there is none; the first where a filter finds several.
 */
export function jsonPath(path: string, value: unknown): unknown {
  return stepsOf(path).reduce<unknown>((at, step) => step(at), value);
}

type Step = (value: unknown) => unknown;

const token = /\.((?:[^.[\]\\]|\\.)+)|\[\?\(@\.([^=!\s]+)\s*(==|!=)\s*["']([^"']*)["']\)\]|\[(\d+)\]|\["([^"]+)"\]|\['([^']+)'\]|\[\*\]/g;

function stepsOf(path: string): Step[] {
  const text = path.replace(/^\{|\}$/g, "");
  return [...text.matchAll(token)].map(([, name, filterPath, operator, wanted, index, quoted, single]): Step => {
    const field = name?.replaceAll(/\\(.)/g, "$1") ?? quoted ?? single;
    if (field !== undefined) return (value) => fieldsOf(value)[field];
    if (index !== undefined) return (value) => (Array.isArray(value) ? value[Number(index)] : undefined);
    if (filterPath === undefined) return (value) => (Array.isArray(value) ? value[0] : undefined);
    return (value) =>
      Array.isArray(value)
        ? value.find((item) => (String(jsonPath(`.${filterPath}`, item)) === wanted) === (operator === "=="))
        : undefined;
  });
}
