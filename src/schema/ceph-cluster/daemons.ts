import { z } from "zod";
import { claimTemplate, quantity } from "./common.ts";
import { flag, oneOf, port, rules, text, textLike, texts, whole } from "./fields.ts";

const zone = z.object({
  arbiter: flag("The zone of the mon that breaks ties and has no OSDs."),
  name: text("The zone: a value of failureDomainLabel."),
  volumeClaimTemplate: claimTemplate.describe("Volume claim of the mons of this zone.").optional(),
});

// the bound keeps the rules on the list cheap for the API server; there are no more mons than that
const zones = z.array(zone).meta({ maxItems: 9 });

const monRules = rules(
  {
    rule: "!has(self.zones) || size(self.zones) <= (has(self.count) && self.count > 0 ? self.count : 3)",
    message: "mon.zones has more zones than mon.count has mons",
  },
  {
    rule: "!has(self.stretchCluster) || (has(self.stretchCluster.zones) && size(self.stretchCluster.zones) == 3)",
    message: "mon.stretchCluster needs exactly three zones",
  },
);

/** The daemons of the cluster, except OSDs. */
export const daemonsFields = {
  mon: z
    .object({
      allowMultiplePerNode: flag("Let several mons run on one node. Not for production: one node then holds the quorum."),
      count: whole("How many mons: 3 unless set, 5 where two may fail at once. Odd, since an even one adds no safety.", {
        minimum: 0,
        maximum: 9,
      }),
      externalMonIDs: texts("Ids of mons of this quorum that something else runs."),
      failureDomainLabel: text("Node label of zones; topology.kubernetes.io/zone unless set."),
      floatingMon: z
        .object({
          configmapName: z.string().min(1).max(253).describe("ConfigMap with what the mon's volume needs."),
          name: z
            .string()
            .min(1)
            .max(1)
            .regex(/^[a-z]$/)
            .describe("The mon's letter."),
        })
        .describe("One mon that moves between two nodes with its replicated volume.")
        .optional(),
      stretchCluster: z
        .object({
          failureDomainLabel: text("Node label of zones; topology.kubernetes.io/zone unless set."),
          subFailureDomain: text("What replicas within a zone spread over; host unless set."),
          zones: zones.describe("Exactly three, one of them the arbiter.").nullable().optional(),
        })
        .describe("A cluster over two sites, with a third for a mon that breaks ties.")
        .optional(),
      volumeClaimTemplate: claimTemplate.describe("Volume claim of each mon's data, in place of dataDirHostPath.").optional(),
      zones: zones.describe("Zones that mons spread over.").optional(),
    })
    .meta(monRules)
    .describe("The mons: they hold the maps of the cluster, and a majority of them must run.")
    .nullable()
    .optional(),
  mgr: z
    .object({
      allowMultiplePerNode: flag("Let several mgrs run on one node."),
      count: whole("How many mgrs: 1 unless set; with 2, one stands by.", { minimum: 0, maximum: 5 }),
      hostNetwork: flag("Mgrs use their nodes' network, whatever network says."),
      modules: z
        .array(
          z.object({
            enabled: flag("True: the module is on; false: off."),
            name: text("The module. Those with settings of their own here (dashboard, prometheus) are refused."),
            settings: z
              .object({
                balancerMode: oneOf(["", "crush-compat", "upmap", "read", "upmap-read"], "How the module balancer moves data."),
              })
              .describe("Settings of the module.")
              .optional(),
          }),
        )
        .describe("Modules to switch on or off.")
        .nullable()
        .optional(),
    })
    .describe("The mgrs: metrics, dashboard, and other services around the cluster.")
    .nullable()
    .optional(),
  crashCollector: z
    .object({
      daysToRetain: whole("Days after which crash reports are deleted; they are kept unless set."),
      disable: flag("True: nothing posts crash reports to Ceph."),
    })
    .describe("Crash reports of the daemons.")
    .nullable()
    .optional(),
  logCollector: z
    .object({
      enabled: flag("Daemons also log to files in dataDirHostPath, which are rotated."),
      maxLogSize: quantity.describe("Size at which a log file is rotated; 500M unless set.").optional(),
      periodicity: textLike("^$|^(hourly|daily|weekly|monthly|1h|24h|1d)$", "How often log files are rotated."),
    })
    .describe("Log files of the daemons.")
    .nullable()
    .optional(),
  dashboard: z
    .object({
      enabled: flag("Run the dashboard, with a Service and the Secret rook-ceph-dashboard-password of its user admin."),
      port: port("Its port; unless set 8443 with ssl, else 7000."),
      prometheusEndpoint: text("Address of the Prometheus that the dashboard shows graphs from."),
      prometheusEndpointSSLVerify: flag("Verify the certificate of that Prometheus."),
      ssl: flag("Serve it with TLS; without a certificate of yours it makes one."),
      urlPrefix: text("Path that it is served below."),
    })
    .describe("Ceph's dashboard.")
    .nullable()
    .optional(),
} as const;
