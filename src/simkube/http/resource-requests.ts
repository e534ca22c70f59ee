import { KubeError } from "../../kube/kube-error.ts";
import type { ObjectKey } from "../../kube/object.ts";
import { evictPod } from "../api/evict.ts";
import { jsonPatch } from "../api/json-patch.ts";
import { mergePatch } from "../api/merge-patch.ts";
import { badRequest, unknownFields } from "../api/read-object.ts";
import { notFound, refusedAs } from "../api/refused.ts";
import type { SimResource } from "../api/resources.ts";
import { fieldSelector, labelSelector, type Selector } from "../api/selectors.ts";
import { fieldsOf, type SimObject, wireCopy } from "../api/sim-object.ts";
import type { KubeStore, Writing } from "../api/store.ts";
import { strategicMerge } from "../api/strategic-merge.ts";
import type { ResourceRoute } from "./route.ts";
import { scaledTo, scaleOf } from "./scale.ts";

/** A request about a resource, read from HTTP. */
export interface ResourceRequest {
  readonly method: string;
  readonly route: ResourceRoute;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly bodyType: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is answered: objects that the client may want as a Table, or a document as it is. */
export type ResourceAnswer =
  | { readonly type: "object"; readonly code: number; readonly object: SimObject; readonly warnings: readonly string[] }
  | { readonly type: "list"; readonly items: readonly SimObject[]; readonly metadata: object }
  | { readonly type: "document"; readonly code: number; readonly body: object }
  | { readonly type: "text"; readonly body: string };

/** Does what a request asks, watches aside. @throws KubeError */
export function answerResource(store: KubeStore, request: ResourceRequest): ResourceAnswer {
  const { route, method } = request;
  if (route.name === undefined) {
    if (method === "GET") return list(store, request);
    if (method === "POST") return create(store, request);
    if (method === "DELETE") return deleteCollection(store, request);
    throw notAllowed();
  }
  switch (route.subresource) {
    case undefined:
    case "status":
      return one(store, request, { ...route, name: route.name });
    case "scale":
      return scale(store, request, { ...route, name: route.name });
    case "finalize":
      return one(store, { ...request, route: { ...route, subresource: undefined } }, { ...route, name: route.name });
    case "log":
      return { type: "text", body: "This Pod is simulated: its containers run no process and write no log.\n" };
    case "eviction":
      return evict(store, request, { ...route, name: route.name });
    default:
      throw new KubeError("invalid", `the simulated cluster has no ${route.subresource}: its Pods run no processes`, { httpStatus: 501 });
  }
}

type Named = ResourceRoute & { readonly name: string };

const keyOf = ({ namespace, name }: Named): ObjectKey => (namespace === undefined ? { name } : { namespace, name });

function found(store: KubeStore, route: Named): SimObject {
  const object = store.get(route.resource, keyOf(route));
  if (object === undefined) throw notFound(route.resource, route.name);
  return object;
}

function one(store: KubeStore, request: ResourceRequest, route: Named): ResourceAnswer {
  const { resource } = route;
  const warnings: string[] = [];
  const answer = (object: SimObject, code = 200): ResourceAnswer => ({ type: "object", code, object, warnings });
  if (route.subresource === "status" && !resource.hasStatus) throw notFound(resource, route.name);
  const writing = writingOf(request);
  switch (request.method) {
    case "GET":
      return answer(found(store, route));
    case "PUT":
      return answer(store.update(resource, checked(request, inPlace(request.body, route), warnings), writing));
    case "PATCH":
      return patch(store, request, route, warnings);
    case "DELETE": {
      const options = deleteOptions(request);
      const last = store.delete(resource, keyOf(route), options);
      if (last === undefined) throw notFound(resource, route.name);
      const now = store.get(resource, keyOf(route));
      if (now?.metadata.uid === last.metadata.uid) return answer(now ?? last);
      return { type: "document", code: 200, body: deleted(resource, last) };
    }
    default:
      throw notAllowed();
  }
}

function patch(store: KubeStore, request: ResourceRequest, route: Named, warnings: string[]): ResourceAnswer {
  const { resource } = route;
  const { body, bodyType, query } = request;
  const writing = writingOf(request);
  const answer = (object: SimObject, code = 200): ResourceAnswer => ({ type: "object", code, object, warnings });
  const change = (make: (current: SimObject) => unknown) =>
    answer(store.patch(resource, keyOf(route), (current) => checked(request, make(current) as SimObject, warnings), writing));
  switch (bodyType) {
    case "application/apply-patch+yaml": {
      const fieldManager = query.get("fieldManager") ?? "";
      const isThere = store.get(resource, keyOf(route)) !== undefined;
      const object = checked(request, inPlace(body, route), warnings);
      const force = query.get("force") === "true";
      return answer(store.apply(resource, object, { ...writing, fieldManager, force }), isThere ? 200 : 201);
    }
    case "application/merge-patch+json":
      return change((current) => mergePatch(wireCopy(current), body));
    case "application/strategic-merge-patch+json":
      if (resource.isCustom)
        throw new KubeError(
          "invalid",
          "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
          { httpStatus: 415 },
        );
      return change((current) => strategicMerge(wireCopy(current), body));
    case "application/json-patch+json":
      return change((current) => jsonPatch(wireCopy(current), Array.isArray(body) ? body : []));
    default:
      throw new KubeError("invalid", `no patch is of the type ${bodyType}`, { httpStatus: 415 });
  }
}

function list(store: KubeStore, { route, query }: ResourceRequest): ResourceAnswer {
  const items = store.list(route.resource, route.namespace).filter(selectorOf(route, query));
  const limit = Number(query.get("limit") ?? 0);
  const after = query.get("continue") ?? "";
  const start = after === "" ? 0 : items.findIndex((item) => idOf(item) > Buffer.from(after, "base64url").toString());
  const rest = start < 0 ? [] : items.slice(start);
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const last = page.at(-1);
  const isMore = page.length < rest.length && last !== undefined;
  return {
    type: "list",
    items: page,
    metadata: {
      resourceVersion: String(store.version()),
      ...(isMore ? { continue: Buffer.from(idOf(last)).toString("base64url"), remainingItemCount: rest.length - page.length } : {}),
    },
  };
}

const idOf = ({ metadata }: SimObject) => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;

/** Namespace, labels and fields of a list or watch. */
export function selectorOf(route: ResourceRoute, query: URLSearchParams): Selector {
  const byLabel = labelSelector(query.get("labelSelector") ?? undefined);
  const byField = fieldSelector(query.get("fieldSelector") ?? undefined);
  return (object) =>
    (route.namespace === undefined || object.metadata.namespace === route.namespace) &&
    (route.name === undefined || object.metadata.name === route.name) &&
    byLabel(object) &&
    byField(object);
}

function create(store: KubeStore, request: ResourceRequest): ResourceAnswer {
  const { resource } = request.route;
  const warnings: string[] = [];
  const object = checked(request, inPlace(request.body, request.route), warnings);
  return { type: "object", code: 201, object: store.create(resource, object, writingOf(request)), warnings };
}

function deleteCollection(store: KubeStore, request: ResourceRequest): ResourceAnswer {
  const { resource } = request.route;
  const items = store.list(resource, request.route.namespace).filter(selectorOf(request.route, request.query));
  const { propagationPolicy, gracePeriodSeconds, dryRun } = deleteOptions(request);
  for (const { metadata } of items)
    store.delete(
      resource,
      metadata.namespace === undefined ? { name: metadata.name ?? "" } : { namespace: metadata.namespace, name: metadata.name ?? "" },
      { propagationPolicy, gracePeriodSeconds, dryRun, uid: metadata.uid },
    );
  return { type: "list", items, metadata: { resourceVersion: String(store.version()) } };
}

function scale(store: KubeStore, request: ResourceRequest, route: Named): ResourceAnswer {
  const { resource } = route;
  if (resource.scale === undefined) throw notFound(resource, route.name);
  const before = found(store, route);
  const shown = (object: SimObject): ResourceAnswer => ({ type: "document", code: 200, body: scaleOf(resource, object) });
  if (request.method === "GET") return shown(before);
  const { subresource: _subresource, ...writing } = writingOf(request);
  return shown(
    store.patch(
      resource,
      keyOf(route),
      (current) =>
        scaledTo(resource, current, request.method === "PATCH" ? mergePatch(scaleOf(resource, current), request.body) : request.body),
      writing,
    ),
  );
}

/** Ends a Pod as far as its disruption budget lets it. */
function evict(store: KubeStore, request: ResourceRequest, route: Named): ResourceAnswer {
  const { dryRun, gracePeriodSeconds, uid } = deleteOptions({ ...request, body: fieldsOf(request.body)["deleteOptions"] });
  evictPod(store, keyOf(route), request.now, { dryRun, gracePeriodSeconds, uid });
  return { type: "document", code: 201, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" } };
}

function writingOf({ route, query }: ResourceRequest): Writing {
  return { ...(route.subresource === "status" ? { subresource: "status" } : {}), dryRun: query.get("dryRun") === "All" };
}

/** The object of a body, with the kind, name and namespace of the path. @throws KubeError `invalid` where it says others */
function inPlace(body: unknown, { resource, namespace, name }: ResourceRoute): SimObject {
  const given = fieldsOf(body);
  // one that is given to what is in no namespace goes
  const { namespace: said, ...metadata } = fieldsOf(given["metadata"]);
  const { apiVersion, kind } = resource;
  if ((given["kind"] ?? kind) !== kind || (given["apiVersion"] ?? apiVersion) !== apiVersion)
    throw badRequest(`${String(given["kind"])} in version "${String(given["apiVersion"])}" cannot be handled as a ${kind}`);
  if (name !== undefined && (metadata["name"] ?? name) !== name)
    throw badRequest(`the name of the object (${String(metadata["name"])}) does not match the name on the URL (${name})`);
  if (namespace !== undefined && (said ?? namespace) !== namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  return {
    ...given,
    apiVersion,
    kind,
    metadata: { ...metadata, ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) },
  };
}

/** The object, judged for fields that its kind does not know as the request asks: refused, warned of, or dropped without a word. */
function checked({ route: { resource }, query, method, bodyType }: ResourceRequest, object: SimObject, warnings: string[]): SimObject {
  const how = query.get("fieldValidation") ?? "Warn";
  // what is applied is judged in any case
  if (how === "Ignore" || bodyType === "application/apply-patch+yaml") return object;
  const unknown = unknownFields(resource, object).map((field) => `unknown field "${field}"`);
  if (unknown.length > 0 && how === "Strict") {
    const said = `strict decoding error: ${unknown.join(", ")}`;
    if (method === "PATCH")
      throw refusedAs(resource, object.metadata.name ?? "", [
        { field: "patch", reason: "FieldValueInvalid", message: `Invalid value: ${said}` },
      ]);
    throw badRequest(`${resource.kind} in version "${resource.apiVersion}" cannot be handled as a ${resource.kind}: ${said}`);
  }
  warnings.push(...unknown);
  return object;
}

function deleteOptions({ body, query }: ResourceRequest) {
  const { propagationPolicy, gracePeriodSeconds, preconditions, dryRun } = fieldsOf(body);
  const { uid, resourceVersion } = fieldsOf(preconditions);
  const policy = propagationPolicy ?? query.get("propagationPolicy");
  const grace = gracePeriodSeconds ?? query.get("gracePeriodSeconds");
  return {
    // kubectl says it in the body
    dryRun: query.get("dryRun") === "All" || (Array.isArray(dryRun) && dryRun.includes("All")),
    uid: typeof uid === "string" ? uid : undefined,
    resourceVersion: typeof resourceVersion === "string" ? resourceVersion : undefined,
    propagationPolicy: policy === "Foreground" || policy === "Orphan" || policy === "Background" ? policy : undefined,
    gracePeriodSeconds: grace === undefined || grace === null ? undefined : Number(grace),
  } as const;
}

function deleted(resource: SimResource, { metadata }: SimObject): object {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name: metadata.name, kind: resource.plural, uid: metadata.uid },
  };
}

function notAllowed(): KubeError {
  return new KubeError("invalid", "the server does not allow this method on the requested resource", { httpStatus: 405 });
}
