import { z } from "zod";
import { placement, resources } from "./common.ts";
import { textMap } from "./fields.ts";

const byComponent = (what: string) =>
  z
    .record(z.string(), z.record(z.string(), z.string()))
    .describe(`${what} of Pods by component: all, mon, mgr, osd, prepareosd, crashcollector …`)
    .nullable()
    .optional();

/** Settings of Pods, by component: `all`, `mon`, `mgr`, `osd`, `prepareosd` and so on. */
export const podsFields = {
  annotations: byComponent("Annotations"),
  labels: byComponent("Labels"),
  placement: z
    .record(z.string(), placement)
    .describe(
      "Where Pods may run, by component: all, mon, mgr, osd, prepareosd … What a component says replaces all's; tolerations add up.",
    )
    .nullable()
    .optional(),
  priorityClassNames: textMap("Priority classes of Pods by component: all, mon, mgr, osd, crashcollector …"),
  resources: z
    .record(z.string(), resources)
    .describe("Requests and limits by component: mon, mgr, osd, prepareosd, crashcollector, cmd-reporter … There are none unless set.")
    .nullable()
    .optional(),
} as const;
