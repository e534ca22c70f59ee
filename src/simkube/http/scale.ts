import { refusedAs } from "../api/refused.ts";
import type { SimResource } from "../api/resources.ts";
import { fieldsOf, type SimObject } from "../api/sim-object.ts";
import { jsonPath } from "./json-path.ts";

/** An object as its scale subresource shows it. */
export function scaleOf(resource: SimResource, object: SimObject): object {
  const { specPath = "", statusPath = "", selectorPath = "" } = resource.scale ?? {};
  const labels = fieldsOf(jsonPath(".spec.selector.matchLabels", object));
  const said = selectorPath === "" ? undefined : jsonPath(selectorPath, object);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: Number(jsonPath(specPath, object) ?? 0) },
    status: {
      replicas: Number(jsonPath(statusPath, object) ?? 0),
      selector:
        typeof said === "string"
          ? said
          : Object.entries(labels)
              .map(([key, value]) => `${key}=${String(value)}`)
              .join(","),
    },
  };
}

/** The object with the number that a Scale asks for. @throws KubeError `invalid` */
export function scaledTo(resource: SimResource, object: SimObject, scale: unknown): SimObject {
  const replicas = jsonPath(".spec.replicas", scale);
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0)
    throw refusedAs(resource, object.metadata.name ?? "", [
      {
        field: "spec.replicas",
        reason: "FieldValueInvalid",
        message: `Invalid value: ${JSON.stringify(replicas)}: must be a whole number of at least 0`,
      },
    ]);
  const names = (resource.scale?.specPath ?? "").split(".").filter(Boolean);
  const put = (value: unknown, [name, ...rest]: readonly string[]): unknown =>
    name === undefined ? replicas : { ...fieldsOf(value), [name]: put(fieldsOf(value)[name], rest) };
  return put(object, names) as SimObject;
}
