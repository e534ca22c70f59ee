import type { CustomResourceDefinition } from "../../src/kube/kinds.ts";
import { defineKind, type Kind } from "../../src/kube/object.ts";

export const Widget: Kind = defineKind({ apiVersion: "contract.test/v1", kind: "Widget", plural: "widgets", namespaced: true });

/** A kind with a field of each sort, to see what becomes of nulls, of what is unknown, and of what is missing. */
export const widgetDefinition: CustomResourceDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.contract.test" },
  spec: {
    group: "contract.test",
    names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              apiVersion: { type: "string" },
              kind: { type: "string" },
              metadata: { type: "object" },
              spec: {
                type: "object",
                required: ["size"],
                properties: {
                  size: { type: "integer", minimum: 1 },
                  color: { type: "string", enum: ["red", "green"], default: "red" },
                  parts: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } },
                  notes: { type: "object", additionalProperties: { type: "string" } },
                  holder: { type: "string", nullable: true },
                },
              } as never,
              status: { type: "object", properties: { phase: { type: "string" } } },
            },
          },
        },
      },
    ],
  },
};
