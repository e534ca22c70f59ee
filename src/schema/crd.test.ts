import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { clusterCrd } from "./ceph-cluster/crd.ts";
import { crdOf } from "./crd.ts";
import type { Structural } from "./structural-schema.ts";

const schema = crdOf(clusterCrd).spec.versions[0]?.schema.openAPIV3Schema;
/** Every field of the API, as Rook's users know it: `storage.nodes[].name`. */
const fieldPaths = JSON.parse(readFileSync(new URL("./ceph-cluster/field-paths.json", import.meta.url), "utf8")) as string[];

/** Every node of a schema with its path: `[]` is an element of a list, `{}` a value in a map. */
function nodesOf(node: Structural, path: string): [path: string, node: Structural][] {
  return [
    [path, node],
    ...Object.entries(node.properties ?? {}).flatMap(([name, child]) => nodesOf(child, `${path}.${name}`)),
    ...(node.items ? nodesOf(node.items, `${path}[]`) : []),
    ...(node.additionalProperties ? nodesOf(node.additionalProperties, `${path}{}`) : []),
  ];
}

const isFree = (node: Structural) => node["x-kubernetes-preserve-unknown-fields"] === true;
const intOrString = JSON.stringify([{ type: "integer" }, { type: "string" }]);
const isIntOrString = (node: Structural) => node["x-kubernetes-int-or-string"] === true;

describe("the CustomResourceDefinition of CephCluster", () => {
  const nodes = nodesOf(schema?.properties.spec ?? {}, "spec").concat(nodesOf(schema?.properties.status ?? {}, "status"));
  const pathsOf = (wrong: (node: Structural, path: string) => boolean) =>
    nodes.filter(([path, node]) => wrong(node, path)).map(([path]) => path);

  test("has every field of the API", () => {
    const paths = new Set(nodes.map(([path]) => path));

    expect(fieldPaths.length).toBe(209);
    expect(fieldPaths.filter((path) => !paths.has(`spec.${path}`))).toEqual([]);
  });

  test("describes every field that has a name, save those of Kubernetes' own types", () => {
    const ofKubernetes = /(Affinity|Constraints\[\]|tolerations\[\]|\.probe|resources|targetRef)(\{\})?\./;
    const isNamed = (path: string) => !/(\[\]|\{\})$/.test(path) && !ofKubernetes.test(path);

    expect(pathsOf((node, path) => node["description"] === undefined && isNamed(path))).toEqual([]);
  });

  test("fills in what Rook's does, and nothing else", () => {
    expect(nodes.flatMap(([path, node]) => ("default" in node ? [[path, node["default"]]] : []))).toEqual([
      ["spec.cephConfigFromSecret{}{}.name", ""],
      ["spec.monitoring.exporter.perfCountersPrioLimit", 5],
      ["spec.monitoring.exporter.statsPeriodSeconds", 5],
      ["spec.security.keyRotation.enabled", false],
    ]);
  });

  test("requires no field of the spec itself", () => {
    expect(schema?.properties.spec.required).toBeUndefined();
  });

  test("has Rook's columns where Rook has them, and Ready at the end", () => {
    expect(crdOf(clusterCrd).spec.versions[0]?.additionalPrinterColumns.map((column) => column.name)).toEqual([
      ...["DataDirHostPath", "MonCount", "Age", "Phase", "Message", "Health", "External", "FSID", "Ready"],
    ]);
  });

  test("names every key of a list that is a map, and holds it to being there", () => {
    const keyed = nodes.filter(([, node]) => node["x-kubernetes-list-type"] === "map");

    expect(keyed.map(([path]) => path)).toContain("status.conditions");
    for (const [, node] of keyed)
      expect(node.items?.required).toEqual(expect.arrayContaining(node["x-kubernetes-list-map-keys"] as string[]));
  });

  test("gives every node a type, or says why not", () => {
    expect(pathsOf((node) => node.type === undefined && !isIntOrString(node))).toEqual([]);
  });

  test("uses no keyword that a structural schema may not have", () => {
    const forbidden = ["$ref", "definitions", "patternProperties", "const", "propertyNames", "oneOf", "allOf", "not", "exclusiveMinimum"];
    expect(pathsOf((node) => forbidden.some((keyword) => keyword in node))).toEqual([]);
  });

  test("has alternatives only where a whole number or a text is allowed", () => {
    expect(pathsOf((node) => "anyOf" in node && !isIntOrString(node))).toEqual([]);
    expect(nodes.filter(([, node]) => isIntOrString(node)).every(([, node]) => JSON.stringify(node["anyOf"]) === intOrString)).toBe(true);
  });

  test("says of every object what may be in it", () => {
    expect(pathsOf((node) => node.type === "object" && !node.properties && !node.additionalProperties && !isFree(node))).toEqual([]);
    expect(pathsOf((node) => node.type === "array" && !node.items)).toEqual([]);
  });

  test("never has both named and free properties in one object", () => {
    expect(pathsOf((node) => node.properties !== undefined && node.additionalProperties !== undefined)).toEqual([]);
  });

  test("guards what must not change", () => {
    const rules = nodes.flatMap(([path, node]) =>
      ((node["x-kubernetes-validations"] ?? []) as { rule: string }[]).map(({ rule }) => `${path}: ${rule}`),
    );
    expect(rules).toHaveLength(13);
    expect(rules).toContain("spec.dataDirHostPath: self == oldSelf");
  });
});
