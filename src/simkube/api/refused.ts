import { KubeError, type KubeErrorCode } from "../../kube/kube-error.ts";
import { groupOf, qualified, type SimResource } from "./resources.ts";

/** One field that is refused, as in a Status. */
export interface RefusedField {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

/** The API server's answer to an object that cannot be. */
export function refusedAs(resource: SimResource, name: string, fields: readonly RefusedField[]): KubeError {
  const said = fields.map(({ field, message }) => `${field}: ${message}`);
  const list = said.length === 1 ? (said[0] ?? "") : `[${said.join(", ")}]`;
  return refusal("invalid", 422, "Invalid", resource, name, `${resource.kind}${dotted(resource)} "${name}" is invalid: ${list}`, fields);
}

/** The answer of an admission plug-in that does not let an object be made. */
export function forbiddenAs(resource: SimResource, name: string, why: string): KubeError {
  return refusal("forbidden", 403, "Forbidden", resource, name, `${qualified(resource)} "${name}" is forbidden: ${why}`);
}

/** The API server's answer to a request about an object that is not there. */
export function notFound(resource: SimResource, name: string): KubeError {
  return refusal("notFound", 404, "NotFound", resource, name, `${qualified(resource)} "${name}" not found`);
}

/** The API server's answer to the creation of what is there. */
export function alreadyExists(resource: SimResource, name: string): KubeError {
  return refusal("alreadyExists", 409, "AlreadyExists", resource, name, `${qualified(resource)} "${name}" already exists`);
}

/** The API server's answer to a write that meets another version than it names. */
export function conflict(resource: SimResource, name: string, why: string, fields: readonly RefusedField[] = []): KubeError {
  const message = fields.length > 0 ? why : `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return refusal("conflict", 409, "Conflict", resource, name, message, fields);
}

function dotted(resource: SimResource): string {
  const group = groupOf(resource);
  return group === "" ? "" : `.${group}`;
}

function refusal(
  code: KubeErrorCode,
  httpStatus: number,
  reason: string,
  resource: SimResource,
  name: string,
  message: string,
  fields: readonly RefusedField[] = [],
): KubeError {
  const group = groupOf(resource);
  const causes = fields.map(({ field, reason: why, message: text }) => ({ field, reason: why, message: text }));
  return new KubeError(code, message, {
    httpStatus,
    status: {
      kind: "Status",
      code: httpStatus,
      reason,
      message,
      details: { name, ...(group === "" ? {} : { group }), kind: resource.plural, ...(causes.length === 0 ? {} : { causes }) },
    },
  });
}
