import { stringify } from "yaml";
import { clusterSpec } from "./ceph-cluster/spec.ts";
import { clusterStatus } from "./ceph-cluster/status.ts";
import { structuralSchema } from "./structural-schema.ts";

const column = (name: string, type: string, jsonPath: string) => ({ name, type, jsonPath });

/** The CustomResourceDefinition of CephCluster. */
export function cephClusterCrd() {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "cephclusters.ceph.rook.io" },
    spec: {
      group: "ceph.rook.io",
      names: { kind: "CephCluster", listKind: "CephClusterList", plural: "cephclusters", singular: "cephcluster", shortNames: ["ceph"] },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            column("DataDirHostPath", "string", ".spec.dataDirHostPath"),
            column("MonCount", "string", ".spec.mon.count"),
            column("Age", "date", ".metadata.creationTimestamp"),
            column("Phase", "string", ".status.phase"),
            column("Message", "string", ".status.message"),
            column("Health", "string", ".status.ceph.health"),
            column("External", "boolean", ".spec.external.enable"),
            column("FSID", "string", ".status.ceph.fsid"),
            // the last one is ours; those before it stand where Rook's do
            column("Ready", "string", '.status.conditions[?(@.type=="Ready")].status'),
          ],
          schema: {
            openAPIV3Schema: {
              type: "object",
              description: "A Ceph cluster.",
              required: ["metadata", "spec"],
              properties: {
                apiVersion: { type: "string", description: "ceph.rook.io/v1." },
                kind: { type: "string", description: "CephCluster." },
                metadata: { type: "object" },
                spec: structuralSchema(clusterSpec),
                status: { ...structuralSchema(clusterStatus), "x-kubernetes-preserve-unknown-fields": true },
              },
            },
          },
        },
      ],
    },
  };
}

/** The text of manifests/crds.yaml. */
export function renderCrds(): string {
  return `# Written by \`make manifests\` from src/api; do not edit.\n${stringify(cephClusterCrd(), { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
