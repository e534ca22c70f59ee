import { z } from "zod";
import { anything } from "./common.ts";

/** Prometheus. */
export const monitoringFields = {
  monitoring: z
    .object({
      enabled: z.boolean().optional(),
      exporter: z
        .object({
          hostNetwork: z.boolean().nullable().optional(),
          perfCountersPrioLimit: z.int().meta({ format: "int64" }).default(5),
          port: z.int().min(1).max(65535).meta({ format: "int32" }).optional(),
          statsPeriodSeconds: z.int().meta({ format: "int64" }).default(5),
        })
        .optional(),
      externalMgrEndpoints: z
        .array(
          z.object({
            hostname: z.string().optional(),
            ip: z.string(),
            nodeName: z.string().optional(),
            targetRef: anything.optional(),
          }),
        )
        .nullable()
        .optional(),
      externalMgrPrometheusPort: z.int().min(0).max(65535).optional(),
      interval: z.string().optional(),
      metricsDisabled: z.boolean().optional(),
      port: z.int().min(0).max(65535).optional(),
    })
    .nullable()
    .optional(),
};
