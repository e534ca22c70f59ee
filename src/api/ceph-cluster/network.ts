import { z } from "zod";

/** How daemons are reached. */
export const networkFields = {
  network: z
    .object({
      addressRanges: z
        .object({
          cluster: z.array(z.string()).optional(),
          public: z.array(z.string()).optional(),
        })
        .nullable()
        .optional(),
      connections: z
        .object({
          compression: z
            .object({
              enabled: z.boolean().optional(),
            })
            .nullable()
            .optional(),
          encryption: z
            .object({
              enabled: z.boolean().optional(),
            })
            .nullable()
            .optional(),
          requireMsgr2: z.boolean().optional(),
        })
        .nullable()
        .optional(),
      dualStack: z.boolean().optional(),
      hostNetwork: z.boolean().optional(),
      ipFamily: z.enum(["IPv4", "IPv6"]).nullable().optional(),
      multiClusterService: z
        .object({
          clusterID: z.string().optional(),
          enabled: z.boolean().optional(),
        })
        .optional(),
      provider: z
        .enum(["", "host", "multus"])
        .meta({
          "x-kubernetes-validations": [
            {
              rule: "self == '' || oldSelf == '' || self == oldSelf",
              message: "change network.provider to the empty string first, and then to the other one",
            },
          ],
        })
        .nullable()
        .optional(),
      selectors: z.record(z.string(), z.string()).nullable().optional(),
    })
    .meta({
      "x-kubernetes-validations": [
        {
          rule: "!has(self.provider) || self.provider != 'multus' || (has(self.selectors) && size(self.selectors) > 0)",
          message: "network.provider multus needs at least one entry in network.selectors",
        },
        {
          rule: "!has(self.hostNetwork) || !self.hostNetwork || !has(self.provider) || self.provider == ''",
          message: "network.hostNetwork is the old form of provider: host; set one of the two",
        },
      ],
    })
    .nullable()
    .optional(),
};
