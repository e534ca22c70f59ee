import { z } from "zod";
import type { Affinity, Probe, ResourceRequirements, Toleration, TopologySpreadConstraint } from "../../kube/kinds.ts";
import type { Structural } from "../structural-schema.ts";
import {
  anySchema,
  nodeAffinitySchema,
  objectReferenceSchema,
  podAffinitySchema,
  probeSchema,
  quantitySchema,
  resourcesSchema,
  tolerationSchema,
  topologySpreadConstraintSchema,
} from "./kubernetes-schemas.ts";

/** A type of Kubernetes: TypeScript takes its shape from `T`, the API server from `schema`. */
function kubernetes<T>(schema: Structural) {
  return z.custom<T>(() => true).meta(schema);
}

const anything = kubernetes<Record<string, unknown>>(anySchema);

/** A volume claim's `metadata` and `spec`. Kubernetes checks the claim made of it; here it is kept as it is. */
export const claimTemplate = anything;

export const objectReference = kubernetes<Record<string, string>>(objectReferenceSchema);

/** Where Pods may run. */
export const placement = z.object({
  nodeAffinity: kubernetes<NonNullable<Affinity["nodeAffinity"]>>(nodeAffinitySchema)
    .describe("Nodes that Pods must or should run on.")
    .optional(),
  podAffinity: kubernetes<NonNullable<Affinity["podAffinity"]>>(podAffinitySchema)
    .describe("Pods that they must or should run near to.")
    .optional(),
  podAntiAffinity: kubernetes<NonNullable<Affinity["podAntiAffinity"]>>(podAffinitySchema)
    .describe("Pods that they must not or should not run near to.")
    .optional(),
  tolerations: z.array(kubernetes<Toleration>(tolerationSchema)).describe("Taints that keep them away from no node.").optional(),
  topologySpreadConstraints: z
    .array(kubernetes<TopologySpreadConstraint>(topologySpreadConstraintSchema))
    .describe("How evenly they spread over the values of a node label.")
    .optional(),
});

/** A probe's times, or its absence. */
export const probeSettings = z.object({
  disabled: z.boolean().describe("True: the containers have no such probe.").optional(),
  probe: kubernetes<Probe>(probeSchema).describe("Times and thresholds; what the probe asks stays the operator's.").optional(),
});

/** Requests and limits of a container. */
export const resources = kubernetes<ResourceRequirements>(resourcesSchema);

/** A Kubernetes quantity, as text or as a whole number. */
export const quantity = kubernetes<number | string>(quantitySchema);

/** One key of a Secret in the CephCluster's namespace. */
export const secretKey = z.object({
  name: z.string().describe("Name of the Secret.").default(""),
  key: z.string().describe("Key in the Secret."),
  optional: z.boolean().describe("True: the Secret or its key may be absent.").optional(),
});
