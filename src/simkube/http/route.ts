import type { SimResource } from "../api/resources.ts";

/** What a path of the API names. */
export interface ResourceRoute {
  readonly resource: SimResource;
  readonly namespace: string | undefined;
  /** Absent: the collection. */
  readonly name: string | undefined;
  /** `status`, `scale`, `log`… */
  readonly subresource: string | undefined;
}

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined where nothing is served there. */
export function routeOf(path: string, resources: readonly SimResource[]): ResourceRoute | undefined {
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  const [root] = parts;
  const apiVersion = root === "api" ? parts[1] : root === "apis" ? `${parts[1] ?? ""}/${parts[2] ?? ""}` : undefined;
  if (apiVersion === undefined) return undefined;
  const rest = parts.slice(root === "api" ? 2 : 3);
  // /namespaces/NAME/RESOURCE…, but /namespaces/NAME and /namespaces/NAME/status are of the Namespace itself
  const isInNamespace = rest[0] === "namespaces" && rest.length > 2 && rest[2] !== "status" && rest[2] !== "finalize";
  const namespace = isInNamespace ? rest[1] : undefined;
  const [plural, name, subresource, ...more] = isInNamespace ? rest.slice(2) : rest;
  const resource = resources.find((each) => each.apiVersion === apiVersion && each.plural === plural);
  if (resource === undefined || more.length > 0) return undefined;
  if (resource.namespaced ? name !== undefined && namespace === undefined : namespace !== undefined) return undefined;
  return { resource, namespace, name, subresource };
}
