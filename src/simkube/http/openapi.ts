import { groupOf, type SimResource } from "../api/resources.ts";

/** `/openapi/v3`: where each group's document is. */
export function openApiIndex(resources: readonly SimResource[]): object {
  const roots = [...new Set(resources.map(rootOf))];
  return { paths: Object.fromEntries(roots.map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }])) };
}

/**
 * `/openapi/v3/apis/GROUP/VERSION`: what kubectl reads of it, which is whether the server judges unknown fields, which patches it takes, and,
 * for `kubectl explain`, the schemas of custom resources. Undefined where nothing is served there.
 */
export function openApiDocument(root: string, resources: readonly SimResource[]): object | undefined {
  const found = resources.filter((resource) => rootOf(resource) === root);
  if (found.length === 0) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes, simulated", version: "v1.34.4" },
    paths: Object.fromEntries(found.flatMap(pathsOf)),
    components: { schemas: Object.fromEntries(found.map((resource) => [schemaName(resource), schemaOf(resource)])) },
  };
}

function rootOf(resource: SimResource): string {
  return groupOf(resource) === "" ? `api/${resource.apiVersion}` : `apis/${resource.apiVersion}`;
}

function gvkOf({ apiVersion, kind }: SimResource): { group: string; version: string; kind: string } {
  const group = groupOf({ apiVersion });
  return { group, version: group === "" ? apiVersion : apiVersion.slice(group.length + 1), kind };
}

function schemaName(resource: SimResource): string {
  const { group, version, kind } = gvkOf(resource);
  return `${group === "" ? "io.k8s.api.core" : group.split(".").reverse().join(".")}.${version}.${kind}`;
}

function schemaOf(resource: SimResource): object {
  const own = resource.schema ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return { ...own, "x-kubernetes-group-version-kind": [gvkOf(resource)] };
}

function pathsOf(resource: SimResource): [string, object][] {
  const root = `/${rootOf(resource)}${resource.namespaced ? "/namespaces/{namespace}" : ""}/${resource.plural}`;
  const gvk = { "x-kubernetes-group-version-kind": gvkOf(resource) };
  const parameters = ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({ name, in: "query", schema: { type: "string" } }));
  const schema = { $ref: `#/components/schemas/${schemaName(resource)}` };
  const body = (types: readonly string[]) => ({
    requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema }])) },
    responses: { 200: { description: "OK", content: { "application/json": { schema } } } },
  });
  const patches = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];
  return [
    [root, { post: { ...gvk, "x-kubernetes-action": "post", parameters, ...body(["*/*"]) } }],
    [
      `${root}/{name}`,
      {
        get: { ...gvk, "x-kubernetes-action": "get", responses: {} },
        put: { ...gvk, "x-kubernetes-action": "put", parameters, ...body(["*/*"]) },
        patch: { ...gvk, "x-kubernetes-action": "patch", parameters, ...body(patches) },
      },
    ],
  ];
}
