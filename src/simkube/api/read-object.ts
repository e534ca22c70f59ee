import { KubeError } from "../../kube/kube-error.ts";
import { refusedAs } from "./refused.ts";
import type { SimResource } from "./resources.ts";
import { fit, type Misfits, shapeOfKind } from "./shape/fit.ts";
import type { SimObject } from "./sim-object.ts";
import { problemsOf, prune, withoutNulls, withSchemaDefaults } from "./structural.ts";

/** By what door an object came, which decides how a wrong one is refused. */
export type CameBy = "body" | "patch" | "apply";

/**
 * The object as its kind, without fields that the kind does not know and without nulls. `known` is the object that it was made from.
 *
 * @throws KubeError `invalid` or `serverError` where a value is of another type, or, of what is applied, where a field is unknown or an
 * element is there twice
 */
export function readObject(resource: SimResource, object: SimObject, by: CameBy, known?: SimObject): SimObject {
  const name = object.metadata.name ?? "";
  if (resource.isCustom) return readCustom(resource, object, by);
  const shape = shapeOfKind(resource);
  if (shape === undefined) return object;
  const hear: Misfits = {
    unknown: (field) => {
      if (by === "apply") refuseApplied(resource, object, `.${field}: field not declared in schema`);
    },
    wrong: (field, wanted, value) => {
      const said = `cannot read ${JSON.stringify(value)} at ${field} as ${wanted}`;
      if (by === "apply") refuseApplied(resource, object, `.${field}: ${said}`);
      if (by === "patch")
        throw refusedAs(resource, name, [{ field: "patch", reason: "FieldValueInvalid", message: `Invalid value: ${said}` }]);
      throw badRequest(`${resource.kind} in version "${resource.apiVersion}" cannot be handled as a ${resource.kind}: ${said}`);
    },
    ...(by === "apply"
      ? { twice: (field: string, key: string) => refuseApplied(resource, object, `.${field}: duplicate entries for key [${key}]`) }
      : {}),
  };
  return fit(shape, object, hear, { known }) as SimObject;
}

/** The fields of an object that its kind does not know. */
export function unknownFields(resource: SimResource, object: SimObject): string[] {
  const unknown: string[] = [];
  const shape = resource.isCustom ? undefined : shapeOfKind(resource);
  if (shape !== undefined) fit(shape, object, { unknown: (field) => unknown.push(field), wrong: () => {} });
  else if (resource.schema !== undefined) prune(resource.schema, object, (field) => unknown.push(field));
  return unknown;
}

/** Nulls of what is applied stay, and are refused later where they cannot be. */
function readCustom(resource: SimResource, object: SimObject, by: CameBy): SimObject {
  const { schema } = resource;
  if (schema === undefined) return object;
  const read = withoutNulls(schema, object) as SimObject;
  if (by !== "apply") return read;
  prune(schema, object, (field) => refuseApplied(resource, object, `.${field}: field not declared in schema`));
  const wrong = problemsOf(schema, withSchemaDefaults(schema, read)).find(({ reason }) => reason === "FieldValueTypeInvalid");
  if (wrong !== undefined) refuseApplied(resource, object, `.${wrong.field}: ${wrong.message}`);
  return object;
}

function refuseApplied({ apiVersion, kind }: SimResource, { metadata }: SimObject, why: string): never {
  const { namespace = "", name = "" } = metadata;
  throw new KubeError("serverError", `failed to create typed patch object (${namespace}/${name}; ${apiVersion}, Kind=${kind}): ${why}`, {
    httpStatus: 500,
    status: { kind: "Status", code: 500 },
  });
}

/** The API server's answer to a request that it cannot read. */
export function badRequest(message: string): KubeError {
  return new KubeError("invalid", message, { httpStatus: 400, status: { kind: "Status", code: 400, reason: "BadRequest", message } });
}
