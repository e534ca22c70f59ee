import { z } from "zod";
import { flag, rules, text, texts } from "./fields.ts";

const enabled = (description: string) =>
  z
    .object({ enabled: flag("True: on.") })
    .describe(description)
    .nullable()
    .optional();

/** How daemons are reached. */
export const networkFields = {
  network: z
    .object({
      addressRanges: z
        .object({
          cluster: texts("Of the traffic between OSDs, as CIDRs."),
          public: texts("Of the traffic with clients, as CIDRs."),
        })
        .describe("Address ranges that daemons choose their addresses from.")
        .nullable()
        .optional(),
      connections: z
        .object({
          compression: enabled("Compress what goes over the network."),
          encryption: enabled("Encrypt what goes over the network."),
          requireMsgr2: flag("Mons listen on port 3300 only, and not on the older protocol's 6789."),
        })
        .describe("How daemons and clients talk.")
        .nullable()
        .optional(),
      dualStack: flag("Daemons listen on IPv4 and IPv6."),
      hostNetwork: flag("The older form of provider: host."),
      ipFamily: z.enum(["IPv4", "IPv6"]).describe("The addresses that daemons listen on; IPv4 unless set.").nullable().optional(),
      multiClusterService: z
        .object({
          clusterID: text("This Kubernetes' name among those that share Services."),
          enabled: flag("Offer mons and OSDs to other clusters."),
        })
        .describe("Services shared between Kubernetes clusters.")
        .optional(),
      provider: z
        .enum(["", "host", "multus"])
        .meta(
          rules({
            rule: "self == '' || oldSelf == '' || self == oldSelf",
            message: "change network.provider to the empty string first, and then to the other one",
          }),
        )
        .describe("Which network daemons use: empty for that of Pods, host for the nodes', multus for others.")
        .nullable()
        .optional(),
      selectors: z.record(z.string(), z.string()).describe("For multus: the networks named public and cluster.").nullable().optional(),
    })
    .meta(
      rules(
        {
          rule: "!has(self.provider) || self.provider != 'multus' || (has(self.selectors) && size(self.selectors) > 0)",
          message: "network.provider multus needs at least one entry in network.selectors",
        },
        {
          rule: "!has(self.hostNetwork) || !self.hostNetwork || !has(self.provider) || self.provider == ''",
          message: "network.hostNetwork is the old form of provider: host; set one of the two",
        },
      ),
    )
    .describe("How daemons are reached.")
    .nullable()
    .optional(),
} as const;
