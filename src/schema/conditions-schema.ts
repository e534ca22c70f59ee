import { z } from "zod";
import { text } from "./ceph-cluster/fields.ts";

const time = (description: string) => z.string().meta({ format: "date-time" }).describe(description).optional();

const condition = z.object({
  type: z.string().describe("What it is about."),
  status: z.enum(["True", "False", "Unknown"]).describe("Whether it is so."),
  reason: text("Why, in one word for programs."),
  message: text("Why, in a sentence for people."),
  observedGeneration: z.int().meta({ format: "int64" }).describe("The generation of the spec that it was found for.").optional(),
  lastTransitionTime: time("When status last changed."),
  lastHeartbeatTime: time("When it was last looked at."),
});

/** `status.conditions` of every kind. */
export const conditions = z
  .array(condition)
  .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] })
  .describe("Ready: everything runs as the spec asks. Progressing: something is on its way to it.")
  .optional();

/** What the status of every kind in a Ceph cluster has. */
export const childStatusFields = {
  phase: text("Ready, Progressing, Failure or Deleting; one word for what the conditions say."),
  observedGeneration: z.int().meta({ format: "int64" }).describe("The generation of the spec that this status is about.").optional(),
  conditions,
} as const;
