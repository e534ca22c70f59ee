import { isDeepStrictEqual } from "node:util";
import { refusedAs } from "./refused.ts";
import type { SimResource } from "./resources.ts";
import { fieldsOf, type SimObject } from "./sim-object.ts";
import { problemsOf, prune, withSchemaDefaults } from "./structural.ts";

type Draft = SimObject & Record<string, unknown>;

export interface AdmissionContext {
  /** A cluster IP that no Service has. */
  readonly freeClusterIp: () => string;
  /** Whether another Service has it. */
  readonly isTaken: (clusterIp: string) => boolean;
}

/**
 * What the API server makes of an object that is to be stored: the fields it fills in, and its refusal where a field cannot be.
 * Of Kubernetes' own kinds only what a controller can trip over: names, and fields that may not change.
 *
 * @throws KubeError `invalid`
 */
export function admit(resource: SimResource, next: SimObject, before: SimObject | undefined, context: AdmissionContext): SimObject {
  checkName(resource, next);
  if (resource.schema !== undefined) return admitCustom(resource, next);
  const draft: Draft = { ...next };
  switch (resource.kind) {
    case "Service":
      return before === undefined ? withServiceDefaults(resource, draft, context) : keepClusterIp(resource, draft, before);
    case "Secret":
      return checkImmutable(resource, withStringData(draft), before);
    case "ConfigMap":
      return checkImmutable(resource, draft, before);
    case "Deployment":
    case "ReplicaSet":
      return withReplicas(resource, draft, before);
    case "Job":
      return withJobDefaults(resource, draft, before);
    case "Namespace":
      return {
        ...draft,
        spec: { finalizers: ["kubernetes"], ...fieldsOf(draft["spec"]) },
        status: { phase: next.metadata.deletionTimestamp === undefined ? "Active" : "Terminating" },
      };
    case "CustomResourceDefinition":
      checkDefinition(resource, draft);
      return draft;
    default:
      return draft;
  }
}

function checkName(resource: SimResource, { metadata: { name = "" } }: SimObject): void {
  // rbac names may hold anything that a path may
  if (resource.apiVersion.startsWith("rbac.") || name === "") return;
  if (name.length > 253 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name))
    throw refusedAs(resource, name, [
      {
        field: "metadata.name",
        reason: "FieldValueInvalid",
        message: `Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`,
      },
    ]);
}

function admitCustom(resource: SimResource, next: SimObject): SimObject {
  const schema = resource.schema ?? {};
  const full = withSchemaDefaults(schema, prune(schema, next)) as SimObject;
  const problems = problemsOf(schema, full);
  if (problems.length > 0) throw refusedAs(resource, next.metadata.name ?? "", problems);
  return full;
}

function withServiceDefaults(resource: SimResource, draft: Draft, context: AdmissionContext): Draft {
  const spec = fieldsOf(draft["spec"]);
  const given = spec["clusterIP"];
  if (typeof given === "string" && given !== "None" && given !== "" && context.isTaken(given))
    throw refusedAs(resource, draft.metadata.name ?? "", [
      {
        field: "spec.clusterIPs[0]",
        reason: "FieldValueInvalid",
        message: `Invalid value: "${given}": failed to allocate IP ${given}: provided IP is already allocated`,
      },
    ]);
  const clusterIP = typeof given === "string" && given !== "" ? given : context.freeClusterIp();
  const ports = Array.isArray(spec["ports"])
    ? spec["ports"].map((port) => {
        const fields = fieldsOf(port);
        return { protocol: "TCP", targetPort: fields["port"], ...fields };
      })
    : spec["ports"];
  return { ...draft, spec: { type: "ClusterIP", ...spec, clusterIP, clusterIPs: [clusterIP], ...(ports === undefined ? {} : { ports }) } };
}

function keepClusterIp(resource: SimResource, draft: Draft, before: SimObject): Draft {
  const old = fieldsOf(before["spec"])["clusterIP"];
  const spec = fieldsOf(draft["spec"]);
  if (spec["clusterIP"] !== undefined && spec["clusterIP"] !== "" && spec["clusterIP"] !== old)
    throw refusedAs(resource, draft.metadata.name ?? "", [immutable("spec.clusterIPs[0]", spec["clusterIP"])]);
  return old === undefined ? draft : { ...draft, spec: { ...spec, clusterIP: old, clusterIPs: [old] } };
}

function withStringData(draft: Draft): Draft {
  if (draft["stringData"] === undefined) return draft;
  const { stringData, ...rest } = draft;
  const encoded = Object.entries(fieldsOf(stringData)).map(([name, text]) => [name, Buffer.from(String(text)).toString("base64")] as const);
  return { ...rest, data: { ...fieldsOf(draft["data"]), ...Object.fromEntries(encoded) } };
}

function checkImmutable(resource: SimResource, draft: Draft, before: SimObject | undefined): Draft {
  if (before?.["immutable"] === true && !isDeepStrictEqual(before["data"], draft["data"]))
    throw refusedAs(resource, draft.metadata.name ?? "", [
      { field: "data", reason: "FieldValueForbidden", message: "Forbidden: field is immutable when `immutable` is set" },
    ]);
  return draft;
}

function withReplicas(resource: SimResource, draft: Draft, before: SimObject | undefined): Draft {
  const spec = fieldsOf(draft["spec"]);
  const selector = fieldsOf(fieldsOf(spec["selector"])["matchLabels"]);
  const labels = fieldsOf(fieldsOf(fieldsOf(spec["template"])["metadata"])["labels"]);
  const name = draft.metadata.name ?? "";
  if (Object.entries(selector).some(([key, value]) => labels[key] !== value))
    throw refusedAs(resource, name, [
      {
        field: "spec.template.metadata.labels",
        reason: "FieldValueInvalid",
        message: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
      },
    ]);
  if (before !== undefined && !isDeepStrictEqual(fieldsOf(before["spec"])["selector"], spec["selector"]))
    throw refusedAs(resource, name, [immutable("spec.selector", spec["selector"])]);
  return { ...draft, spec: { replicas: 1, ...spec } };
}

function withJobDefaults(resource: SimResource, draft: Draft, before: SimObject | undefined): Draft {
  const spec = fieldsOf(draft["spec"]);
  if (before === undefined) return { ...draft, spec: { backoffLimit: 6, completions: 1, parallelism: 1, ...spec } };
  if (!isDeepStrictEqual(fieldsOf(before["spec"])["template"], spec["template"]))
    throw refusedAs(resource, draft.metadata.name ?? "", [immutable("spec.template", spec["template"])]);
  return draft;
}

function checkDefinition(resource: SimResource, draft: Draft): void {
  const spec = fieldsOf(draft["spec"]);
  const plural = fieldsOf(spec["names"])["plural"];
  const wanted = `${String(plural)}.${String(spec["group"])}`;
  if (draft.metadata.name !== wanted)
    throw refusedAs(resource, draft.metadata.name ?? "", [
      {
        field: "metadata.name",
        reason: "FieldValueInvalid",
        message: `Invalid value: must be spec.names.plural+"."+spec.group (${wanted})`,
      },
    ]);
}

function immutable(field: string, value: unknown) {
  return { field, reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(value)}: field is immutable` } as const;
}
