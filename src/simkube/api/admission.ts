import type { ObjectKey } from "../../kube/object.ts";
import { admitPod } from "./admit-pod.ts";
import { refusedAs } from "./refused.ts";
import type { SimResource } from "./resources.ts";
import { causesOf } from "./rules/rules.ts";
import { networkRules } from "./rules/service.ts";
import { fieldsOf, type SimObject } from "./sim-object.ts";
import { problemsOf, prune, withSchemaDefaults } from "./structural.ts";

type Draft = SimObject & Record<string, unknown>;

export interface AdmissionContext {
  /** A cluster IP that no Service has. */
  readonly freeClusterIp: () => string;
  /** Whether another Service has it. */
  readonly isTaken: (clusterIp: string) => boolean;
  /** Whether there is such an object, by `v1/serviceaccounts`; where the store makes up what is named, always. */
  readonly isThere: (resource: string, key: ObjectKey) => boolean;
}

/**
 * What the API server makes of an object that is to be stored: the fields it fills in, and its refusal where a field cannot be. The
 * object has been read as its kind (`readObject`).
 *
 * @throws KubeError `invalid`, `forbidden`
 */
export function admit(resource: SimResource, next: SimObject, before: SimObject | undefined, context: AdmissionContext): SimObject {
  if (resource.isCustom) return admitCustom(resource, next, before);
  if (resource.kind === "Pod" && before === undefined) admitPod(resource, next, context.isThere);
  const draft = filledIn(resource, next, before);
  refuse(resource, draft, causesOf(resource, draft, before));
  if (resource.kind === "Service" && before === undefined) return withClusterIp(resource, draft, context);
  if (resource.kind === "CustomResourceDefinition") checkDefinition(resource, draft);
  return draft;
}

/** Refuses the status of an object for what its schema says; what is no status does not change by that door. */
export function admitStatus(resource: SimResource, next: SimObject): SimObject {
  return resource.schema === undefined ? next : bySchema(resource, next);
}

function refuse(resource: SimResource, { metadata }: SimObject, causes: Parameters<typeof refusedAs>[2]): void {
  const called = metadata.generateName ?? "";
  if (causes.length > 0) throw refusedAs(resource, called === "" ? (metadata.name ?? "") : called, causes);
}

function admitCustom(resource: SimResource, next: SimObject, before: SimObject | undefined): SimObject {
  refuse(resource, next, causesOf(resource, next, before));
  return bySchema(resource, next);
}

function bySchema(resource: SimResource, next: SimObject): SimObject {
  const schema = resource.schema ?? {};
  const full = withSchemaDefaults(schema, prune(schema, next)) as SimObject;
  refuse(resource, next, problemsOf(schema, full));
  return full;
}

function filledIn(resource: SimResource, draft: Draft, before: SimObject | undefined): Draft {
  switch (resource.kind) {
    case "Service":
      return before === undefined ? withServiceDefaults(draft) : keepClusterIp(draft, before);
    case "Secret":
      return withStringData(draft);
    case "Deployment":
    case "ReplicaSet":
      return { ...draft, spec: { replicas: 1, ...fieldsOf(draft["spec"]) } };
    case "Job":
      return before === undefined
        ? { ...draft, spec: { backoffLimit: 6, completions: 1, parallelism: 1, ...fieldsOf(draft["spec"]) } }
        : draft;
    case "Namespace":
      return {
        ...draft,
        spec: { finalizers: ["kubernetes"], ...fieldsOf(draft["spec"]) },
        status: { phase: draft.metadata.deletionTimestamp === undefined ? "Active" : "Terminating" },
      };
    default:
      return draft;
  }
}

function withServiceDefaults(draft: Draft): Draft {
  const spec = fieldsOf(draft["spec"]);
  const ports = Array.isArray(spec["ports"])
    ? spec["ports"].map((port) => {
        const fields = fieldsOf(port);
        return { protocol: "TCP", targetPort: fields["port"], ...fields };
      })
    : spec["ports"];
  return { ...draft, spec: { type: "ClusterIP", ...spec, ...(ports === undefined ? {} : { ports }) } };
}

/** @throws KubeError `invalid` where the address that is asked for cannot be had */
function withClusterIp(resource: SimResource, draft: Draft, context: AdmissionContext): Draft {
  refuse(resource, draft, [...networkRules(draft)]);
  const spec = fieldsOf(draft["spec"]);
  const given = spec["clusterIP"];
  if (typeof given === "string" && given !== "None" && given !== "" && context.isTaken(given))
    throw refusedAs(resource, draft.metadata.name ?? "", [
      {
        field: "spec.clusterIPs",
        reason: "FieldValueInvalid",
        message: `Invalid value: ["${given}"]: failed to allocate IP ${given}: provided IP is already allocated`,
      },
    ]);
  const clusterIP = typeof given === "string" && given !== "" ? given : context.freeClusterIp();
  return { ...draft, spec: { ...spec, clusterIP, clusterIPs: [clusterIP] } };
}

/** What an update leaves out stays; an address that is changed in one place is in the other. */
function keepClusterIp(draft: Draft, before: SimObject): Draft {
  const old = fieldsOf(before["spec"])["clusterIP"];
  const spec = fieldsOf(draft["spec"]);
  const given = spec["clusterIP"];
  if (old === undefined) return draft;
  const clusterIP = given === undefined || given === "" ? old : given;
  return { ...draft, spec: { ...spec, clusterIP, clusterIPs: [clusterIP] } };
}

function withStringData(draft: Draft): Draft {
  if (draft["stringData"] === undefined) return draft;
  const { stringData, ...rest } = draft;
  const encoded = Object.entries(fieldsOf(stringData)).map(([name, text]) => [name, Buffer.from(String(text)).toString("base64")] as const);
  return { ...rest, data: { ...fieldsOf(draft["data"]), ...Object.fromEntries(encoded) } };
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
