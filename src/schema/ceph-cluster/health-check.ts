import { z } from "zod";
import { probeSettings } from "./common.ts";
import { flag, rules, text } from "./fields.ts";

const check = (what: string, interval: string, timeout: string) =>
  z
    .object({
      disabled: flag("True: not checked."),
      interval: text(interval),
      timeout: text(timeout),
    })
    .describe(what)
    .nullable()
    .optional();

const probes = (description: string) => z.record(z.string(), probeSettings).describe(description).optional();

/** What is checked, and how often. */
export const healthCheckFields = {
  healthCheck: z
    .object({
      daemonHealth: z
        .object({
          mon: check(
            "The mons.",
            "How much longer a mon may be out of quorum while its node is cordoned; 45s unless set.",
            "How long a mon may be out of quorum before another takes its place; 10m unless set, 0: never.",
          ),
          osd: check("The OSDs.", "Without effect; known for compatibility.", "Without effect; known for compatibility."),
          status: check(
            "What Ceph says of itself.",
            "How often the operator asks Ceph for its status where nothing changes; 60s unless set. Until all is Ready it asks every 10 s at least.",
            "Without effect; known for compatibility.",
          ),
        })
        .describe("What the operator looks at by itself.")
        .nullable()
        .optional(),
      livenessProbe: probes("Liveness probes by kind of daemon: mon, mgr, osd."),
      muteHealthWarning: z
        .record(
          z.string(),
          z.object({
            policy: z.enum(["mute", "unmute"]).describe("mute: the warning no longer counts; unmute: it counts again."),
          }),
        )
        .meta({
          ...rules({
            rule: "self.all(k, k.matches('^[A-Z]+(_[A-Z]+)+$'))",
            message: "each key must be the code of a Ceph health check, such as OSD_NEARFULL",
          }),
          maxProperties: 256,
        })
        .describe("Ceph's health warnings, by code, that are not to count.")
        .optional(),
      startupProbe: probes("Startup probes by kind of daemon: mon, mgr, osd."),
    })
    .describe("How health is checked.")
    .nullable()
    .optional(),
} as const;
