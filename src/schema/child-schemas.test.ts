import { describe, expect, test } from "@jest/globals";
import { blockPoolCrd } from "../kinds/ceph-block-pool/schema.ts";
import { clientCrd } from "../kinds/ceph-client/schema.ts";
import { type CrdDefinition, crdOf } from "./crd.ts";
import type { Structural } from "./structural-schema.ts";

/** A node by its path: `spec.erasureCoded.algorithm`. */
function nodeAt(crd: CrdDefinition, path: string): Structural | undefined {
  const root: Structural | undefined = crdOf(crd).spec.versions[0]?.schema.openAPIV3Schema;
  return path.split(".").reduce<Structural | undefined>((node, name) => node?.properties?.[name], root);
}

describe("the schemas of the kinds in a cluster", () => {
  test.each<[string, CrdDefinition, object]>([
    ["spec.security.cephx.keyGeneration", clientCrd, { format: "int64", minimum: 0, maximum: 4_294_967_295 }],
    ["spec.erasureCoded.algorithm", blockPoolCrd, { enum: ["isa", "jerasure"] }],
    ["spec.erasureCoded.stripeUnit", blockPoolCrd, { enum: ["4Ki", "16Ki", "64Ki", "256Ki", "1Mi"] }],
    ["spec.mirroring.mode", blockPoolCrd, { enum: ["pool", "image", "init-only"] }],
    ["spec.replicated.targetSizeRatio", blockPoolCrd, { minimum: 0 }],
    ...["crushRoot", "deviceClass", "enableCrushUpdates", "compressionMode"].map((field): [string, CrdDefinition, object] => [
      `spec.${field}`,
      blockPoolCrd,
      { nullable: true },
    ]),
  ])("have Rook's limits: %s", (path, crd, limits) => {
    expect(nodeAt(crd, path)).toMatchObject(limits);
  });

  test.each<[string, CrdDefinition, string[]]>([
    ["spec", clientCrd, ["(has(self.name) ? self.name : '') == (has(oldSelf.name) ? oldSelf.name : '')"]],
    ["spec.secretName", clientCrd, ["self == oldSelf"]],
    ["spec.security.cephx", clientCrd, ["!has(oldSelf.keyGeneration) || has(self.keyGeneration)"]],
    ["spec.security.cephx.keyGeneration", clientCrd, ["self >= oldSelf"]],
    ["spec.erasureCoded", blockPoolCrd, ["has(self.crushNumFailureDomains) == has(self.crushOSDsPerFailureDomain)"]],
  ])("guard what must not change: %s", (path, crd, expected) => {
    const rules = nodeAt(crd, path)?.["x-kubernetes-validations"] as { rule: string }[] | undefined;
    expect(rules?.map(({ rule }) => rule)).toEqual(expected);
  });
});
