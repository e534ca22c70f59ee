import type { Kind, ObjectKey } from "./object.ts";

/**
 * The path of a kind's collection, in one namespace or across all, with a query.
 *
 * @example collectionPath(Deployment, "default", { limit: "500" }) // "/apis/apps/v1/namespaces/default/deployments?limit=500"
 */
export function collectionPath(
  kind: Kind,
  namespace: string | undefined,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const root = kind.apiVersion.includes("/") ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
  const scope = kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${scope}/${kind.plural}${queryText(query)}`;
}

/**
 * The path of one object, or of a subresource of it, with a query.
 *
 * @example objectPath(Node, { name: "node1" }, "status") // "/api/v1/nodes/node1/status"
 */
export function objectPath(
  kind: Kind,
  key: ObjectKey,
  subresource?: "status",
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const under = subresource === undefined ? "" : `/${subresource}`;
  return `${collectionPath(kind, key.namespace)}/${encodeURIComponent(key.name)}${under}${queryText(query)}`;
}

function queryText(query: Readonly<Record<string, string | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value);
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
