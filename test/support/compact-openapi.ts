import type { ScalarType, Shape, Shapes } from "../../src/simkube/api/shape/shape.ts";

/** A node of an OpenAPI v3 document, as far as it is read. */
interface Node {
  readonly $ref?: string;
  readonly allOf?: readonly Node[];
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-group-version-kind"?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
}

/** A document of `/openapi/v3/…`. */
export interface OpenApiDocument {
  readonly components: { readonly schemas: Readonly<Record<string, Node>> };
}

const leaves: Readonly<Record<string, Shape>> = {
  "api.resource.Quantity": scalar("quantity"),
  "util.intstr.IntOrString": scalar("intOrString"),
  "meta.v1.Time": scalar("time"),
  "meta.v1.MicroTime": scalar("microTime"),
};

/** The shapes of these kinds (`apps/v1/Deployment`) and of all that they reach. */
export function compactOpenApi(documents: readonly OpenApiDocument[], kinds: readonly string[]): Shapes {
  const all = new Map(documents.flatMap(({ components }) => Object.entries(components.schemas)));
  const shapes: Record<string, Shape> = {};
  const wanted: string[] = [];
  const found = kinds.map((kind) => {
    const [name] = [...all].find(([, node]) => node["x-kubernetes-group-version-kind"]?.some((gvk) => nameOf(gvk) === kind)) ?? [];
    if (name === undefined) throw new Error(`the API server has no schema for ${kind}`);
    wanted.push(name);
    return [kind, shortName(name)] as const;
  });
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const node = all.get(name);
    if (node === undefined || shapes[shortName(name)] !== undefined) continue;
    shapes[shortName(name)] = shapeOf(node, (next) => wanted.push(next));
  }
  return { kinds: Object.fromEntries(found), shapes: Object.fromEntries(Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function nameOf({ group, version, kind }: { group: string; version: string; kind: string }): string {
  return `${group === "" ? "" : `${group}/`}${version}/${kind}`;
}

function shortName(name: string): string {
  return name.replace(/^io\.k8s\.(api\.|apimachinery\.pkg\.apis\.|apimachinery\.pkg\.|apiextensions-apiserver\.pkg\.apis\.)/, "");
}

function shapeOf(node: Node, reach: (name: string) => void): Shape {
  const ref = node.$ref ?? node.allOf?.[0]?.$ref;
  if (ref !== undefined) {
    const name = ref.slice(ref.lastIndexOf("/") + 1);
    const leaf = leaves[shortName(name)];
    if (leaf === undefined) reach(name);
    return leaf ?? { type: "ref", name: shortName(name) };
  }
  if (node.properties !== undefined) return objectOf(node.properties, reach);
  if (typeof node.additionalProperties === "object") return { type: "map", values: shapeOf(node.additionalProperties, reach) };
  if (node.items !== undefined) {
    const keys = node["x-kubernetes-list-map-keys"];
    const items = shapeOf(node.items, reach);
    if (keys !== undefined) return { type: "list", items, keys };
    return node["x-kubernetes-list-type"] === "set" ? { type: "list", items, set: true } : { type: "list", items };
  }
  const type = scalarOf(node);
  return type === undefined ? { type: "any" } : scalar(type);
}

function objectOf(properties: Readonly<Record<string, Node>>, reach: (name: string) => void): Shape {
  return {
    type: "object",
    fields: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, shapeOf(property, reach)])),
  };
}

function scalarOf({ type, format }: Node): ScalarType | undefined {
  switch (type) {
    case "string":
      return format === "byte" ? "bytes" : "string";
    case "integer":
      return format === "int64" ? "int64" : "int32";
    case "boolean":
    case "number":
      return type;
    case undefined:
    default:
      return undefined;
  }
}

function scalar(of: ScalarType): Shape {
  return { type: "scalar", of };
}
