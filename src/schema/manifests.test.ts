import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import type { Deployment } from "../kube/kinds.ts";
import type { KubeObject } from "../kube/object.ts";
import { clusterSpec } from "./ceph-cluster/spec.ts";
import type { CephCluster } from "./ceph-cluster.ts";
import { unsupportedFields } from "./unsupported.ts";
import { validateCluster } from "./validate-cluster.ts";

const folder = new URL("../../manifests/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

function objectsIn(name: string): KubeObject[] {
  return parseAllDocuments(readFileSync(new URL(name, folder), "utf8")).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as KubeObject;
  });
}

const everything = files.flatMap(objectsIn);

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const rules = everything
  .filter((object) => object.kind === "ClusterRole" || object.kind === "Role")
  .flatMap((role) => (role as KubeObject & { rules: Rule[] }).rules);

const deployments = everything.filter((object) => object.kind === "Deployment") as Deployment[];

/** Verbs that the roles give for a resource, `group/resource`. */
const granted = (resource: string) => [
  ...new Set(rules.flatMap((rule) => (rule.apiGroups.some((g) => rule.resources.some((r) => `${g}/${r}` === resource)) ? rule.verbs : []))),
];

describe("the manifests", () => {
  test.each(files)("%s holds objects with a kind and a name", (name) => {
    for (const object of objectsIn(name)) {
      expect(object).toMatchObject({ apiVersion: expect.any(String), kind: expect.any(String), metadata: { name: expect.any(String) } });
    }
  });

  test.each(["cluster.yaml", "cluster-test.yaml", "second-cluster.yaml"])(
    "the CephCluster in %s can be, and all that it says acts",
    (name) => {
      const cluster = (objectsIn(name) as CephCluster[]).find(({ kind }) => kind === "CephCluster");

      expect(validateCluster(cluster?.spec ?? {})).toEqual([]);
      expect(unsupportedFields(cluster?.spec ?? {})).toEqual([]);
      expect(clusterSpec.strict().safeParse(cluster?.spec).error).toBeUndefined();
    },
  );

  test("every Pod runs under a ServiceAccount that is there", () => {
    const accountsIn = (namespace: string) =>
      everything
        .filter((object) => object.kind === "ServiceAccount" && object.metadata.namespace === namespace)
        .map((account) => account.metadata.name ?? "")
        .sort();
    const accounts = accountsIn("rook-ceph");

    expect(accounts).toEqual(["rook-ceph-cmd-reporter", "rook-ceph-default", "rook-ceph-mgr", "rook-ceph-osd", "rook-ceph-system"]);
    expect(accountsIn("rook-ceph-second")).toEqual(accounts.filter((name) => name !== "rook-ceph-system"));
    for (const deployment of deployments) expect(accounts).toContain(deployment.spec?.template.spec?.serviceAccountName);
  });

  test("no Pod needs root, or more rights than it has", () => {
    for (const deployment of deployments) {
      const pod = deployment.spec?.template.spec;
      expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 2016 });
      for (const container of pod?.containers ?? [])
        expect(container.securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } });
    }
  });

  test("kubectl's plugin finds the operator by the label and container that Rook's has", () => {
    const operator = deployments.find((deployment) => deployment.metadata.name === "rook-ceph-operator");

    expect(operator?.spec?.template.metadata?.labels).toEqual({ app: "rook-ceph-operator" });
    expect(operator?.spec?.template.spec?.containers).toMatchObject([{ name: "rook-ceph-operator", args: ["ceph", "operator"] }]);
  });
});

describe("the operator's permissions", () => {
  test("have no wildcard", () => {
    expect(rules.flatMap((rule) => [...rule.apiGroups, ...rule.resources, ...rule.verbs]).filter((word) => word.includes("*"))).toEqual([]);
  });

  test("do not reach into Pods, nor to permissions themselves", () => {
    const reached = rules.flatMap((rule) => rule.resources);

    for (const resource of ["pods/exec", "roles", "clusterroles", "rolebindings", "clusterrolebindings", "serviceaccounts"])
      expect(reached).not.toContain(resource);
  });

  test.each([
    ...["/secrets", "/configmaps", "/services", "apps/deployments", "batch/jobs", "policy/poddisruptionbudgets"].map(
      (resource) => [resource, "create delete get list patch watch"] as const,
    ),
    ["/nodes", "get list watch"],
    ["/pods", "get list patch watch"],
    ["/events", "create get list patch"],
    ["coordination.k8s.io/leases", "create get update"],
    ["/persistentvolumes", "get list"],
    ["ceph.rook.io/cephclusters", "get list patch watch"],
    ["ceph.rook.io/cephclusters/status", "patch"],
    ["ceph.rook.io/cephclusters/finalizers", "update"],
  ])("for %s are: %s", (resource, verbs) => {
    expect(granted(resource).sort().join(" ")).toBe(verbs);
  });
});
