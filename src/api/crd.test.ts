import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { cephClusterCrd, renderCrds } from "./crd.ts";
import type { Structural } from "./structural-schema.ts";

const schema = cephClusterCrd().spec.versions[0]?.schema.openAPIV3Schema;
/** Every field of the API, as Rook's users know it: `storage.nodes[].name`. */
const fieldPaths = JSON.parse(readFileSync(new URL("./ceph-cluster/field-paths.json", import.meta.url), "utf8")) as string[];

/** Every node of a schema with its path. */
function nodesOf(node: Structural, path = "spec"): [path: string, node: Structural][] {
  return [
    [path, node],
    ...Object.entries(node.properties ?? {}).flatMap(([name, child]) => nodesOf(child, `${path}.${name}`)),
    ...(node.items ? nodesOf(node.items, `${path}[]`) : []),
    ...(node.additionalProperties ? nodesOf(node.additionalProperties, `${path}{}`) : []),
  ] as [string, Structural][];
}

describe("the CustomResourceDefinition of CephCluster", () => {
  const spec = schema?.properties.spec as Structural;
  const nodes = nodesOf(spec);

  test("is what manifests/crds.yaml holds; `make manifests` writes it", () => {
    expect(readFileSync(new URL("../../manifests/crds.yaml", import.meta.url), "utf8")).toBe(renderCrds());
  });

  test("has every field of the API", () => {
    const paths = new Set(nodes.map(([path]) => path.slice("spec.".length).replaceAll("[]", "").replaceAll("{}", "")));
    expect(fieldPaths.length).toBe(209);
    expect(fieldPaths.filter((path) => !paths.has(path.replaceAll("[]", "").replaceAll("{}", "")))).toEqual([]);
  });

  test("gives every node a type, or says why not", () => {
    expect(
      nodes.filter(([, node]) => node.type === undefined && node["x-kubernetes-int-or-string"] !== true).map(([path]) => path),
    ).toEqual([]);
  });

  test("uses no keyword that a structural schema may not have", () => {
    const forbidden = ["$ref", "definitions", "patternProperties", "const", "propertyNames", "oneOf", "allOf", "not", "exclusiveMinimum"];
    expect(nodes.filter(([, node]) => forbidden.some((keyword) => keyword in node)).map(([path]) => path)).toEqual([]);
  });

  test("never has both named and free properties in one object", () => {
    expect(
      nodes.filter(([, node]) => node.properties !== undefined && node.additionalProperties !== undefined).map(([path]) => path),
    ).toEqual([]);
  });

  test("guards what must not change", () => {
    const rules = nodes.flatMap(([path, node]) =>
      ((node["x-kubernetes-validations"] ?? []) as { rule: string }[]).map(({ rule }) => `${path}: ${rule}`),
    );
    expect(rules).toHaveLength(13);
    expect(rules).toContain("spec.dataDirHostPath: self == oldSelf");
  });
});
