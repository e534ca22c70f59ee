import { z } from "zod";
import { objectReference } from "./common.ts";
import { flag, port, text } from "./fields.ts";

/** Prometheus. */
export const monitoringFields = {
  monitoring: z
    .object({
      enabled: flag("Make ServiceMonitors for a Prometheus operator."),
      exporter: z
        .object({
          hostNetwork: z.boolean().describe("Exporters use their nodes' network.").nullable().optional(),
          perfCountersPrioLimit: z.int().meta({ format: "int64" }).describe("Least priority of the counters that are told.").default(5),
          port: z.int().min(1).max(65_535).meta({ format: "int32" }).describe("Port of the exporters; 9926 unless set.").optional(),
          statsPeriodSeconds: z.int().meta({ format: "int64" }).describe("Seconds between two looks at the counters.").default(5),
        })
        .describe("The exporters of the daemons' counters, one a node.")
        .optional(),
      externalMgrEndpoints: z
        .array(
          z.object({
            hostname: text("Its host name."),
            ip: z.string().describe("Its address."),
            nodeName: text("Its node."),
            targetRef: objectReference.describe("The object behind it.").optional(),
          }),
        )
        .describe("Mgrs of a cluster outside of this Kubernetes.")
        .nullable()
        .optional(),
      externalMgrPrometheusPort: port("Port of those mgrs' metrics; 9283 unless set."),
      interval: text("How often metrics are taken, such as 10s."),
      metricsDisabled: flag("True: the mgrs tell no metrics."),
      port: port("Port of the mgrs' metrics; 9283 unless set."),
    })
    .describe("Metrics for Prometheus.")
    .nullable()
    .optional(),
} as const;
