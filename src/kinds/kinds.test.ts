import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { kindsPage } from "../../test/support/render-kinds-page.ts";
import { renderCrds } from "../schema/crd.ts";
import { childKinds, dependentKinds, loadCrds, operatorKinds } from "./index.ts";

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Verbs that the manifests give the operator on resources of ceph.rook.io. */
function verbsOn(resource: string): string[] {
  const rules = parseAllDocuments(textOf("manifests/common.yaml")).flatMap(
    (document) => (document.toJS() as { rules?: readonly Rule[] } | null)?.rules ?? [],
  );
  return rules
    .filter(({ apiGroups, resources }) => apiGroups.includes("ceph.rook.io") && resources.includes(resource))
    .flatMap(({ verbs }) => verbs);
}

describe("the kinds", () => {
  test("are in manifests/crds.yaml; `make manifests` writes it", async () => {
    expect(textOf("manifests/crds.yaml")).toBe(renderCrds(await loadCrds()));
  });

  test("are in docs/kinds.md; `make manifests` writes it", () => {
    expect(textOf("docs/kinds.md")).toBe(kindsPage(operatorKinds));
  });

  test.each(operatorKinds.map(({ kind }) => [kind.plural]))("%s may be read and told about by the operator", (plural) => {
    expect(verbsOn(plural)).toEqual(expect.arrayContaining(["get", "list", "watch"]));
    expect(verbsOn(`${plural}/status`)).toContain("patch");
    expect(verbsOn(`${plural}/finalizers`)).toContain("update");
  });

  test.each(dependentKinds.map(({ plural }) => [plural]))(
    "%s may be listed by the operator, to see whether a CephCluster is still used",
    (plural) => {
      expect(verbsOn(plural)).toContain("list");
    },
  );

  test.each(childKinds.map(({ kind }) => [kind.plural]))("%s may be given its finalizer by the operator", (plural) => {
    expect(verbsOn(plural)).toContain("patch");
  });
});
