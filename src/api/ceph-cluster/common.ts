import { z } from "zod";
import type { Affinity, Probe, ResourceRequirements, Toleration, TopologySpreadConstraint } from "../../kube/kinds.ts";

/** An object that the API server keeps as it is: a Kubernetes type whose own schema is long and belongs to Kubernetes. */
function kubernetes<T extends object>() {
  return z.custom<T>(() => true).meta({ type: "object", "x-kubernetes-preserve-unknown-fields": true });
}

/** Any object. */
export const anything = kubernetes<Record<string, unknown>>();

/** Where Pods may run. */
export const placement = z.object({
  nodeAffinity: kubernetes<NonNullable<Affinity["nodeAffinity"]>>().optional(),
  podAffinity: kubernetes<NonNullable<Affinity["podAffinity"]>>().optional(),
  podAntiAffinity: kubernetes<NonNullable<Affinity["podAntiAffinity"]>>().optional(),
  tolerations: z.array(kubernetes<Toleration>()).optional(),
  topologySpreadConstraints: z.array(kubernetes<TopologySpreadConstraint>()).optional(),
});

/** A probe's times, or its absence. */
export const probeSettings = z.object({ disabled: z.boolean().optional(), probe: kubernetes<Probe>().optional() });

/** Requests and limits of a container. */
export const resources = kubernetes<ResourceRequirements>();

/** A Kubernetes quantity, as text or as a whole number. */
export const quantity = z
  .custom<number | string>(() => true)
  .meta({
    anyOf: [{ type: "integer" }, { type: "string" }],
    pattern: "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$",
    "x-kubernetes-int-or-string": true,
  });

/** One key of a Secret in the CephCluster's namespace. */
export const secretKey = z.object({ name: z.string().default(""), key: z.string(), optional: z.boolean().optional() });
