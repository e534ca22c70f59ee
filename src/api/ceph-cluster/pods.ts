import { z } from "zod";
import { placement, resources } from "./common.ts";

/** Settings of Pods, by component: `all`, `mon`, `mgr`, `osd`, `prepareosd` and so on. */
export const podsFields = {
  annotations: z.record(z.string(), z.record(z.string(), z.string())).nullable().optional(),
  labels: z.record(z.string(), z.record(z.string(), z.string())).nullable().optional(),
  placement: z.record(z.string(), placement).nullable().optional(),
  priorityClassNames: z.record(z.string(), z.string()).nullable().optional(),
  resources: z.record(z.string(), resources).nullable().optional(),
};
