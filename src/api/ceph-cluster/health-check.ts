import { z } from "zod";
import { probeSettings } from "./common.ts";

/** What is checked, and how often. */
export const healthCheckFields = {
  healthCheck: z
    .object({
      daemonHealth: z
        .object({
          mon: z
            .object({
              disabled: z.boolean().optional(),
              interval: z.string().optional(),
              timeout: z.string().optional(),
            })
            .nullable()
            .optional(),
          osd: z
            .object({
              disabled: z.boolean().optional(),
              interval: z.string().optional(),
              timeout: z.string().optional(),
            })
            .nullable()
            .optional(),
          status: z
            .object({
              disabled: z.boolean().optional(),
              interval: z.string().optional(),
              timeout: z.string().optional(),
            })
            .nullable()
            .optional(),
        })
        .nullable()
        .optional(),
      livenessProbe: z.record(z.string(), probeSettings).optional(),
      muteHealthWarning: z
        .record(
          z.string(),
          z.object({
            policy: z.enum(["mute", "unmute"]),
          }),
        )
        .meta({
          "x-kubernetes-validations": [
            {
              rule: "self.all(k, k.matches('^[A-Z]+(_[A-Z]+)+$'))",
              message: "each key must be the code of a Ceph health check, such as OSD_NEARFULL",
            },
          ],
          maxProperties: 256,
        })
        .optional(),
      startupProbe: z.record(z.string(), probeSettings).optional(),
    })
    .nullable()
    .optional(),
};
