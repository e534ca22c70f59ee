import { z } from "zod";
import { anything, quantity } from "./common.ts";

/** The daemons of the cluster, except OSDs. */
export const daemonsFields = {
  mon: z
    .object({
      allowMultiplePerNode: z.boolean().optional(),
      count: z.int().min(0).max(9).optional(),
      externalMonIDs: z.array(z.string()).optional(),
      failureDomainLabel: z.string().optional(),
      floatingMon: z
        .object({
          configmapName: z.string().min(1).max(253),
          name: z.string().min(1).max(1).regex(new RegExp("^[a-z]$")),
        })
        .optional(),
      stretchCluster: z
        .object({
          failureDomainLabel: z.string().optional(),
          subFailureDomain: z.string().optional(),
          zones: z
            .array(
              z.object({
                arbiter: z.boolean().optional(),
                name: z.string().optional(),
                volumeClaimTemplate: anything.optional(),
              }),
            )
            .meta({ maxItems: 9 })
            .nullable()
            .optional(),
        })
        .optional(),
      volumeClaimTemplate: anything.optional(),
      zones: z
        .array(
          z.object({
            arbiter: z.boolean().optional(),
            name: z.string().optional(),
            volumeClaimTemplate: anything.optional(),
          }),
        )
        .meta({ maxItems: 9 })
        .optional(),
    })
    .meta({
      "x-kubernetes-validations": [
        {
          rule: "!has(self.zones) || size(self.zones) <= (has(self.count) ? self.count : 3)",
          message: "mon.zones has more zones than mon.count has mons",
        },
        {
          rule: "!has(self.stretchCluster) || (has(self.stretchCluster.zones) && size(self.stretchCluster.zones) == 3)",
          message: "mon.stretchCluster needs exactly three zones",
        },
      ],
    })
    .nullable()
    .optional(),
  mgr: z
    .object({
      allowMultiplePerNode: z.boolean().optional(),
      count: z.int().min(0).max(5).optional(),
      hostNetwork: z.boolean().optional(),
      modules: z
        .array(
          z.object({
            enabled: z.boolean().optional(),
            name: z.string().optional(),
            settings: z
              .object({
                balancerMode: z.enum(["", "crush-compat", "upmap", "read", "upmap-read"]).optional(),
              })
              .optional(),
          }),
        )
        .nullable()
        .optional(),
    })
    .nullable()
    .optional(),
  crashCollector: z
    .object({
      daysToRetain: z.int().optional(),
      disable: z.boolean().optional(),
    })
    .nullable()
    .optional(),
  logCollector: z
    .object({
      enabled: z.boolean().optional(),
      maxLogSize: quantity.optional(),
      periodicity: z.string().regex(new RegExp("^$|^(hourly|daily|weekly|monthly|1h|24h|1d)$")).optional(),
    })
    .nullable()
    .optional(),
  dashboard: z
    .object({
      enabled: z.boolean().optional(),
      port: z.int().min(0).max(65535).optional(),
      prometheusEndpoint: z.string().optional(),
      prometheusEndpointSSLVerify: z.boolean().optional(),
      ssl: z.boolean().optional(),
      urlPrefix: z.string().optional(),
    })
    .nullable()
    .optional(),
};
