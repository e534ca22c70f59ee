import { z } from "zod";
import { flag, oneOf, rules, text, textLike, texts, whole } from "./ceph-cluster/fields.ts";

const classOf = (which: string) => z.string().min(1).describe(`The device class of the ${which} copies.`);

const replicated = z
  .object({
    size: z.int().meta({ minimum: 0 }).describe("How many copies of each object; 1 is one that nothing saves."),
    requireSafeReplicaSize: flag("True: a size of 1 is refused."),
    targetSizeRatio: z
      .number()
      .min(0)
      .describe("Which share of the cluster the pool is expected to fill; the number of PGs follows.")
      .optional(),
    replicasPerFailureDomain: whole("How many of the copies are in one failure domain.", { minimum: 1 }),
    subFailureDomain: text("What the copies within one failure domain are spread over."),
    hybridStorage: z
      .object({ primaryDeviceClass: classOf("first"), secondaryDeviceClass: classOf("other") })
      .describe("The first copy on another class of device than the others.")
      .nullable()
      .optional(),
  })
  .describe("Keeps whole copies.")
  .optional();

const erasureCoded = z
  .object({
    dataChunks: z.int().meta({ minimum: 0 }).describe("Into how many chunks an object is split."),
    codingChunks: z.int().meta({ minimum: 0 }).describe("How many chunks are added, any of which may be lost."),
    algorithm: oneOf(["isa", "jerasure"], "The plugin of the code; Ceph's default where it is not set."),
    stripeUnit: oneOf(["4Ki", "16Ki", "64Ki", "256Ki", "1Mi"], "How much of an object is in a chunk at a time."),
    crushNumFailureDomains: whole("Over how many failure domains the chunks are spread.", { minimum: 1, format: "int32" }),
    crushOSDsPerFailureDomain: whole("How many chunks are in one failure domain.", { minimum: 1, format: "int32" }),
  })
  .meta(
    rules({
      rule: "has(self.crushNumFailureDomains) == has(self.crushOSDsPerFailureDomain)",
      message: "crushNumFailureDomains and crushOSDsPerFailureDomain must be specified together",
    }),
  )
  .describe("Keeps chunks, which takes less room than copies.")
  .optional();

const schedule = z.object({
  path: text("Of which images; of all unless set."),
  interval: text("How often: `24h`."),
  startTime: text("From when on."),
});

const mirroring = z
  .object({
    enabled: flag("Mirror the pool to another cluster."),
    mode: oneOf(["pool", "image", "init-only"], "What is mirrored."),
    peers: z
      .object({ secretNames: texts("Secrets with the peers' tokens.") })
      .describe("The other clusters.")
      .nullable()
      .optional(),
    snapshotSchedules: z.array(schedule).describe("When snapshots are taken to mirror by.").optional(),
  })
  .describe("Mirroring to another cluster.")
  .optional();

const statusCheck = z
  .object({
    mirror: z
      .object({ disabled: flag("Do not look."), interval: text("How often to look."), timeout: text("Known for compatibility.") })
      .describe("How mirroring goes.")
      .nullable()
      .optional(),
  })
  .describe("What is looked at from time to time.")
  .nullable()
  .optional();

const quotas = z
  .object({
    maxBytes: whole("How many bytes it may hold; 0: no limit. maxSize wins.", { minimum: 0, format: "int64" }),
    maxSize: textLike("^[0-9]+[\\.]?[0-9]*([KMGTPE]i|[kMGTPE])?$", "How much it may hold: `10Gi`; 0: no limit."),
    maxObjects: whole("How many objects it may hold; 0: no limit.", { minimum: 0, format: "int64" }),
  })
  .describe("What it may hold at most. A limit that is not named stays as it is in Ceph.")
  .nullable()
  .optional();

/** The fields of a pool in Rook's words, as CephBlockPool, CephFilesystem and CephObjectStore have them. */
export const poolFields = {
  failureDomain: text("What copies or chunks are spread over: host unless set; osd, rack, zone …"),
  crushRoot: z.string().describe("The CRUSH root it is in; the CephCluster's unless set.").nullable().optional(),
  deviceClass: z.string().describe("The class of device it is on: hdd, ssd, nvme; any unless set.").nullable().optional(),
  enableCrushUpdates: z
    .boolean()
    .describe("Give an existing pool a new CRUSH rule where failureDomain or deviceClass changes; its data move.")
    .nullable()
    .optional(),
  replicated,
  erasureCoded,
  compressionMode: z
    .enum(["none", "passive", "aggressive", "force", ""])
    .describe("Given up in favour of the parameter compression_mode.")
    .nullable()
    .optional(),
  parameters: z
    .record(z.string(), z.string())
    .describe("Settings as `ceph osd pool set` takes them, by name. One that is taken away here stays as it is in Ceph.")
    .nullable()
    .optional(),
  quotas,
  application: text("What it is for: rbd, cephfs, rgw …"),
  enableRBDStats: flag("Have Prometheus collect numbers of its images."),
  mirroring,
  statusCheck,
} as const;

/** One pool, as the spec of another kind names it. */
export const poolSpec = z.object(poolFields);
