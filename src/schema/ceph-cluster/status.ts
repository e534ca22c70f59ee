import { z } from "zod";
import { conditions } from "../conditions-schema.ts";
import { text } from "./fields.ts";

const healthMessage = z.object({
  severity: z.string().describe("HEALTH_WARN or HEALTH_ERR."),
  message: z.string().describe("Ceph's summary."),
});

const bytes = (description: string) => z.int().meta({ format: "int64" }).describe(description).optional();

const counts = z.record(z.string(), z.int());

const keys = (description: string) =>
  z
    .object({
      keyGeneration: z.int().meta({ format: "int64" }).describe("Generation of the keys in use.").optional(),
      keyCephVersion: text("The Ceph that made them."),
      keyType: text("Their type."),
      priorKeyCount: z.int().describe("How many older generations are still valid.").optional(),
    })
    .describe(description)
    .optional();

/** What the operator says of a cluster; written by it alone. */
export const clusterStatus = z
  .object({
    phase: text("Progressing, Ready or Deleting; one word for what the conditions say."),
    state: text("Creating, Created, Error or Deleting; older than the conditions, and for those who read it."),
    message: text("What the operator waits for, or that everything is as the spec asks."),
    observedGeneration: z.int().meta({ format: "int64" }).describe("The generation of the spec that this status is about.").optional(),
    conditions,
    ceph: z
      .object({
        health: text("HEALTH_OK, HEALTH_WARN or HEALTH_ERR."),
        details: z.record(z.string(), healthMessage).describe("What lowers the health, by code.").optional(),
        fsid: text("Ceph's own name of the cluster."),
        lastChecked: text("When Ceph was last asked."),
        lastChanged: text("When health last changed."),
        previousHealth: text("Health before that."),
        capacity: z
          .object({
            bytesTotal: bytes("Of all OSDs, in bytes."),
            bytesUsed: bytes("Used, replicas included, in bytes."),
            bytesAvailable: bytes("Free, in bytes."),
            lastUpdated: text("When this was found."),
          })
          .describe("Room for data.")
          .optional(),
        versions: z.record(z.string(), counts).describe("By kind of daemon and version, how many run.").optional(),
      })
      .describe("What Ceph says of itself.")
      .optional(),
    cephx: z
      .object({
        admin: keys("The admin's."),
        mon: keys("The mons'."),
        mgr: keys("The mgrs'."),
        osd: keys("The OSDs'."),
        csi: keys("The CSI drivers'."),
        rbdMirrorPeer: keys("For mirroring block images."),
        crashCollector: keys("The crash collectors'."),
        cephExporter: keys("The exporters'."),
      })
      .describe("Keys in use, by their users.")
      .optional(),
    storage: z
      .object({
        deviceClasses: z
          .array(z.object({ name: z.string().describe("The class, such as ssd.") }))
          .describe("Classes of the OSDs' devices.")
          .optional(),
        deprecatedOSDs: z.record(z.string(), z.array(z.int())).describe("OSDs that should be made anew, by reason.").optional(),
        osd: z
          .object({
            storeType: counts.describe("How many OSDs there are of each kind of store.").optional(),
            migrationStatus: z
              .object({ pending: z.int().describe("How many OSDs wait to be made anew.").optional() })
              .describe("How far it is to make OSDs anew.")
              .optional(),
          })
          .describe("The OSDs.")
          .optional(),
      })
      .describe("OSDs and their devices.")
      .optional(),
    version: z
      .object({ image: text("The image."), version: text("Ceph's version in it, such as 20.2.4-0.") })
      .describe("The Ceph that runs.")
      .optional(),
  })
  .describe("What the operator found and did; written by it alone.");
