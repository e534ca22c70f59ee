import { isDeepStrictEqual } from "node:util";
import { KubeError } from "../../kube/kube-error.ts";

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** RFC 6902, in order. @throws KubeError `invalid` where an operation cannot be done or a test fails */
export function jsonPatch(target: unknown, operations: readonly Operation[]): unknown {
  return operations.reduce<unknown>((document, operation) => {
    const path = pointer(operation.path);
    switch (operation.op) {
      case "add":
        return put(document, path, operation.value, "add");
      case "replace":
        return put(document, path, operation.value, "replace");
      case "remove":
        return put(document, path, undefined, "remove");
      case "move": {
        const from = pointer(operation.from ?? "");
        return put(put(document, from, undefined, "remove"), path, at(document, from), "add");
      }
      case "copy":
        return put(document, path, at(document, pointer(operation.from ?? "")), "add");
      case "test":
        if (!isDeepStrictEqual(at(document, path), operation.value)) throw refused(`testing value ${operation.path} failed`);
        return document;
      default:
        throw refused(`unexpected kind "${operation.op}"`);
    }
  }, target);
}

function refused(why: string): KubeError {
  return new KubeError("invalid", `the server rejected our request due to an error in our request: ${why}`, {
    httpStatus: 422,
    status: { kind: "Status", code: 422, reason: "Invalid", message: why },
  });
}

function pointer(text: string): string[] {
  return text
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function at(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined),
    document,
  );
}

function put(document: unknown, path: readonly string[], value: unknown, how: "add" | "replace" | "remove"): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(document)) {
    const index = name === "-" ? document.length : Number(name);
    const isThere = index < document.length;
    if (!Number.isInteger(index) || index < 0 || index > document.length || (!isThere && (rest.length > 0 || how !== "add")))
      throw refused(`index ${name} is out of bounds`);
    if (rest.length > 0) return document.with(index, put(document[index], rest, value, how));
    if (how === "add") return document.toSpliced(index, 0, value);
    return how === "remove" ? document.toSpliced(index, 1) : document.with(index, value);
  }
  if (typeof document !== "object" || document === null) throw refused(`there is nothing at ${name}`);
  const fields = { ...(document as Record<string, unknown>) };
  if (rest.length > 0) {
    if (fields[name] === undefined) throw refused(`there is nothing at ${name}`);
    fields[name] = put(fields[name], rest, value, how);
    return fields;
  }
  if (how !== "add" && fields[name] === undefined) throw refused(`there is nothing at ${name}`);
  if (how === "remove") delete fields[name];
  else fields[name] = value;
  return fields;
}
