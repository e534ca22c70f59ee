import { stringify } from "yaml";
import type { z } from "zod";
import { structuralSchema } from "./structural-schema.ts";

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean" | "date";
  readonly jsonPath: string;
  /** 0, always shown, unless set; 1 is shown with `-o wide`. */
  readonly priority?: number;
}

/** One kind of `ceph.rook.io/v1`, as its CustomResourceDefinition tells it. */
export interface CrdDefinition {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  /** A sentence. */
  readonly description: string;
  readonly columns: readonly Column[];
  readonly spec: z.ZodType;
  readonly status: z.ZodType;
}

/** A column; `wide` is shown with `-o wide` only. */
export function column(name: string, type: Column["type"], jsonPath: string, wide?: "wide"): Column {
  return { name, type, jsonPath, ...(wide === undefined ? {} : { priority: 1 }) };
}

/** The column that tells whether the object is Ready; every kind has it. */
export const readyColumn: Readonly<Column> = column("Ready", "string", '.status.conditions[?(@.type=="Ready")].status');

/** The column that tells why it is not Ready; the last one, since it is long. */
export const messageColumn: Readonly<Column> = column("Message", "string", '.status.conditions[?(@.type=="Ready")].message');

/** The CustomResourceDefinition of a kind. */
export function crdOf({ kind, plural, shortNames, description, columns, spec, status }: CrdDefinition) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.ceph.rook.io` },
    spec: {
      group: "ceph.rook.io",
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames: [...shortNames] },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns.map((each) => ({ ...each })),
          schema: {
            openAPIV3Schema: {
              type: "object",
              description,
              required: ["metadata", "spec"],
              properties: {
                apiVersion: { type: "string", description: "ceph.rook.io/v1." },
                kind: { type: "string", description: `${kind}.` },
                metadata: { type: "object" },
                spec: structuralSchema(spec),
                status: { ...structuralSchema(status), "x-kubernetes-preserve-unknown-fields": true },
              },
            },
          },
        },
      ],
    },
  };
}

/** The text of manifests/crds.yaml. */
export function renderCrds(definitions: readonly CrdDefinition[]): string {
  const documents = definitions.map((definition) => stringify(crdOf(definition), { lineWidth: 0, aliasDuplicateObjects: false }));
  return `# Written by \`make manifests\` from the schemas in src; do not edit.\n${documents.join("---\n")}`;
}
