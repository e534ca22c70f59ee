import { z } from "zod";
import { placement, probeSettings, resources } from "../../schema/ceph-cluster/common.ts";
import { flag, text, textMap, texts } from "../../schema/ceph-cluster/fields.ts";
import { childStatusFields } from "../../schema/conditions-schema.ts";
import { type CrdDefinition, column, messageColumn, readyColumn } from "../../schema/crd.ts";
import { keptStatusFields } from "../../schema/kept-status-schema.ts";
import { poolFields } from "../../schema/pool-schema.ts";

/** A pool with a name of its own. */
const namedPool = z.object({
  name: text("Its name, behind that of the file system; with preservePoolNames the whole of it."),
  ...poolFields,
});

const factor = (description: string) => z.number().min(0).max(1).describe(description).nullable().optional();

const metadataServer = z
  .object({
    activeCount: z.int().meta({ minimum: 1, maximum: 50, format: "int32" }).describe("How many MDSs share the work; each has a rank."),
    activeStandby: flag("One more MDS for each rank, which follows it and takes over in a moment."),
    cacheMemoryLimitFactor: factor("Which share of the memory limit the cache may have: 0.5 unless set."),
    cacheMemoryRequestFactor: factor("Which share of the memory request the cache may have where there is no limit: 0.8 unless set."),
    placement: placement.describe("Where MDSs may run.").nullable().optional(),
    resources: resources.describe("Requests and limits of each MDS.").nullable().optional(),
    annotations: textMap("Of the MDSs' Pods."),
    labels: textMap("Of the MDSs' Pods."),
    priorityClassName: text("Priority class of the MDSs' Pods."),
    livenessProbe: probeSettings.describe("When an MDS is started again.").nullable().optional(),
    startupProbe: probeSettings.describe("How long an MDS may take to start.").nullable().optional(),
  })
  .describe("The MDSs.");

const schedule = z.object({
  path: text("Of which folder."),
  interval: text("How often: `24h`."),
  startTime: text("From when on."),
});

const mirroring = z
  .object({
    enabled: flag("Mirror the file system to another cluster."),
    peers: z
      .object({ secretNames: texts("Secrets with the peers' tokens.") })
      .describe("The other clusters.")
      .nullable()
      .optional(),
    snapshotSchedules: z.array(schedule).describe("When snapshots are taken.").optional(),
    snapshotRetention: z
      .array(z.object({ path: text("Of which folder."), duration: text("How many are kept for how long: `h 24`.") }))
      .describe("For how long snapshots are kept.")
      .optional(),
  })
  .describe("Mirroring to another cluster.")
  .nullable()
  .optional();

/** What a CephFilesystem may ask for, in Rook's words. */
export const filesystemSpec = z
  .object({
    metadataPool: namedPool.describe("The pool of what is not in files: replicated, and on the fastest devices.").nullable(),
    dataPools: z
      .array(namedPool)
      .describe("Pools of files; the first is used unless a folder names another. Added to, never taken from.")
      .nullable(),
    metadataServer,
    preservePoolNames: flag("Pools are named as they say, without the file system's name."),
    preserveFilesystemOnDelete: flag("Deleting the CephFilesystem ends its MDSs only; the file system stays in Ceph."),
    preservePoolsOnDelete: flag("Deleting the CephFilesystem leaves its pools; Ceph makes no new file system on them."),
    mirroring,
    statusCheck: z
      .object({
        mirror: z
          .object({ disabled: flag("Do not look."), interval: text("How often to look."), timeout: text("Known for compatibility.") })
          .describe("How mirroring goes.")
          .nullable()
          .optional(),
      })
      .describe("What is looked at from time to time.")
      .optional(),
  })
  .describe("What the file system is to be.");

/** What the operator says of a CephFilesystem; written by it alone. */
export const filesystemStatus = z
  .object({
    ...childStatusFields,
    cephx: keptStatusFields.cephx,
    mirroringStatus: keptStatusFields.mirroringStatus,
    snapshotScheduleStatus: keptStatusFields.snapshotScheduleStatus,
    info: z
      .record(z.string(), z.string())
      .describe("Which MDSs serve (`active`, by rank) and stand by (`standby`), and the id of the file system (`id`).")
      .nullable()
      .optional(),
  })
  .describe("What the operator found and did; written by it alone.");

/** CephFilesystem, as its CustomResourceDefinition tells it. */
export const filesystemCrd: Readonly<CrdDefinition> = {
  kind: "CephFilesystem",
  plural: "cephfilesystems",
  shortNames: ["cephfs"],
  description: "A file system: CephFS with its pools and its MDSs.",
  columns: [
    column("ActiveMDS", "string", ".spec.metadataServer.activeCount"),
    column("Age", "date", ".metadata.creationTimestamp"),
    column("Phase", "string", ".status.phase"),
    readyColumn,
    messageColumn,
  ],
  spec: filesystemSpec,
  status: filesystemStatus,
};
